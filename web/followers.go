package web

import (
	"context"
	"net/http"

	"github.com/go-chi/chi/v5"

	"github.com/songferry/songferry/federation"
	"github.com/songferry/songferry/playlists"
)

const maxWaitingShown = 200 // of those who wait for approval, on one page

// followersView is what followers.html shows: who waits, and who follows what.
type followersView struct {
	Followed []followed
	Of       *followed // the one that the page is about; nil: all
	Waiting  []followerRow
	Approved []followerRow // only with Of
	More     bool          // wait than are shown
	MayBlock bool
	Problem  string
}

// followed is what somebody can follow: a playlist of the visitor's, or the visitor with all public ones.
type followed struct {
	PublicID string
	Name     string
	Self     bool // the visitor
	federation.Standing
}

type followerRow struct {
	federation.Follower
	Of   followed
	Name string // handle or name, else an address
	Here bool   // has an account on this bridge
}

// Choice names the follower to a form.
func (f followerRow) Choice() string { return f.Actor + " " + f.ID }

// followersRoutes are where people see and decide who follows them.
func (s *site) followersRoutes(r chi.Router) {
	r.Get("/followers", s.own(s.followersPage))
	r.Get("/followers/{actor}", s.own(s.followersPage))
	r.Post("/followers", s.own(s.decideFollower))
}

// followersPage shows who waits for the visitor's approval, or all that follow one playlist.
func (s *site) followersPage(w http.ResponseWriter, r *http.Request, v visitor) error {
	view, err := s.followersView(r, v, chi.URLParam(r, "actor"))
	if err != nil {
		return err
	}
	return s.showOwn(w, r, "followers", page{Title: s.words(r).say("Followers"), Content: view})
}

func (s *site) followersView(r *http.Request, v visitor, of string) (followersView, error) {
	view := followersView{MayBlock: v.Admin}
	var err error
	if view.Followed, err = s.followedOf(r.Context(), v); err != nil {
		return view, err
	}
	for _, f := range view.Followed {
		if of != "" && f.PublicID != of || of == "" && f.Waiting == 0 {
			continue
		}
		if of != "" {
			view.Of = &f
		}
		if err := s.addFollowersOf(r.Context(), &view, f); err != nil {
			return view, err
		}
	}
	if of != "" && view.Of == nil {
		return view, playlists.Problemf(playlists.NotFound, nil, "There is no such playlist of yours here.")
	}
	return view, nil
}

// followedOf returns what others can follow of the visitor's.
func (s *site) followedOf(ctx context.Context, v visitor) (all []followed, err error) {
	standings, err := s.Fed.Standings(ctx, v.Account)
	if err != nil {
		return nil, err
	}
	if v.Handle != "" {
		all = append(all, followed{PublicID: v.PublicID, Name: v.Name, Self: true, Standing: standings[v.PublicID]})
	}
	lists, err := s.Store.List(ctx, v.ID)
	for _, l := range lists {
		if l.Publication.Audience.Federated() {
			all = append(all, followed{PublicID: l.Publication.PublicID, Name: l.Name, Standing: standings[l.Publication.PublicID]})
		}
	}
	return all, err
}

// addFollowersOf adds those who wait to follow something and, when the page is about it, those who do.
func (s *site) addFollowersOf(ctx context.Context, view *followersView, of followed) error {
	all, err := s.Fed.Followers(ctx, of.PublicID)
	if err != nil {
		return err
	}
	for _, f := range all {
		switch {
		case !f.Approved && len(view.Waiting) >= maxWaitingShown:
			view.More = true
		case !f.Approved:
			view.Waiting = append(view.Waiting, s.followerRow(ctx, f, of))
		case view.Of != nil:
			view.Approved = append(view.Approved, s.followerRow(ctx, f, of))
		}
	}
	return nil
}

// followerRow names a follower, who may have an account here.
func (s *site) followerRow(ctx context.Context, f federation.Follower, of followed) followerRow {
	row := followerRow{Follower: f, Of: of, Name: f.Handle}
	if row.Name != "" {
		return row
	}
	row.Name = f.ID
	if a, err := s.Store.Account(ctx, playlists.ID(f.ID)); err == nil { // else it is somebody elsewhere
		row.Name, row.Here = a.Name, true
	}
	return row
}
