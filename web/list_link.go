package web

import (
	"context"
	"net/url"
	"time"

	"github.com/songferry/songferry/playlists"
)

// setTerms keeps until when and with which password a link works.
func (s *site) setTerms(ctx context.Context, p playlists.Playlist, form url.Values, w words) (said string, err error) {
	terms, err := termsIn(form)
	if err != nil {
		return "", err
	}
	_, err = s.Store.SetLinkTerms(ctx, p.ID, terms)
	return w.say("Saved."), err
}

// termsEnd is from the beginning of a link's last day in UTC to when the link ends: when the day is over everywhere, since
// no link shall end before its owner expects it.
const termsEnd = 36 * time.Hour

// lastDay is the day that a link's owner chose, which visitors read too.
func lastDay(expires time.Time) time.Time { return expires.Add(-termsEnd) }

// termsIn reads the terms of a link.
func termsIn(form url.Values) (t playlists.LinkTerms, err error) {
	if day := form.Get("until"); day != "" {
		if t.Expires, err = time.Parse(time.DateOnly, day); err != nil {
			return t, playlists.Problemf(playlists.Invalid, err, "Write the day as year-month-day, like 2027-05-31.")
		}
		t.Expires = t.Expires.Add(termsEnd)
	}
	password := form.Get("password")
	switch {
	case form.Get("open") != "":
		t.Password = new(string)
	case password != "":
		t.Password = &password
	}
	return t, nil
}

// newLink gives a playlist another link, after which the old one leads nowhere.
func (s *site) newLink(ctx context.Context, p playlists.Playlist, _ url.Values, w words) (said string, err error) {
	_, err = s.Store.NewLink(ctx, p.ID)
	return w.say("Here is the new link. The old one leads nowhere now."), err
}
