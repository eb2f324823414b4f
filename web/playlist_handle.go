package web

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/songferry/songferry/playlists"
)

// pageOfHandle shows the account or the playlist that a handle names; they share one namespace.
func (s *site) pageOfHandle(w http.ResponseWriter, r *http.Request) error {
	handle := chi.URLParam(r, "handle")
	if redirectToLower(w, r, handle) {
		return nil
	}
	account, err := s.Store.AccountByHandle(r.Context(), handle)
	switch {
	case err == nil:
		return s.accountPage(w, r, account)
	case playlists.CodeOf(err) != playlists.NotFound:
		return err
	}
	sh, err := s.findByHandle(r.Context(), handle)
	if err != nil {
		return err
	}
	return s.playlistPage(w, r, sh)
}

// pageOfPost leads from a post about a playlist, as microblogs link to it, to the playlist.
func pageOfPost(w http.ResponseWriter, r *http.Request) {
	http.Redirect(w, r, "/@"+url.PathEscape(chi.URLParam(r, "handle")), http.StatusFound)
}

// fileOfHandle sends a playlist that everybody may read as a file.
func (s *site) fileOfHandle(w http.ResponseWriter, r *http.Request) error {
	if redirectToLower(w, r, chi.URLParam(r, "handle")) {
		return nil
	}
	sh, err := s.findByHandle(r.Context(), chi.URLParam(r, "handle"))
	if err != nil {
		return err
	}
	if !sh.Audience.Open() {
		return nothingHere(w, r)
	}
	return s.sendFile(w, r, sh)
}

// redirectToLower: people write handles as they like, as they do in their mail addresses; the page has one address.
// It says nothing of whether the handle exists.
func redirectToLower(w http.ResponseWriter, r *http.Request, handle string) bool {
	lower := strings.ToLower(handle)
	if lower == handle || !playlists.ValidHandle(lower) {
		return false
	}
	http.Redirect(w, r, strings.ToLower(r.URL.Path), http.StatusPermanentRedirect)
	return true
}
