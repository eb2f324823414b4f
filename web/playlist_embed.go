package web

import (
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"
)

// framePolicy lets other sites show a page in a frame, and lets that page do nothing but be looked at.
const framePolicy = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *"

// embedView is what embed.html shows.
type embedView struct {
	*playlistView
	Path string // of the whole page
}

// embed shows a playlist that everybody may see in a frame on another site. It sets no cookie and needs no script.
func (s *site) embed(w http.ResponseWriter, r *http.Request) error {
	sh, err := s.findByHandle(r.Context(), strings.ToLower(chi.URLParam(r, "handle")))
	if err != nil {
		return err
	}
	if !sh.Audience.Open() {
		return nothingHere(w, r)
	}
	words := s.words(r)
	view := s.viewOf(words, sh)
	view.Cover.Alt = "" // the name stands beside it
	w.Header().Set("Content-Security-Policy", framePolicy)
	return s.show(w, r, "embed", page{Title: words.say("%s · a playlist by %s", sh.Playlist.Name, sh.Curator.Name), Content: embedView{view, sh.path()}}, sh.changed())
}
