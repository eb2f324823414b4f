package match

import (
	"hash/maphash"
	"slices"
	"strings"

	"github.com/songferry/songferry/playlists"
)

// Builder makes an Index of songs that come one after the other, and keeps none of them.
type Builder struct {
	ix      *Index
	reader  *reader
	credits catalogDraft
	albums  catalogDraft
	numbers numbering // of words, by their hashes; used by the titles of songs
	words   []byte    // one after the other
	wordEnd []uint32  // number → end of the word
	artists []uint64  // hashes of the keys of all artists

	// Of songs, which go by their place in the order of arrival until all are there.
	heads                   pieces[head]
	keys, recordings, codes tableDraft
	nameless                []uint32
	order                   order
	credit, album           uint32 // of the newest: the next, as a rule, has the same

	// Memory that every song uses again.
	track  playlists.Track // of a song with artists that have no name
	row    row
	buf    []uint32
	record []byte
	hashes []uint64
}

// NewBuilder returns a Builder of an empty library.
func NewBuilder() *Builder {
	return &Builder{ix: &Index{seed: maphash.MakeSeed()}, reader: newReader()}
}

// Add adds a song. It may change afterwards.
func (b *Builder) Add(s *Song) {
	t := &s.Track
	if artists := named(t.Artists); len(artists) < len(t.Artists) {
		b.track = s.Track
		b.track.Artists = artists
		t = &b.track
	}
	b.reader.read(t, &b.row)
	if first := b.heads.len() == 0; first || !b.reader.sameCredit {
		b.credit = b.addCredit(t)
	}
	if first := b.heads.len() == 0; first || !b.reader.sameAlbum {
		b.album = b.addAlbum(t)
	}
	b.buf = b.buf[:0]
	b.number(b.row.titleWords(), 1)
	mbid := strings.ToLower(s.MBID)
	h := newHead(t, b.credit, b.album)
	b.record = appendRecord(b.record[:0], s, h, mbid, b.buf)
	h.at = b.ix.text.add(b.record)
	b.addKeys(mbid, s.ISRC, uint32(b.heads.len()))
	b.heads.add(h)
	b.order.add(s.ID)
}

// addCredit returns the number of a track's credit.
func (b *Builder) addCredit(t *playlists.Track) uint32 {
	b.record = appendCredit(b.record[:0], t)
	n, fresh := b.credits.number(b.record, b.hash())
	if fresh {
		b.buf = b.buf[:0]
		by := b.reader.credit(t) // without the guests in this one's title
		for i := range by.names {
			b.number(by.names[i].words, 0)
			b.artists = append(b.artists, b.ix.hash(by.names[i].key))
		}
		b.credits.setWords(b.buf)
	}
	return n
}

// addAlbum returns the number of a track's album.
func (b *Builder) addAlbum(t *playlists.Track) uint32 {
	b.record = appendAlbum(b.record[:0], t)
	n, fresh := b.albums.number(b.record, b.hash())
	if fresh {
		b.buf = b.buf[:0]
		b.number(b.row.readings[0].album.words, 0)
		b.albums.setWords(b.buf)
	}
	return n
}

func (b *Builder) hash() uint64 { return b.ix.hashBytes(b.record) }

// number appends the numbers of words that b.buf does not have yet, each of which is used so often by it.
func (b *Builder) number(ws []string, uses uint32) {
	b.hashes = b.hashes[:0] // all first, so that memory can be waited for at several places at a time
	for _, w := range ws {
		b.hashes = append(b.hashes, b.ix.hash(w))
	}
	for i, w := range ws {
		s, fresh := b.numbers.at(b.hashes[i])
		if fresh {
			b.words = append(b.words, w...)
			b.wordEnd = append(b.wordEnd, uint32(len(b.words)))
		}
		if n := s.next - 1; !slices.Contains(b.buf, n) {
			b.buf = append(b.buf, n)
			s.uses += uses
		}
	}
}

// addKeys notes what the song can be found by at once.
func (b *Builder) addKeys(mbid string, isrcs []string, song uint32) {
	for i := range b.row.readings {
		r := &b.row.readings[i]
		if r.guessed && r.title.key == "" {
			continue
		}
		for j := range r.by.names {
			b.keys.put(b.ix.keyHash(r.by.names[j].key, r.title.key), song)
		}
	}
	if mbid != "" {
		b.recordings.put(b.ix.hash(mbid), song)
	}
	for _, code := range isrcs {
		b.codes.put(b.ix.hash(plainISRC(code)), song)
	}
	if b.row.nameless() {
		b.nameless = append(b.nameless, song)
	}
}
