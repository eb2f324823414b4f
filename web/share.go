package web

import (
	"net/http"

	"github.com/go-chi/chi/v5"
)

// pageOfLink shows a playlist to those who know its secret link.
func (s *site) pageOfLink(w http.ResponseWriter, r *http.Request) error {
	sh, err := s.findByToken(r.Context(), chi.URLParam(r, "token"))
	if err != nil {
		return err
	}
	return s.playlistPage(w, r, sh)
}

// fileOfLink sends such a playlist as a file.
func (s *site) fileOfLink(w http.ResponseWriter, r *http.Request) error {
	sh, err := s.findByToken(r.Context(), chi.URLParam(r, "token"))
	if err != nil {
		return err
	}
	return s.sendFile(w, r, sh)
}
