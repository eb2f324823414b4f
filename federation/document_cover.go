package federation

import (
	"fmt"

	"github.com/songferry/songferry/playlists"
)

// coverOf is the image that shows a publication, nil while it has no cover.
func coverOf(pub playlists.Publication, a Addresses) *image {
	if pub.Cover == "" {
		return nil
	}
	page := a.Profile(pub.Handle)
	if pub.Audience == playlists.Link {
		page = a.Share(pub.Token)
	}
	return &image{Type: "Image", MediaType: "image/jpeg", URL: a.Cover(page, pub.Cover), Width: playlists.CoverSize, Height: playlists.CoverSize}
}

// describedCover is the cover with a text, in the owner's language, for those who do not see it.
func describedCover(owner playlists.Account, p playlists.Playlist, pub playlists.Publication, a Addresses) *image {
	cover := coverOf(pub, a)
	if cover != nil {
		cover.Name = fmt.Sprintf(inLanguage(owner.Language, newsEnglish, newsFrench).cover, p.Name)
	}
	return cover
}
