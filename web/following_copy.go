package web

import (
	"context"
	"net/http"

	"github.com/go-chi/chi/v5"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge"
)

const (
	maxHistory = 10 // changes of a playlist that are shown
	maxNames   = 5  // tracks that a change names
)

// copyView is what following_copy.html shows: one copy.
type copyView struct {
	copyCard
	Over     bool
	Paused   bool
	Question string // its kind: shrinks, deleted, few or order; "" for none
	OwnOrder bool   // the list is for good in its person's order
	Listed   bool   // there is a list on the music server
	Drops    bool   // it goes when its owner withdraws it
	By       playlists.Curator
	Page     string // where the playlist can be looked at
	Busy     bool
	Step     stepView
	Check    int
	Strange  int
	Rows     []trackRow
	More     int
	Refused  []subsonicbridge.RefusedSong
	History  []change
	Problem  string
}

// ownCopy returns the want of the visitor's that a path names.
func (s *site) ownCopy(r *http.Request, v visitor) (playlists.Want, error) {
	return s.ownWant(r.Context(), v, chi.URLParam(r, "want"))
}

// copyPage shows one copy.
func (s *site) copyPage(w http.ResponseWriter, r *http.Request, v visitor) error {
	want, err := s.ownCopy(r, v)
	if err != nil {
		return err
	}
	view, err := s.copyView(r, want)
	if err != nil {
		return err
	}
	return s.showCopy(w, r, http.StatusOK, view)
}

func (s *site) showCopy(w http.ResponseWriter, r *http.Request, status int, view copyView) error {
	p := page{Title: view.Name, Content: view}
	if view.Busy {
		p.Refresh = refreshEvery
	}
	if status != http.StatusOK {
		return s.write(w, r, status, "following_copy", p)
	}
	return s.showOwn(w, r, "following_copy", p)
}

func (s *site) copyView(r *http.Request, want playlists.Want) (view copyView, err error) {
	c, err := s.Music.Copy(r.Context(), want)
	if err != nil {
		return view, err
	}
	if view.copyCard, err = s.copyCard(r, c); err != nil {
		return view, err
	}
	view.Over, view.Paused = !want.Ended.IsZero(), c.State == subsonicbridge.Paused
	view.Question, view.OwnOrder, view.Drops = question(c.State), c.State == subsonicbridge.OwnOrder, want.OnWithdraw == playlists.Drop
	u, err := s.Music.Underway(r.Context(), want)
	if err != nil {
		return view, err
	}
	view.Busy, view.Step = u.Busy, s.words(r).step("/following/"+string(want.ID)+"/events", u)
	for _, fill := range []func(context.Context, playlists.Want, *copyView) error{s.fillSource, s.fillRows, s.fillHistory} {
		if err := fill(r.Context(), want, &view); err != nil {
			return view, err
		}
	}
	return view, nil
}

// question names what a copy in this state asks.
func question(s subsonicbridge.State) string {
	return map[subsonicbridge.State]string{subsonicbridge.Asks: "shrinks", subsonicbridge.Deleted: "deleted",
		subsonicbridge.Few: "few", subsonicbridge.Reordered: "order"}[s]
}

// fillSource adds whose playlist it is and where it can be looked at.
func (s *site) fillSource(ctx context.Context, want playlists.Want, view *copyView) error {
	p, err := s.Store.Get(ctx, want.Playlist)
	if playlists.CodeOf(err) == playlists.NotFound {
		return nil // nothing of it was read yet
	}
	if err == nil && p.Origin == playlists.Local {
		var pub playlists.Publication
		if pub, err = s.Store.Publication(ctx, p.ID); want.Ended.IsZero() && want.Knows(pub) {
			p.Page = pathOf(pub)
		}
	}
	view.By, view.Page = p.Curator, p.Page
	return err
}

// fillRows adds the wanted tracks and what stands for each.
func (s *site) fillRows(ctx context.Context, want playlists.Want, view *copyView) error {
	last, err := s.Music.LastResult(ctx, want.ID)
	if err != nil {
		return err
	}
	view.Listed = last.ServerID != "" && last.State != subsonicbridge.Deleted
	view.Check, view.Strange = last.Review, last.Total-last.Found-last.Review
	shown := last.Rows[:min(len(last.Rows), maxRows)]
	view.More = len(last.Rows) - len(shown)
	songs, err := s.Music.SongsFor(ctx, want.Account, shown)
	if err != nil {
		return err
	}
	for _, r := range shown {
		row := trackRow{Track: r.Track, Standing: standing(r.Resolution.Class)}
		if song, ok := songs[r.Resolution.Song]; ok && (song.Title != r.Track.Title || song.Artist != r.Track.Artist) {
			row.Song = song.Track
		}
		view.Rows = append(view.Rows, row)
	}
	view.Refused, err = s.Music.Refused(ctx, want.ID)
	return err
}

// fillHistory adds how the source changed since it is followed. A copy that was made once does not follow it, nor does one
// that is over, or that the owner has not agreed to.
func (s *site) fillHistory(ctx context.Context, want playlists.Want, view *copyView) error {
	if want.Mode == playlists.Once || !want.Reads() {
		return nil
	}
	steps, err := s.Store.History(ctx, want.Playlist, maxHistory)
	for _, step := range steps {
		if step.At.Before(want.Created) {
			break
		}
		c := changeIn(step)
		for _, t := range step.Added[:min(len(step.Added), maxNames)] {
			c.Names = append(c.Names, t.Title)
		}
		view.History = append(view.History, c)
	}
	return err
}

// copyEvents tells how far the work on a copy has come.
func (s *site) copyEvents(w http.ResponseWriter, r *http.Request, v visitor) error {
	want, err := s.ownCopy(r, v)
	if err != nil {
		return err
	}
	return s.watch(w, r, v, func(ctx context.Context) (subsonicbridge.Underway, error) { return s.Music.Underway(ctx, want) })
}
