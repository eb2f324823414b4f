package match

import (
	"cmp"
	"hash/maphash"
	"math"
	"slices"
)

// Builder makes an Index of songs that come one after the other, and keeps none of them.
type Builder struct {
	ix      *Index
	reader  *reader
	credits catalogDraft
	albums  catalogDraft
	numbers map[uint64]uint32 // of words, by their hashes
	words   []byte            // one after the other
	wordEnd []uint32          // number → end of the word
	keys    []uint64          // hashes of keys, song by song in the order of arrival
	keysEnd []uint32          // song, in the order of arrival → end of its keys
	artists []uint64          // hashes of the keys of all artists
	ids     []uint64          // song, in the order of arrival → hash of its recording id, 0 for none

	recordings int      // recording ids
	codes      int      // ISRCs
	inTitles   []uint32 // word → songs with it in their title
	arrivals   []uint32 // song → when it arrived

	nameless []bool // songs in the order of arrival

	// Memory that every song uses again.
	row    row
	buf    []uint32
	record []byte
}

// NewBuilder returns a Builder of an empty library.
func NewBuilder() *Builder {
	return &Builder{
		ix: &Index{seed: maphash.MakeSeed()}, reader: newReader(), numbers: make(map[uint64]uint32),

		credits: catalogDraft{numbers: make(map[uint64]uint32)}, albums: catalogDraft{numbers: make(map[uint64]uint32)},
	}
}

// Add adds a song. It may change afterwards.
func (b *Builder) Add(s *Song) {
	t := s.Track
	t.Artists = named(t.Artists)
	b.reader.read(&t, &b.row)
	r := &b.row.readings[0]
	b.record = appendCredit(b.record[:0], &t)
	credit, fresh := b.credits.number(b.record, b.hash())
	if fresh {
		b.buf = b.buf[:0]
		by := b.reader.credit(&t) // without the guests in this one's title
		for i := range by.names {
			b.number(by.names[i].words)
			b.artists = append(b.artists, b.ix.hash(by.names[i].key))
		}
		b.credits.setWords(b.buf)
	}
	b.record = appendAlbum(b.record[:0], &t)
	album, fresh := b.albums.number(b.record, b.hash())
	if fresh {
		b.buf = b.buf[:0]
		b.number(r.album.words)
		b.albums.setWords(b.buf)
	}
	b.buf = b.buf[:0]
	b.number(b.row.titleWords())
	for _, w := range b.buf {
		b.inTitles[w]++
	}
	b.record = appendRecord(b.record[:0], s, b.buf)
	b.ix.songs = append(b.ix.songs, newHead(&t, credit, album, b.ix.text.add(b.record)))
	b.nameless = append(b.nameless, b.row.nameless())
	b.addKeys()
	b.codes += len(s.ISRC)
	b.ids = append(b.ids, b.ix.idHash(s.MBID))
	if s.MBID != "" {
		b.recordings++
	}
}

func (b *Builder) hash() uint64 { return maphash.Bytes(b.ix.seed, b.record) }

// number appends the numbers of words that b.buf does not have yet.
func (b *Builder) number(ws []string) {
	for _, w := range ws {
		hash := b.ix.hash(w)
		n, ok := b.numbers[hash]
		if !ok {
			n = uint32(len(b.wordEnd))
			b.numbers[hash] = n
			b.words = append(b.words, w...)
			b.wordEnd, b.inTitles = append(b.wordEnd, uint32(len(b.words))), append(b.inTitles, 0)
		}
		if !slices.Contains(b.buf, n) {
			b.buf = append(b.buf, n)
		}
	}
}

func (b *Builder) addKeys() {
	for i := range b.row.readings {
		r := &b.row.readings[i]
		for j := range r.by.names {
			if !r.guessed || r.title.key != "" {
				b.keys = append(b.keys, b.ix.keyHash(r.by.names[j].key, r.title.key))
			}
		}
	}
	b.keysEnd = append(b.keysEnd, uint32(len(b.keys)))
}

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

// sort puts the songs in the order of their ids, so that the same library gives the same answers however the server lists
// it. It returns when each of them arrived.
func (b *Builder) sort() []uint32 {
	ix := b.ix
	type place struct {
		prefix  uint64 // of the id, after what all ids begin with
		arrival uint32
	}
	places := make([]place, len(ix.songs))
	common := ix.commonPrefix()
	for n, h := range ix.songs {
		places[n] = place{prefixOf(ix.id(h)[common:]), uint32(n)}
	}
	slices.SortFunc(places, func(x, y place) int {
		if x.prefix != y.prefix {
			return cmp.Compare(x.prefix, y.prefix)
		}
		return cmp.Or(cmp.Compare(ix.id(ix.songs[x.arrival]), ix.id(ix.songs[y.arrival])), cmp.Compare(x.arrival, y.arrival))
	})
	arrivals, songs := make([]uint32, len(places)), make([]head, len(places))
	for n, p := range places {
		arrivals[n], songs[n] = p.arrival, ix.songs[p.arrival]
	}
	ix.songs = songs
	return arrivals
}

// commonPrefix returns how many bytes all ids have in common at their beginning.
func (ix *Index) commonPrefix() int {
	if len(ix.songs) == 0 {
		return 0
	}
	first := ix.id(ix.songs[0])
	common := len(first)
	for _, h := range ix.songs {
		if common == 0 {
			return 0
		}
		id := ix.id(h)
		common = min(common, len(id))
		for common > 0 && id[:common] != first[:common] {
			common--
		}
	}
	return common
}

// prefixOf returns the first eight bytes of s as a number that sorts as they do.
func prefixOf(s string) (p uint64) {
	for i := range 8 {
		p <<= 8
		if i < len(s) {
			p |= uint64(s[i])
		}
	}
	return p
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
	ix.byTitle = newLists(b.inTitles, func(put func(word, song uint32)) {
		for n := range ix.songs {
			f := ix.record(uint32(n))
			for range f.number() {
				put(uint32(f.number()), uint32(n))
			}
		}
	})
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
