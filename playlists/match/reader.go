package match

import (
	"slices"

	"github.com/songferry/songferry/playlists"
)

// reader makes rows. It remembers the credits and albums that it read last, since neighbours share them.
type reader struct {
	credits map[string]credit
	albums  map[string]album
	buf     []byte

	// Those of the last track. Neighbours mostly have the same.
	lastArtist  string
	lastArtists []playlists.Artist
	lastCredit  credit
	lastAlbum   [3]string // name, artist and id
	last        album

	sameCredit, sameAlbum bool // the last track had those of the one before
}

// maxRemembered bounds the credits, and the albums, that a reader remembers.
const maxRemembered = 1024

func newReader() *reader {
	return &reader{credits: make(map[string]credit), albums: make(map[string]album)}
}

func (rd *reader) credit(t *playlists.Track) credit {
	rd.sameCredit = t.Artist == rd.lastArtist && slices.Equal(t.Artists, rd.lastArtists)
	if rd.sameCredit {
		return rd.lastCredit
	}
	rd.buf = appendCredit(rd.buf[:0], t)
	c, ok := rd.credits[string(rd.buf)]
	if !ok {
		c = newCredit(fold(t.Artist), t.Artists)
		remember(rd.credits, rd.buf, c)
	}
	rd.lastArtist, rd.lastArtists, rd.lastCredit = t.Artist, append(rd.lastArtists[:0], t.Artists...), c
	return c
}

func (rd *reader) album(t *playlists.Track) album {
	name := [3]string{t.Album, t.AlbumBy, t.AlbumID}
	rd.sameAlbum = name == rd.lastAlbum
	if rd.sameAlbum {
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
