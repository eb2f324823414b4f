package web

import (
	"net/http"
	"time"

	"github.com/songferry/songferry/federation"
	"github.com/songferry/songferry/playlists"
)

// accountView is what account.html shows.
type accountView struct {
	Name      string
	Handle    string // "@alice@b.example", or ""
	MovedTo   federation.NewHome
	Playlists []playlists.Listed
}

// accountPage lists an account's Public playlists. All others are found only by those who were told of them.
func (s *site) accountPage(w http.ResponseWriter, r *http.Request, a playlists.Account) error {
	all, err := s.Store.List(r.Context(), a.ID)
	if err != nil {
		return err
	}
	moved, err := s.Fed.MovedTo(r.Context(), a.PublicID)
	if err != nil {
		return err
	}
	view := accountView{Name: a.Name, Handle: s.fediverseHandle(a.Handle), MovedTo: moved}
	for _, l := range all {
		if l.Publication.Audience == playlists.Public {
			view.Playlists = append(view.Playlists, l)
		}
	}
	return s.show(w, r, "account", page{
		Title:       s.words(r).say("Playlists by %s", a.Name),
		Description: s.words(r).say("Playlists by %s, to follow and to import.", a.Name),
		Kind:        "profile",
		Address:     s.absolute("@" + a.Handle),
		ActivityPub: s.actor(a.PublicID),
		Creator:     view.Handle,
		Content:     view,
	}, time.Time{}) // no date: when a playlist leaves the list, the newest one left would be older than the page was
}
