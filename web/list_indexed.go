package web

import (
	"context"
	"net/url"

	"github.com/songferry/songferry/playlists"
)

// setIndexed lets search engines list the page of a playlist that everybody may see, or keeps them out again.
func (s *site) setIndexed(ctx context.Context, p playlists.Playlist, form url.Values, w words) (said string, err error) {
	if form.Get("indexed") == "yes" {
		return w.say("Search engines may list the page now."), s.Store.SetIndexed(ctx, p.ID, true)
	}
	return w.say("Search engines are told to stay away."), s.Store.SetIndexed(ctx, p.ID, false)
}
