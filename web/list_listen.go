package web

import (
	"context"
	"net/http"
	"net/url"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge"
)

// setListening offers the visitors of a shared playlist a page of the owner's music server to listen on, or ends that. The
// owner has to say that they know what it reveals.
func (s *site) setListening(w http.ResponseWriter, r *http.Request, v visitor) error {
	form, err := readForm(w, r, maxForm)
	if err != nil {
		return err
	}
	p, err := s.owned(r, v)
	if err != nil {
		return err
	}
	said, err := s.listen(r, v, p, form)
	if err != nil {
		return s.showListProblem(w, r, v, p, err)
	}
	s.tell(r, said)
	return goTo(w, r, listPath(p.ID))
}

func (s *site) listen(r *http.Request, v visitor, p playlists.Playlist, form url.Values) (said string, err error) {
	ctx := r.Context()
	if form.Get("do") == "end" {
		return s.words(r).say("Visitors are not led to your music server any more."), s.Music.StopListening(ctx, p.ID)
	}
	pub, err := s.Store.Publication(ctx, p.ID)
	if err != nil {
		return "", err
	}
	if !pub.Live() || v.Child {
		return "", playlists.Problemf(playlists.Forbidden, nil, "Only a playlist that is shared can be listened to.")
	}
	if form.Get("known") != "yes" {
		return "", playlists.Problemf(playlists.Invalid, nil, "Tick that you know that visitors learn the address of your music server.")
	}
	_, err = s.Music.OfferListening(ctx, v.ID, p.ID)
	return s.words(r).say("Visitors can listen now."), err
}

// listening returns where the visitors of a playlist's page can hear it.
func (s *site) listening(ctx context.Context, id playlists.ID) (subsonicbridge.Listen, error) {
	if s.Music == nil {
		return subsonicbridge.Listen{}, nil
	}
	return s.Music.Listening(ctx, id)
}
