package web

import (
	"net/http"

	"github.com/songferry/songferry/playlists"
)

// maxTicked bounds the playlists that are shared at once.
const maxTicked = 100

// shareTicked gives each ticked playlist a link of its own: what somebody who has just connected their server does first.
func (s *site) shareTicked(w http.ResponseWriter, r *http.Request, v visitor) error {
	form, err := readForm(w, r, maxForm)
	if err != nil {
		return err
	}
	ids := form["playlist"]
	if len(ids) == 0 || len(ids) > maxTicked {
		return s.showListsProblem(w, r, v, playlists.Problemf(playlists.Invalid, nil, "Tick a playlist first, or up to %d of them.", maxTicked))
	}
	said := ""
	for _, id := range ids {
		if said, err = s.shareByLink(r, v, playlists.ID(id)); err != nil {
			return s.showListsProblem(w, r, v, err)
		}
	}
	if len(ids) == 1 {
		s.tell(r, said)
		return goTo(w, r, listPath(playlists.ID(ids[0])))
	}
	if !v.Child {
		said = s.words(r).say("Each of them has a link of its own now. Open one to copy it.")
	}
	s.tell(r, said)
	return goTo(w, r, "/playlists")
}

// shareByLink shares a playlist that is not shared yet, and says so. One that is stays as it is.
func (s *site) shareByLink(r *http.Request, v visitor, id playlists.ID) (said string, err error) {
	if _, err := s.ownedBy(r.Context(), v, id); err != nil {
		return "", err
	}
	pub, err := s.Store.Publication(r.Context(), id)
	if err != nil || pub.Audience != playlists.Private {
		return "", err
	}
	return s.share(r, v, id, playlists.Link)
}
