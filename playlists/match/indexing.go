package match

import (
	"math"
	"slices"
)

// Index returns the index. The Builder must not be used afterwards.
func (b *Builder) Index() *Index {
	ix := b.ix
	ix.text.seal()
	uses := b.numbers.uses()
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
	var credits, albums []uint32
	ix.credits, credits = b.credits.seal(ix.songs, func(h *head) uint32 { return h.credit })
	ix.albums, albums = b.albums.seal(ix.songs, func(h *head) uint32 { return h.album })
	b.indexWords(credits, albums, uses)
	return ix
}

// indexWords makes the lists by word, the words' ranks and weights, and the vocabulary. uses are how many titles have each word.
func (b *Builder) indexWords(credits, albums, uses []uint32) {
	ix := b.ix
	ix.credits.first = uint32(ix.Len())
	ix.albums.first = ix.credits.first + uint32(len(credits))
	for _, c := range []*catalog{&ix.credits, &ix.albums} {
		for _, w := range c.words.items {
			uses[w]++
		}
	}
	ranks := ranking{of: make([]uint32, len(b.wordEnd))}
	ix.byWord = newLists(uses, func(put func(word, item uint32)) {
		b.eachUse(credits, albums, func(word, item uint32) {
			put(word, item)
			ranks.meet(word)
		})
	})
	ix.ranks = ranks.of
	ix.weights = make([]float32, len(b.wordEnd))
	for n := range ix.weights {
		ix.weights[n] = ix.weight(ix.songsWith(uint32(n)))
	}
	ix.unknown = ix.weight(0)
	ix.vocabulary = b.vocabulary()
}

// eachUse calls fn with every word of every title, then of the credits and the albums, each in their order.
func (b *Builder) eachUse(credits, albums []uint32, fn func(word, item uint32)) {
	ix := b.ix
	type title struct {
		words fields
		count uint64
	}
	var titles [64]title // so many are begun at once, since memory can be waited for at several places at a time
	for first := 0; first < ix.Len(); first += len(titles) {
		some := titles[:min(len(titles), ix.Len()-first)]
		for i := range some {
			some[i].words = ix.record(uint32(first + i))
			some[i].count = some[i].words.count()
		}
		for i := range some {
			for range some[i].count {
				fn(uint32(some[i].words.count()), uint32(first+i))
			}
		}
	}
	for _, entry := range credits {
		for _, w := range ix.credits.words.of(entry) {
			fn(w, ix.credits.first+entry)
		}
	}
	for _, entry := range albums {
		for _, w := range ix.albums.words.of(entry) {
			fn(w, ix.albums.first+entry)
		}
	}
}

// vocabulary makes the table of words and their slips.
func (b *Builder) vocabulary() table {
	var all tableDraft
	from, text := uint32(0), string(b.words)
	for n, end := range b.wordEnd {
		w := text[from:end]
		from = end
		all.put(b.ix.hash(w), uint32(n)|entire)
		b.ix.eachSlip(w, func(hash uint64) { all.put(hash, uint32(n)) })
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

// songsWith returns how often songs have a word, in their title, credit or album's name.
func (ix *Index) songsWith(word uint32) int {
	n := len(ix.titled(word))
	for _, c := range []*catalog{&ix.credits, &ix.albums} {
		for _, item := range ix.entries(c, word) {
			n += len(c.songs.of(item - c.first))
		}
	}
	return n
}

// weight of a word that so many songs have.
func (ix *Index) weight(songs int) float32 {
	return float32(0.5 + math.Log2(1+float64(ix.Len())/float64(1+songs)))
}
