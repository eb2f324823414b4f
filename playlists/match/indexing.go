package match

import (
	"math"
	"slices"
)

// Index returns the index. The Builder must not be used afterwards.
func (b *Builder) Index() *Index {
	ix := b.ix
	ix.text.seal()
	b.numbers, b.reader = numbering{}, nil
	numbers := b.sort()
	for _, d := range []*tableDraft{&b.keys, &b.recordings, &b.codes} {
		for h := range d.all() {
			h.value = numbers[h.value]
		}
	}
	ix.keys, ix.recordings, ix.codes = b.keys.seal(), b.recordings.seal(), b.codes.seal()
	for i, arrival := range b.nameless {
		b.nameless[i] = numbers[arrival]
	}
	slices.Sort(b.nameless)
	ix.nameless = slices.Clone(b.nameless[:min(len(b.nameless), maxNameless)])
	ix.artists, b.artists = newArtistSet(b.artists), nil
	ix.credits = b.credits.seal(ix.songs, func(h *head) uint32 { return h.credit }, len(b.wordEnd))
	ix.albums = b.albums.seal(ix.songs, func(h *head) uint32 { return h.album }, len(b.wordEnd))
	b.indexWords()
	return ix
}

// indexWords makes the lists of songs by word, the words' weights, and the vocabulary.
func (b *Builder) indexWords() {
	ix := b.ix
	ranks := ranking{of: make([]uint32, len(b.wordEnd))}
	ix.byTitle = newLists(b.inTitles, func(put func(word, song uint32)) {
		for n := range ix.songs {
			f := ix.record(uint32(n))
			for range f.number() {
				word := uint32(f.number())
				put(word, uint32(n))
				ranks.meet(word)
			}
		}
	})
	ranks.meetAll(&ix.credits)
	ranks.meetAll(&ix.albums)
	ix.ranks = ranks.of
	ix.weights = make([]float32, len(b.wordEnd))
	for n := range ix.weights {
		ix.weights[n] = ix.weight(ix.songsWith(uint32(n)))
	}
	ix.unknown = ix.weight(0)
	ix.vocabulary = b.vocabulary()
}

// vocabulary makes the table of words and their slips.
func (b *Builder) vocabulary() table {
	var all tableDraft
	from, text := uint32(0), string(b.words)
	for n, end := range b.wordEnd {
		w := text[from:end]
		from = end
		all.add(hashed{b.ix.hash(w), uint32(n) | entire})
		b.ix.eachSlip(w, func(hash uint64) { all.add(hashed{hash, uint32(n)}) })
	}
	return all.seal()
}

// ranking numbers words in the order in which they are met.
type ranking struct {
	of  []uint32
	met uint32
}

func (r *ranking) meet(word uint32) {
	if r.of[word] == 0 {
		r.met++
		r.of[word] = r.met
	}
}

// meetAll meets the words of a catalog, those of each entry with the first of its songs.
func (r *ranking) meetAll(c *catalog) {
	for _, entry := range c.order {
		for _, w := range c.words.of(entry) {
			r.meet(w)
		}
	}
}

// songsWith returns how often songs have a word, in their title, credit or album's name.
func (ix *Index) songsWith(word uint32) int {
	n := len(ix.byTitle.of(word))
	for _, c := range []*catalog{&ix.credits, &ix.albums} {
		for _, entry := range c.byWord.of(word) {
			n += len(c.songs.of(entry))
		}
	}
	return n
}

// weight of a word that so many songs have.
func (ix *Index) weight(songs int) float32 {
	return float32(0.5 + math.Log2(1+float64(ix.Len())/float64(1+songs)))
}
