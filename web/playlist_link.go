package web

import (
	"log/slog"
	"net/http"

	"github.com/go-chi/chi/v5"

	"github.com/songferry/songferry/playlists"
)

// pageOfLink shows a playlist to those who know its secret link, and its password where it has one.
func (s *site) pageOfLink(w http.ResponseWriter, r *http.Request) error {
	sh, err := s.findByToken(r.Context(), chi.URLParam(r, "token"))
	if err != nil {
		return err
	}
	open, err := s.unlocked(r, sh)
	if err != nil {
		return err
	}
	if !open {
		return s.showLocked(w, r, http.StatusOK, "")
	}
	s.countVisit(r, sh)
	return s.playlistPage(w, r, sh)
}

// countVisit counts whoever looks at the page of a link. What only asks whether it is there does not, nor who goes on to a track.
func (s *site) countVisit(r *http.Request, sh shared) {
	if r.Method != http.MethodGet || r.URL.Query().Has(findQuery) || sh.Audience != playlists.Link {
		return
	}
	if err := s.Store.CountVisit(r.Context(), sh.Token); err != nil && r.Context().Err() == nil {
		s.Log.Warn("a visit was not counted", slog.Any("error", err)) // the visitor does not suffer for that
	}
}

// fileOfLink sends such a playlist as a file. Whoever has not given the password is asked for it on the page.
func (s *site) fileOfLink(w http.ResponseWriter, r *http.Request) error {
	sh, err := s.findByToken(r.Context(), chi.URLParam(r, "token"))
	if err != nil {
		return err
	}
	open, err := s.unlocked(r, sh)
	if err != nil {
		return err
	}
	if !open {
		return goTo(w, r, sh.path())
	}
	return s.sendFile(w, r, sh)
}
