package web

import (
	"net/http"

	"github.com/songferry/songferry/playlists"
)

// coverExtension ends the address of a playlist's cover, beside its page.
const coverExtension = "jpg"

// cover is the picture of a playlist or an account: an image, or a tile of some colour.
type cover struct {
	Address string // "" for a tile
	Alt     string // "" where the name stands beside it
	Size    int    // pixels, width and height
	Hue     int    // of the tile
}

func tile(name string) cover { return cover{Hue: hue(name)} }

// coverOf is what shows a publication. Its address changes with the image.
func coverOf(pub playlists.Publication, alt string) cover {
	if pub.Cover == "" {
		return tile(pub.PublicID)
	}
	return cover{Address: pathOf(pub) + "." + coverExtension + "?v=" + pub.Cover, Alt: alt, Size: playlists.CoverSize}
}

// sendCover sends the cover that is shown with a playlist.
func (s *site) sendCover(w http.ResponseWriter, r *http.Request, sh shared) error {
	c, err := s.Store.Cover(r.Context(), sh.Publication)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox") // it is no page, whatever is in it
	if h.Get("Cache-Control") == "" {                               // else a stricter one, for a secret address
		h.Set("Cache-Control", "public, max-age=3600") // so long may others show what was withdrawn
	}
	serve(w, r, "image/jpeg", c.JPEG, c.Changed)
	return nil
}
