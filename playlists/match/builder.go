package match

import (
	"hash/maphash"
	"slices"

	"github.com/songferry/songferry/playlists"
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
	track  playlists.Track
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
	t := &b.track
	*t = s.Track
	t.Artists = named(t.Artists)
	b.reader.read(t, &b.row)
	r := &b.row.readings[0]
	b.record = appendCredit(b.record[:0], t)
	credit, fresh := b.credits.number(b.record, b.hash())
	if fresh {
		b.buf = b.buf[:0]
		by := b.reader.credit(t) // without the guests in this one's title
		for i := range by.names {
			b.number(by.names[i].words)
			b.artists = append(b.artists, b.ix.hash(by.names[i].key))
		}
		b.credits.setWords(b.buf)
	}
	b.record = appendAlbum(b.record[:0], t)
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
	b.ix.songs = append(b.ix.songs, newHead(t, credit, album, b.ix.text.add(b.record)))
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
