package web

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/match"
	"github.com/songferry/songferry/subsonicbridge"
)

// maxRows bounds the tracks that a page of a copy shows; the longest playlist would make it one of megabytes.
const maxRows = 1_000

// lookupView is what follow_lookup.html shows: something that was looked at, before anything is kept or written of it.
type lookupView struct {
	ID      string
	Target  string
	Busy    bool // it is still being looked at
	Step    stepView
	Problem string // why nothing came of it; or of saying yes to it

	// Of a playlist.
	Playlist  playlists.Playlist
	Seconds   int
	Host      string // where it comes from; "" for a file, or this bridge
	File      bool
	Closed    bool // for followers that its owner approves: nothing but its name is known
	Here      int
	Check     int
	Strange   int
	Few       bool      // too few for a list
	Silent    string    // why the visitor's music server did not answer, "" when it did
	Unchecked bool      // so that nobody knows what it has
	Read      time.Time // when it was last read, zero when that is not known
	Enough    int       // from which on there is one
	Rows      []trackRow
	More      int // that are not shown

	// Of a person.
	Person string
	Handle string
	Count  int // of their playlists
	Lists  []personList

	Choice takeChoice

	Unnamed bool // the visitor has no public name by which they could be told of changes, and may choose one
}

// trackRow is a wanted track and how it stands.
type trackRow struct {
	playlists.Track
	Standing string          // here, check, new or unchecked
	Song     playlists.Track // that stands for it, where it is called something else
}

// standings are the things that can be true of a wanted track. Nothing is "missing" that nobody has lost.
const (
	isHere  = "here"
	isCheck = "check"
	isNew   = "new"

	isUnchecked = "unchecked" // nobody has looked
)

func standing(c match.Class) string {
	switch {
	case c.Automatic():
		return isHere
	case c == match.Review:
		return isCheck
	}
	return isNew
}

// lookupPage shows what looking at something came to, or how far that is.
func (s *site) lookupPage(w http.ResponseWriter, r *http.Request, v visitor) error {
	row, err := s.lookups.get(r.Context(), v.ID, chi.URLParam(r, "id"))
	if err != nil {
		return err
	}
	if row.Want != "" {
		return goTo(w, r, "/following/"+string(row.Want))
	}
	view, err := s.lookupView(r, row)
	if err != nil {
		return err
	}
	return s.showLookup(w, r, http.StatusOK, view)
}

func (s *site) showLookup(w http.ResponseWriter, r *http.Request, status int, view lookupView) error {
	p := page{Title: view.title(s.words(r)), Content: view}
	if view.Busy {
		p.Refresh = refreshEvery
	}
	return s.write(w, r, status, "follow_lookup", p)
}

func (v lookupView) title(w words) string {
	switch {
	case v.Busy:
		return w.say("Looking at it")
	case v.Person != "":
		return w.say("All playlists by %s", v.Person)
	case v.Playlist.Name != "":
		return v.Playlist.Name
	}
	return w.say("That did not work")
}

func (s *site) lookupView(r *http.Request, row lookup) (lookupView, error) {
	view := lookupView{ID: string(row.ID), Target: row.Target, Choice: takeChoice{Mode: playlists.Sync, OnWithdraw: playlists.Keep}}
	if v, ok := visitorOf(r.Context()); ok {
		view.Unnamed = v.Handle == "" && !v.Child && s.origin() != nil
	}
	if row.Result == nil {
		u, err := s.lookups.howFar(r.Context(), row.Account, view.ID)
		view.Busy, view.Step = true, s.words(r).step("/lookups/"+view.ID+"/events", u)
		return view, err
	}
	view.Problem = row.Result.Problem.In(s.words(r).say)
	view.Silent, view.Unchecked, view.Read = row.Result.Silent.In(s.words(r).say), row.Result.Unchecked, row.Result.Read
	switch found := row.Result.Found; {
	case found == nil:
	case found.Person != nil:
		view.Person, view.Handle, view.Count, view.Lists = found.Person.Name, found.Person.Handle, len(found.Person.Playlists), row.Result.Lists
	default:
		view.show(*row.Result)
	}
	return view, nil
}

// show fills in what a playlist is.
func (v *lookupView) show(result lookedAt) {
	found := *result.Found
	v.Playlist, v.File, v.Closed = found.Playlist, found.File, !found.Readable
	v.Seconds = totalSeconds(found.Playlist.Tracks)
	v.Here, v.Check, v.Strange = tally(result.Classes)
	v.Enough = playlists.Enough(len(found.Playlist.Tracks))
	v.Few = !v.Closed && !v.Unchecked && v.Here < v.Enough
	if !found.Local && found.Playlist.Source != "" {
		v.Host = hostOf(found.Playlist.Source)
	} else if found.File {
		v.Host = hostOf(found.Playlist.Page)
	}
	if v.File {
		v.Choice.Mode = playlists.Once
	}
	for i, t := range found.Playlist.Tracks[:min(len(found.Playlist.Tracks), maxRows)] {
		row := trackRow{Track: t, Standing: isUnchecked}
		if !result.Unchecked {
			row.Standing = standing(result.Classes[i])
		}
		v.Rows = append(v.Rows, row)
	}
	v.More = len(found.Playlist.Tracks) - len(v.Rows)
}

// Rest is how many of a person's playlists were not looked at.
func (v lookupView) Rest() int { return v.Count - len(v.Lists) }

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}

// lookupEvents tells how far looking at something has come.
func (s *site) lookupEvents(w http.ResponseWriter, r *http.Request, v visitor) error {
	id := chi.URLParam(r, "id")
	if _, err := s.lookups.get(r.Context(), v.ID, id); err != nil {
		return err
	}
	return s.watch(w, r, v, func(ctx context.Context) (subsonicbridge.Underway, error) { return s.lookups.howFar(ctx, v.ID, id) })
}
