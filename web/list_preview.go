package web

import (
	"net/http"

	"github.com/songferry/songferry/playlists"
)

// previewPage shows a playlist to its owner as those see it, or would see it, who may.
func (s *site) previewPage(w http.ResponseWriter, r *http.Request, v visitor) error {
	p, err := s.owned(r, v)
	if err != nil {
		return err
	}
	pub, err := s.Store.Publication(r.Context(), p.ID)
	if err != nil {
		return err
	}
	if r.URL.Query().Has(findQuery) {
		p, err := s.trackOf(r, shared{Playlist: p, Curator: v.Account}, r.URL.Path)
		if err != nil {
			return err
		}
		return s.showOwn(w, r, "playlist_track", p)
	}
	view := previewOf(p, pub, v.Account, s.words(r))
	return s.showOwn(w, r, "playlist", page{Title: p.Name, Content: &view})
}

// previewOf is a playlist's page without what works on real ones only: its addresses, files and forms.
func previewOf(p playlists.Playlist, pub playlists.Publication, curator playlists.Account, w words) playlistView {
	view := *contentOf(w, shared{Publication: pub, Playlist: p, Curator: curator})
	view.Preview, view.Closed, view.Secret, view.Cover = listPath(p.ID), false, !pub.Audience.Federated(), tile(string(p.ID))
	if pub.Audience != playlists.Private {
		view.Cover = coverOf(pub, w.say("Cover of %s", p.Name))
	}
	return view
}
