package subsonictest

import (
	"bytes"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"net/http"
	"strings"
)

// SetAlbumCover gives an album a cover. The image is sent as it is, whatever it is and whichever size was asked for.
func (s *Server) SetAlbumCover(album string, image []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.covers[album] = image
}

// SetPlaylistCover gives a playlist a cover that its owner chose; nil takes it away.
func (s *Server) SetPlaylistCover(id string, image []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.covers[id] = image; image == nil {
		delete(s.covers, id)
	}
}

// Colours of what Navidrome draws where there is no cover.
var (
	DrawnColour       = color.RGBA{R: 200, B: 200, A: 255} // a playlist's
	PlaceholderColour = color.RGBA{R: 40, G: 40, B: 40, A: 255}
)

// songCover is the id of a song's cover, "" when there is none. Navidrome names one for every album.
func (s *Server) songCover(x *song) string {
	if s.covers[x.Album] == nil && s.dialect != Navidrome {
		return ""
	}
	switch s.dialect {
	case Navidrome:
		return albumCover(x.Album) + "_0"
	case Supysonic:
		return x.id
	}
	return albumCover(x.Album)
}

func albumCover(album string) string { return fmt.Sprintf("al-%d", crc32.ChecksumIEEE([]byte(album))) }

// listCover is the id of a playlist's cover, "" when there is none. Navidrome names one for every playlist.
func (s *Server) listCover(l *list) string {
	if s.covers[l.ID] == nil && s.dialect != Navidrome {
		return ""
	}
	return "pl-" + strings.TrimPrefix(l.ID, "pl-")
}

func (s *Server) getCoverArt(w http.ResponseWriter, r request) {
	picture := s.picture(r.Get("id"), r.number("size", 0))
	if picture != nil {
		w.Header().Set("Content-Type", "image/jpeg") // so says every server of what it has scaled, true or not
		_, _ = w.Write(picture)                      // a client that left is no concern of the server's
		return
	}
	switch s.dialect {
	case Navidrome:
		s.writeError(w, r.Get("f"), fail(70, "Artwork not found"))
	case Gonic:
		s.writeError(w, r.Get("f"), fail(10, "couldn't find cover `%s`: no cover found", r.Get("id")))
	default:
		s.writeError(w, r.Get("f"), fail(70, "Cover art not found"))
	}
}

// picture returns the image with this id, nil when there is none.
func (s *Server) picture(id string, size int) []byte {
	for _, l := range s.lists {
		if s.listCover(l) != id {
			continue
		}
		if own := s.covers[l.ID]; own != nil {
			return own
		}
		if size == 0 {
			size = 599 // of four albums
		}
		return solid(size, DrawnColour)
	}
	for i := range s.songs {
		if x := &s.songs[i]; s.songCover(x) == id {
			if s.covers[x.Album] != nil {
				return s.covers[x.Album]
			}
			return solid(600, PlaceholderColour)
		}
	}
	return nil
}

func solid(size int, c color.Color) []byte {
	img := image.NewRGBA(image.Rect(0, 0, size, size))
	draw.Draw(img, img.Bounds(), image.NewUniform(c), image.Point{}, draw.Src)
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err) // a buffer takes everything
	}
	return b.Bytes()
}
