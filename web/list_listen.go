package web

import (
	"context"
	"log/slog"
	"net/url"

	"github.com/songferry/songferry/playlists"
)

// setListening offers the visitors of a shared playlist a page of the owner's music server to listen on, or ends that. The
// owner has to say that they know what it reveals.
func (s *site) setListening(ctx context.Context, p playlists.Playlist, form url.Values, w words) (said string, err error) {
	if form.Get("do") == "end" {
		return w.say("Visitors are not led to your music server any more."), s.Music.StopListening(ctx, p.ID)
	}
	pub, err := s.heardAs(ctx, p)
	if err != nil {
		return "", err
	}
	if form.Get("known") != "yes" {
		return "", playlists.Problemf(playlists.Invalid, nil, "Tick that you know that visitors learn the address of your music server.")
	}
	_, err = s.Music.OfferListening(ctx, p.Owner, pub)
	return w.say("Visitors can listen now."), err
}

// heardAs returns the publication that visitors may be offered to hear. A child's playlists lead nowhere else.
func (s *site) heardAs(ctx context.Context, p playlists.Playlist) (playlists.Publication, error) {
	pub, err := s.Store.Publication(ctx, p.ID)
	if err != nil {
		return pub, err
	}
	owner, err := s.Store.Account(ctx, p.Owner)
	if err == nil && (!pub.Live() || owner.Child) {
		err = playlists.Problemf(playlists.Forbidden, nil, "Only a playlist that is shared can be listened to.")
	}
	return pub, err
}

// reviseListening ends what a new audience was not offered. Where the music server does not answer now, that is done later.
func (s *site) reviseListening(ctx context.Context, id playlists.ID) {
	if err := s.Music.ReviseListening(ctx, id); err != nil {
		s.Log.Warn("a page to listen on could not be ended yet", slog.Any("error", err))
	}
}
