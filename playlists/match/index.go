package match

import (
	"cmp"
	"hash/maphash"
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// Index is a library, ready to be asked. It never changes and may be used by many goroutines. Beside the songs
// themselves it takes about 120 bytes for each.
type Index struct {
	songs []Song
	ids   []uint32 // places in songs, in the order of the songs' ids; a place in ids is what names a song in here

	seed       maphash.Seed
	recordings table // recording id → songs
	codes      table // ISRC → songs
	keys       table // artist and title → songs
	artists    artistSet

	vocabulary table     // word → its number
	slips      table     // word with a letter missing → numbers of words
	weights    []float32 // per word: the rarer, the heavier
	unknown    float32   // weight of a word that the library does not have
	contents   lists     // song → words: of the title, the artists, the album
	titleLen   []uint8   // song → how many of its words are the title's
	postings   lists     // word → songs

	scratch pool
}

// NewIndex builds the index of a library. It keeps songs, which must not change afterwards.
func NewIndex(songs []Song) *Index {
	ix := &Index{songs: songs, seed: maphash.MakeSeed(), ids: make([]uint32, len(songs)), titleLen: make([]uint8, len(songs))}
	for i := range songs {
		ix.ids[i] = uint32(i)
	}
	// In the order of ids, so that the same library gives the same answers however the server lists it.
	slices.SortStableFunc(ix.ids, func(a, b uint32) int { return cmp.Compare(songs[a].ID, songs[b].ID) })
	b := builder{ix: ix, numbers: make(map[string]uint32)}
	for n := range ix.ids {
		b.add(uint32(n), ix.song(uint32(n)))
	}
	b.finish()
	return ix
}

// Len returns the number of songs.
func (ix *Index) Len() int { return len(ix.songs) }

// Song returns the song of an id.
func (ix *Index) Song(id string) (Song, bool) {
	i, ok := slices.BinarySearchFunc(ix.ids, id, func(n uint32, id string) int { return cmp.Compare(ix.songs[n].ID, id) })
	if !ok {
		return Song{}, false
	}
	return ix.songs[ix.ids[i]], true
}

func (ix *Index) song(n uint32) *Song { return &ix.songs[ix.ids[n]] }

// builder holds what is needed only while an index is made.
type builder struct {
	ix                      *Index
	numbers                 map[string]uint32 // of words
	recordings, codes, keys []entry
	artists                 []uint64 // hashes of their keys
	buf                     []uint32
}

func (b *builder) add(n uint32, s *Song) {
	if s.MBID != "" {
		b.recordings = append(b.recordings, entry{b.ix.hash(strings.ToLower(s.MBID)), n})
	}
	for _, code := range s.ISRC {
		b.codes = append(b.codes, entry{b.ix.hash(plainISRC(code)), n})
	}
	r := newRow(&s.Track)
	for i := range r.readings {
		for _, by := range r.readings[i].by.names {
			b.keys = append(b.keys, entry{b.ix.keyHash(by.key, r.readings[i].title.key), n})
			b.artists = append(b.artists, b.ix.hash(by.key))
		}
	}
	b.addWords(n, &r.readings[0])
}

func (b *builder) addWords(n uint32, r *reading) {
	b.buf = b.buf[:0]
	b.number(r.title.words)
	b.ix.titleLen[n] = uint8(min(len(b.buf), math.MaxUint8))
	for _, by := range r.by.names {
		b.number(by.words)
	}
	b.number(r.album.words)
	b.ix.contents.add(b.buf)
}

// number appends the numbers of words that the row does not have yet.
func (b *builder) number(ws []string) {
	for _, w := range ws {
		n, ok := b.numbers[w]
		if !ok {
			n = uint32(len(b.numbers))
			b.numbers[strings.Clone(w)] = n
		}
		if !slices.Contains(b.buf, n) {
			b.buf = append(b.buf, n)
		}
	}
}

func (b *builder) finish() {
	ix := b.ix
	ix.recordings, ix.codes, ix.keys = newTable(b.recordings), newTable(b.codes), newTable(b.keys)
	ix.artists = newArtistSet(b.artists)
	ix.postings = ix.contents.invert(len(b.numbers))
	ix.contents.items = slices.Clip(ix.contents.items)
	var vocabulary, slips []entry
	for w, n := range b.numbers {
		vocabulary = append(vocabulary, entry{ix.hash(w), n})
		ix.eachSlip(w, func(hash uint64) { slips = append(slips, entry{hash, n}) })
	}
	ix.vocabulary, ix.slips = newTable(vocabulary), newTable(slips)
	ix.weights = make([]float32, len(b.numbers))
	for n := range ix.weights {
		ix.weights[n] = ix.weight(len(ix.postings.of(uint32(n))))
	}
	ix.unknown = ix.weight(0)
}

// weight of a word that df songs have.
func (ix *Index) weight(df int) float32 {
	return float32(0.5 + math.Log2(1+float64(len(ix.songs))/float64(1+df)))
}

func (ix *Index) hash(s string) uint64 { return maphash.String(ix.seed, s) }

func (ix *Index) keyHash(artist, title string) uint64 {
	return ix.hash(artist)*31 ^ ix.hash(title)
}

func plainISRC(s string) string { return strings.ToUpper(strings.ReplaceAll(s, "-", "")) }

// Words shorter or longer than this are not looked up with slips.
const minSlip, maxSlip = 4, 24

// eachSlip calls fn with the hash of w without each of its letters. Two words that are one edit apart, or have two
// neighbours swapped, share one of these or one is the other's.
func (ix *Index) eachSlip(w string, fn func(hash uint64)) {
	if n := utf8.RuneCountInString(w); n < minSlip || n > maxSlip || isNumber(w) {
		return
	}
	var buf [maxSlip * utf8.UTFMax]byte
	for i, r := range w {
		rest := append(append(buf[:0], w[:i]...), w[i+utf8.RuneLen(r):]...)
		fn(maphash.Bytes(ix.seed, rest))
	}
}
