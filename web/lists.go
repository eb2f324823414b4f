package web

import (
	"net/http"

	"github.com/songferry/songferry/federation"
	"github.com/songferry/songferry/playlists"
)

// listsView is what lists.html shows: the playlists that the visitor owns on their music server.
type listsView struct {
	Playlists []listsRow
	First     bool // none is shared yet
	Music     musicServer
	Problem   string
}

// listsRow is a playlist and how it stands with others.
type listsRow struct {
	playlists.Listed
	federation.Standing
	Asked playlists.Ask // to share it; the zero Ask when nothing waits for an answer, or was refused lately
}

// Visited is how often the page behind its link was looked at.
func (l listsRow) Visited() int { return int(l.Publication.Visits) }

// listsPage shows what the visitor's music server has, and who may see it.
func (s *site) listsPage(w http.ResponseWriter, r *http.Request, v visitor) error {
	view, err := s.listsView(r, v)
	if err != nil {
		return err
	}
	return s.showOwn(w, r, "lists", page{Title: s.words(r).say("My playlists"), Content: view})
}

func (s *site) listsView(r *http.Request, v visitor) (view listsView, err error) {
	view.First = true
	if view.Music, err = s.musicServer(r.Context(), s.words(r), v.ID); err != nil {
		return view, err
	}
	all, err := s.Store.List(r.Context(), v.ID)
	if err != nil {
		return view, err
	}
	standings, err := s.Fed.Standings(r.Context(), v.Account)
	if err != nil {
		return view, err
	}
	asks, err := s.ownAsks(r.Context(), v)
	if err != nil {
		return view, err
	}
	for _, l := range all {
		view.Playlists = append(view.Playlists, listsRow{l, standings[l.Publication.PublicID], asks[l.ID]})
		view.First = view.First && l.Publication.Audience == playlists.Private
	}
	return view, nil
}

// showListsProblem shows the playlists again, with why something could not be done.
func (s *site) showListsProblem(w http.ResponseWriter, r *http.Request, v visitor, problem error) error {
	say := s.words(r).problem(problem)
	if say == "" {
		return problem
	}
	view, err := s.listsView(r, v)
	if err != nil {
		return err
	}
	view.Problem = say
	return s.write(w, r, statusOfForm(problem), "lists", page{Title: s.words(r).say("My playlists"), Content: view})
}
