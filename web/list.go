package web

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/songferry/songferry/federation"
	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge"
)

// listView is what list.html shows: a playlist to the one who owns it.
type listView struct {
	Playlist playlists.Playlist
	Pub      playlists.Publication
	Cover    cover
	Seconds  int
	NoArtist int       // tracks that others will hardly find
	Missing  time.Time // since when the music server does not have it, zero while it does
	Link     string    // full address of its page, "" while it is not shared
	Reach    linkReach
	Handle   string // on the fediverse, "" while it has none
	Who      whoView
	Asked    playlists.Ask // to share it, of a child's grown-up; the zero Ask when nothing waits for an answer, or was refused lately
	Standing federation.Standing
	News     *newsView // nil: there are none of such a playlist
	Listen   subsonicbridge.Listen
	Problem  string
}

// Visited is how often the page behind the link was looked at.
func (v *listView) Visited() int { return int(v.Pub.Visits) }

// LastDate is the last day on which the link works; LastDay the same for a form, "" when it does not end.
func (v *listView) LastDate() time.Time { return lastDay(v.Pub.Expires) }

func (v *listView) LastDay() string {
	if v.Pub.Expires.IsZero() {
		return ""
	}
	return v.LastDate().Format(time.DateOnly)
}

func listPath(id playlists.ID) string { return "/playlists/" + url.PathEscape(string(id)) }

// owned returns the playlist that the address of a page names, if it is the visitor's own.
func (s *site) owned(r *http.Request, v visitor) (playlists.Playlist, error) {
	return s.ownedBy(r.Context(), v, playlists.ID(chi.URLParam(r, "id")))
}

// ownedForm returns that playlist, and the form that is about it.
func (s *site) ownedForm(w http.ResponseWriter, r *http.Request, v visitor, max int64) (playlists.Playlist, url.Values, error) {
	p, err := s.owned(r, v)
	if err != nil {
		return p, nil, err
	}
	form, err := readForm(w, r, max)
	return p, form, err
}

// ownedBy returns a playlist of the visitor's music server. Another's is not found, as if there were none.
func (s *site) ownedBy(ctx context.Context, v visitor, id playlists.ID) (playlists.Playlist, error) {
	p, err := s.Store.Get(ctx, id)
	if err == nil && (p.Owner != v.ID || p.Origin != playlists.Local) || playlists.CodeOf(err) == playlists.NotFound {
		return playlists.Playlist{}, playlists.Problemf(playlists.NotFound, nil, "There is no such playlist of yours here.")
	}
	return p, err
}

// listPage shows a playlist to its owner.
func (s *site) listPage(w http.ResponseWriter, r *http.Request, v visitor) error {
	p, err := s.owned(r, v)
	if err != nil {
		return err
	}
	view, err := s.listView(r, v, p)
	if err != nil {
		return err
	}
	return s.showOwn(w, r, "list", page{Title: p.Name, Content: view})
}

// listChange does what an owner wants with a playlist, and returns the sentence that says so to them.
type listChange func(ctx context.Context, p playlists.Playlist, form url.Values, w words) (said string, err error)

// changing makes a handler of a change. The page of the playlist follows, with what was said or what is wrong.
func (s *site) changing(do listChange) ownHandler {
	return func(w http.ResponseWriter, r *http.Request, v visitor) error {
		p, form, err := s.ownedForm(w, r, v, maxForm)
		if err != nil {
			return err
		}
		said, err := do(r.Context(), p, form, s.words(r))
		if err != nil {
			return s.showListProblem(w, r, v, p, err)
		}
		s.tell(r, said)
		return goTo(w, r, listPath(p.ID))
	}
}

// showListProblem shows a playlist again, with why something could not be done.
func (s *site) showListProblem(w http.ResponseWriter, r *http.Request, v visitor, p playlists.Playlist, problem error) error {
	say := s.words(r).problem(problem)
	if say == "" {
		return problem
	}
	view, err := s.listView(r, v, p)
	if err != nil {
		return err
	}
	view.Problem = say
	return s.write(w, r, statusOfForm(problem), "list", page{Title: p.Name, Content: view})
}

func (s *site) listView(r *http.Request, v visitor, p playlists.Playlist) (*listView, error) {
	ctx := r.Context()
	pub, err := s.Store.Publication(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	view := &listView{Playlist: p, Pub: pub, Cover: coverOf(pub, ""), Seconds: totalSeconds(p.Tracks), NoArtist: withoutArtist(p.Tracks)}
	if pub.Audience == playlists.Private {
		view.Cover = tile(string(p.ID))
	} else {
		view.Link, view.Reach = s.seenAddress(r, pathOf(pub)), s.linkReach(r, v)
	}
	if view.Who, err = s.whoView(ctx, v, pub.Audience); err != nil {
		return nil, err
	}
	asks, err := s.ownAsks(ctx, v)
	if err != nil {
		return nil, err
	}
	view.Asked = asks[p.ID]
	if view.Listen, err = s.Music.Listening(ctx, pub); err != nil {
		return nil, err
	}
	if view.Missing, err = s.missingSince(ctx, v, p.ID); err != nil {
		return nil, err
	}
	return view, s.addFollowers(r, v, view)
}

// addFollowers adds what a playlist has that others can follow.
func (s *site) addFollowers(r *http.Request, v visitor, view *listView) error {
	if !view.Pub.Audience.Federated() {
		return nil
	}
	view.Handle = s.fediverseHandle(view.Pub.Handle)
	standings, err := s.Fed.Standings(r.Context(), v.Account)
	if err != nil {
		return err
	}
	view.Standing = standings[view.Pub.PublicID]
	view.News, err = s.newsView(r, view.Pub)
	return err
}

// missingSince returns since when the visitor's music server has not had a playlist, the zero time when it has.
func (s *site) missingSince(ctx context.Context, v visitor, id playlists.ID) (time.Time, error) {
	status, err := s.Music.Status(ctx, v.ID)
	if playlists.CodeOf(err) == playlists.NotFound {
		return time.Time{}, nil
	}
	for _, m := range status.Missing {
		if m.ID == id {
			return m.Since, err
		}
	}
	return time.Time{}, err
}

// withoutArtist counts the tracks that nobody else can be expected to find.
func withoutArtist(tracks []playlists.Track) (n int) {
	for _, t := range tracks {
		if t.Artist == "" {
			n++
		}
	}
	return n
}
