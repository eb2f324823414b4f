package web

import (
	"net/http"

	"github.com/songferry/songferry/playlists"
)

// listsView is what lists.html shows: the playlists that the visitor owns on their music server.
type listsView struct {
	Playlists []playlists.Listed
}

// listsPage shows what the visitor's music server has, and who may see it.
func (s *site) listsPage(w http.ResponseWriter, r *http.Request, v visitor) error {
	all, err := s.Store.List(r.Context(), v.ID)
	if err != nil {
		return err
	}
	return s.showOwn(w, r, "lists", page{Title: s.words(r).say("My playlists"), Content: listsView{Playlists: all}})
}
