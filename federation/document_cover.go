package federation

import (
	"fmt"

	"github.com/songferry/songferry/playlists"
)

// coverOf is the image that shows a publication, with a description in the given language; nil while it has no cover.
func coverOf(p playlists.Playlist, pub playlists.Publication, language string, a Addresses) *image {
	if pub.Cover == "" {
		return nil
	}
	page := a.Profile(pub.Handle)
	if pub.Audience == playlists.Link {
		page = a.Share(pub.Token)
	}
	w := inLanguage(language, newsEnglish, newsFrench)
	return &image{Type: "Image", MediaType: "image/jpeg", URL: a.Cover(page, pub.Cover), Name: fmt.Sprintf(w.cover, p.Name),
		Width: playlists.CoverSize, Height: playlists.CoverSize}
}
