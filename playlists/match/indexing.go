package match

import (
	"math"
)

// Index returns the index. The Builder must not be used afterwards.
func (b *Builder) Index() *Index {
	ix := b.ix
	ix.text.seal()
	b.numbers, b.reader = nil, nil
	b.arrivals = b.sort()
	b.indexKeys()
	b.indexIDs()
	ix.artists, b.artists = newArtistSet(b.artists), nil
	ix.credits = b.credits.seal(ix.songs, func(h *head) uint32 { return h.credit }, len(b.wordEnd))
	ix.albums = b.albums.seal(ix.songs, func(h *head) uint32 { return h.album }, len(b.wordEnd))
	for song, a := range b.arrivals {
		if b.nameless[a] && len(ix.nameless) < maxNameless {
			ix.nameless = append(ix.nameless, uint32(song))
		}
	}
	b.indexWords()
	return ix
}

// indexKeys makes the table of keys.
func (b *Builder) indexKeys() {
	b.ix.keys = newTable(len(b.keys), func(count func(uint64)) {
		for _, hash := range b.keys {
			count(hash)
		}
	}, func(put func(uint64, uint32)) {
		for song, a := range b.arrivals {
			for _, hash := range b.keysOf(a) {
				put(hash, uint32(song))
			}
		}
	})
	b.keys, b.keysEnd = nil, nil
}

func (b *Builder) keysOf(arrival uint32) []uint64 {
	from := uint32(0)
	if arrival > 0 {
		from = b.keysEnd[arrival-1]
	}
	return b.keys[from:b.keysEnd[arrival]]
}

// indexIDs makes the tables of recording ids and ISRCs.
func (b *Builder) indexIDs() {
	ix := b.ix
	ix.recordings = newTable(b.recordings, func(count func(uint64)) {
		for _, hash := range b.ids {
			if hash != 0 {
				count(hash)
			}
		}
	}, func(put func(uint64, uint32)) {
		for song, a := range b.arrivals {
			if b.ids[a] != 0 {
				put(b.ids[a], uint32(song))
			}
		}
	})
	b.ids = nil
	if b.codes > 0 {
		each := func(put func(uint64, uint32)) {
			for n := range ix.songs {
				for _, code := range readSong(ix.record(uint32(n))).ISRC {
					put(ix.hash(plainISRC(code)), uint32(n))
				}
			}
		}
		ix.codes = newTable(b.codes, hashesOf(each), each)
	}
}

// indexWords makes the lists of songs by word, and the words' weights and slips.
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
	each := func(put func(uint64, uint32)) {
		b.eachWord(func(n uint32, w string) { put(ix.hash(w), n) })
	}
	ix.vocabulary = newTable(len(b.wordEnd), hashesOf(each), each)
	slips, count := func(put func(uint64, uint32)) {
		b.eachWord(func(n uint32, w string) {
			ix.eachSlip(w, func(hash uint64) { put(hash, n) })
		})
	}, 0
	slips(func(uint64, uint32) { count++ })
	ix.slips = newTable(count, hashesOf(slips), slips)
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

func (b *Builder) eachWord(fn func(n uint32, w string)) {
	from, all := uint32(0), string(b.words)
	for n, end := range b.wordEnd {
		fn(uint32(n), all[from:end])
		from = end
	}
}

// hashesOf drops the values.
func hashesOf(each func(func(uint64, uint32))) func(func(uint64)) {
	return func(count func(uint64)) { each(func(hash uint64, _ uint32) { count(hash) }) }
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
