package match

import (
	"encoding/binary"
	"math"
	"slices"

	"github.com/songferry/songferry/playlists"
)

// head is what the search looks at first of a song. What does not fit is cut: the record has the rest.
type head struct {
	at             uint32 // place of the record
	credit, album  uint32
	length, number uint16
}

func newHead(t *playlists.Track, credit, album uint32) head {
	cut := func(n int) uint16 { return uint16(min(max(n, 0), math.MaxUint16)) }
	return head{credit: credit, album: album, length: cut(t.Duration), number: cut(t.Number)}
}

// A record is the rest: the numbers of the title's words, and the song but for its credit and album, which are kept once for
// all songs that have them, and for what its head holds. mbid is the recording id in lower case.
func appendRecord(out []byte, s *Song, h head, mbid string, words []uint32) []byte {
	out = binary.AppendUvarint(out, uint64(len(words)))
	for _, w := range words {
		out = binary.AppendUvarint(out, uint64(w))
	}
	out = appendIDs(out, mbid, s.ID)
	out = binary.AppendUvarint(out, uint64(len(s.ISRC)))
	for _, code := range s.ISRC {
		out = appendText(out, code)
	}
	out = appendText(out, s.Title)
	for _, n := range [...]int{s.Duration - int(h.length), s.Number - int(h.number), s.Disc, s.Year} {
		out = binary.AppendVarint(out, int64(n))
	}
	return out
}

// skipWords reads the words of the title off a record.
func (f *fields) skipWords() {
	for range f.count() {
		f.count()
	}
}

func (f *fields) isrcs() []string {
	n := f.count()
	if n == 0 {
		return nil
	}
	codes := make([]string, n)
	for i := range codes {
		codes[i] = f.text()
	}
	return codes
}

// readSong reads a record and its head.
func readSong(f fields, h head) (s Song) {
	f.skipWords()
	s.MBID, s.ID = f.ids()
	s.ISRC, s.Title = f.isrcs(), f.text()
	s.Duration, s.Number, s.Disc, s.Year = int(f.number()), int(f.number()), int(f.number()), int(f.number())
	s.Duration, s.Number = s.Duration+int(h.length), s.Number+int(h.number)
	return s
}

// appendCredit writes who made a track, for a catalog.
func appendCredit(out []byte, t *playlists.Track) []byte {
	out = appendText(out, t.Artist)
	for _, a := range t.Artists {
		out = appendText(appendText(out, a.Name), a.MBID)
	}
	return appendText(out, "")
}

// readCredit reads what appendCredit wrote. An artist without a name ends the list.
func readCredit(f fields, t *playlists.Track) {
	t.Artist = f.text()
	for name := f.text(); name != ""; name = f.text() {
		t.Artists = append(t.Artists, playlists.Artist{Name: name, MBID: f.text()})
	}
}

// appendAlbum writes what a track is on, for a catalog.
func appendAlbum(out []byte, t *playlists.Track) []byte {
	return appendText(appendText(appendText(out, t.Album), t.AlbumBy), t.AlbumID)
}

func readAlbum(f fields, t *playlists.Track) {
	t.Album, t.AlbumBy, t.AlbumID = f.text(), f.text(), f.text()
}

// named drops artists without a name, which nothing can be compared with.
func named(artists []playlists.Artist) []playlists.Artist {
	if !slices.ContainsFunc(artists, func(a playlists.Artist) bool { return a.Name == "" }) {
		return artists
	}
	return slices.DeleteFunc(slices.Clone(artists), func(a playlists.Artist) bool { return a.Name == "" })
}
