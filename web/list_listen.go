package web

import (
	"context"
	"net/url"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge"
)

// setListening offers the visitors of a shared playlist a page of the owner's music server to listen on, or ends that. The
// owner has to say that they know what it reveals.
func (s *site) setListening(ctx context.Context, p playlists.Playlist, form url.Values, w words) (said string, err error) {
	if form.Get("do") == "end" {
		return w.say("Visitors are not led to your music server any more."), s.Music.StopListening(ctx, p.ID)
	}
	if err := s.mayOfferListening(ctx, p); err != nil {
		return "", err
	}
	if form.Get("known") != "yes" {
		return "", playlists.Problemf(playlists.Invalid, nil, "Tick that you know that visitors learn the address of your music server.")
	}
	_, err = s.Music.OfferListening(ctx, p.Owner, p.ID)
	return w.say("Visitors can listen now."), err
}

// mayOfferListening: a child's playlists lead nowhere else.
func (s *site) mayOfferListening(ctx context.Context, p playlists.Playlist) error {
	pub, err := s.Store.Publication(ctx, p.ID)
	if err != nil {
		return err
	}
	owner, err := s.Store.Account(ctx, p.Owner)
	if err == nil && (!pub.Live() || owner.Child) {
		err = playlists.Problemf(playlists.Forbidden, nil, "Only a playlist that is shared can be listened to.")
	}
	return err
}

// listening returns where the visitors of a playlist's page can hear it.
func (s *site) listening(ctx context.Context, id playlists.ID) (subsonicbridge.Listen, error) {
	if s.Music == nil {
		return subsonicbridge.Listen{}, nil
	}
	return s.Music.Listening(ctx, id)
}
