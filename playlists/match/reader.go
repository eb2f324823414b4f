package match

import (
	"github.com/songferry/songferry/playlists"
)

// reader makes rows. It remembers the credits and albums that it read last, since neighbours share them.
type reader struct {
	credits map[string]credit
	albums  map[string]album
	buf     []byte

	// Those of the last track. Neighbours mostly have the same.
	lastArtist string
	lastCredit credit
	lastAlbum  [3]string // name, artist and id
	last       album
}

// maxRemembered bounds the credits, and the albums, that a reader remembers.
const maxRemembered = 1024

func newReader() *reader {
	return &reader{credits: make(map[string]credit), albums: make(map[string]album)}
}

func (rd *reader) credit(t *playlists.Track) credit {
	plain := len(t.Artists) == 0 && t.Artist != ""
	if plain && t.Artist == rd.lastArtist {
		return rd.lastCredit
	}
	rd.buf = appendCredit(rd.buf[:0], t)
	c, ok := rd.credits[string(rd.buf)]
	if !ok {
		c = newCredit(fold(t.Artist), t.Artists)
		remember(rd.credits, rd.buf, c)
	}
	if plain {
		rd.lastArtist, rd.lastCredit = t.Artist, c
	}
	return c
}

func (rd *reader) album(t *playlists.Track) album {
	name := [3]string{t.Album, t.AlbumBy, t.AlbumID}
	if name == rd.lastAlbum {
		return rd.last
	}
	rd.buf = appendAlbum(rd.buf[:0], t)
	a, ok := rd.albums[string(rd.buf)]
	if !ok {
		a = newAlbum(fold(t.Album), fold(t.AlbumBy))
		remember(rd.albums, rd.buf, a)
	}
	rd.lastAlbum, rd.last = name, a
	return a
}

func remember[T any](known map[string]T, key []byte, value T) {
	if len(known) >= maxRemembered {
		clear(known)
	}
	known[string(key)] = value
}
