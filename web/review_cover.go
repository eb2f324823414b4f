package web

import (
	"net/http"
	"strconv"
	"time"
)

// noPicture is a transparent pixel: the tile behind it is seen.
var noPicture = []byte("GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;")

// songCover sends the picture of one of the visitor's songs, or noPicture.
func (s *site) songCover(w http.ResponseWriter, r *http.Request, v visitor) error {
	h, age := w.Header(), 24*time.Hour
	picture, err := s.Music.SongCover(r.Context(), v.ID, r.URL.Query().Get("song"))
	if err != nil { // whatever it is, the page says enough without the picture
		picture, age = noPicture, time.Minute
	}
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Cache-Control", "private, max-age="+strconv.Itoa(int(age/time.Second)))
	h.Set("Content-Type", http.DetectContentType(picture))
	_, err = w.Write(picture)
	return err
}
