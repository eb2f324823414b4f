package web

import (
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/songferry/songferry/playlists"
)

// framePolicy lets other sites show a page in a frame, and lets that page do nothing but be looked at.
const framePolicy = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *"

// maxFramed bounds the tracks in a frame, which leads to the page.
const maxFramed = 200

// embedView is what playlist_embed.html shows.
type embedView struct {
	shared
	Path    string // of the page
	Cover   cover
	Seconds int
	Tracks  []playlists.Track // the first ones
}

func embedOf(sh shared) embedView {
	all := sh.Playlist.Tracks
	return embedView{shared: sh, Path: sh.path(), Cover: coverOf(sh.Publication, ""), Seconds: totalSeconds(all), Tracks: all[:min(len(all), maxFramed)]}
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
	w.Header().Set("Content-Security-Policy", framePolicy)
	return s.show(w, r, "playlist_embed", page{Title: s.words(r).say("%s · a playlist by %s", sh.Playlist.Name, sh.Curator.Name), Content: embedOf(sh)}, sh.changed())
}
