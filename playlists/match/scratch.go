package match

import (
	"slices"
	"sync"

	"github.com/songferry/songferry/playlists"
)

// scratch is the working memory of one Resolve.
type scratch struct {
	reader    *reader
	wanted    row
	pairs     pairs
	files     []*file // the first filesUsed are of this row
	filesUsed int
	found     []uint32

	query query
}

// file is a song of the library while it is compared.
type file struct {
	song Song
	row
}

type pool struct{ free sync.Pool }

func (p *pool) get(ix *Index) *scratch {
	if s, ok := p.free.Get().(*scratch); ok {
		return s
	}
	return &scratch{reader: newReader(), found: make([]uint32, 0, 256), query: newQuery(ix)}
}

func (p *pool) put(s *scratch) { p.free.Put(s) }

// file reads a song and returns it with its readings. One that is written like the wanted row is read like it.
func (s *scratch) file(ix *Index, n uint32) (*Song, []reading) {
	if s.filesUsed == len(s.files) {
		s.files = append(s.files, new(file))
	}
	f := s.files[s.filesUsed]
	s.filesUsed++
	f.song = ix.song(n)
	if sameText(&f.song.Track, s.wanted.track) {
		return &f.song, s.wanted.readings
	}
	s.reader.read(&f.song.Track, &f.row)
	return &f.song, f.readings
}

// sameText: all that a reading depends on is the same.
func sameText(a, b *playlists.Track) bool {
	return a.Title == b.Title && a.Artist == b.Artist && a.Album == b.Album && a.AlbumBy == b.AlbumBy && a.Number == b.Number &&
		slices.Equal(a.Artists, b.Artists)
}
