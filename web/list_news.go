package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/songferry/songferry/federation"
	"github.com/songferry/songferry/playlists"
)

// sentShown is how many of the posts that were sent a page shows.
const sentShown = 5

// newsView is what the followers of a playlist are told.
type newsView struct {
	Next federation.NextNews
	In   string // how long until that is sent, "" when there is nothing to tell
	Sent []federation.SentNews
}

func (s *site) newsView(r *http.Request, pub playlists.Publication) (*newsView, error) {
	next, err := s.Fed.NextNews(r.Context(), pub)
	if err != nil {
		return nil, err
	}
	view := &newsView{Next: next}
	if !next.Due.IsZero() {
		view.In = s.words(r).span(next.Due.Sub(s.Now()))
	}
	view.Sent, err = s.Fed.SentNewsAbout(r.Context(), pub, sentShown)
	return view, err
}

// changeNews does what an owner wants with the news about a playlist.
func (s *site) changeNews(ctx context.Context, p playlists.Playlist, form url.Values, w words) (said string, err error) {
	switch form.Get("do") {
	case "hold":
		return w.say("That post waits until you let it go."), s.Fed.HoldNews(ctx, p.ID, true)
	case "release":
		return w.say("That post goes out when its time has come."), s.Fed.HoldNews(ctx, p.ID, false)
	case "drop":
		return w.say("That post is dropped. What you add from now on is told again."), s.Fed.DropNews(ctx, p.ID)
	case "take-back":
		return w.say("That post is taken back. Most servers delete it too; some may not."), s.Fed.TakeBack(ctx, p.Owner, form.Get("post"))
	case "set":
		return w.say("Saved."), s.setNews(ctx, p.ID, form)
	}
	return "", playlists.Problemf(playlists.Invalid, nil, "That form cannot be read.")
}

// setNews keeps whether and how often a playlist makes posts. Whether it shows a cover is asked elsewhere.
func (s *site) setNews(ctx context.Context, id playlists.ID, form url.Values) error {
	settings, err := s.Fed.NewsSettingsOf(ctx, id)
	if err != nil {
		return err
	}
	settings.Mode = federation.NewsMode(form.Get("mode"))
	if settings.PerDay, err = strconv.Atoi(form.Get("perDay")); err != nil || !settings.Mode.Valid() {
		return playlists.Problemf(playlists.Invalid, err, "Say in figures how many posts a day there may be.")
	}
	return s.Fed.SetNews(ctx, id, settings)
}
