package web

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge"
)

const (
	watchEvery  = time.Second      // rows are looked at so often: another process may be at work on them
	watchTime   = 90 * time.Second // of one request, less than the server gives an answer; browsers ask again
	maxWatchers = 6                // of one account
)

// watchers counts the requests of each account that wait for progress.
type watchers struct {
	mu sync.Mutex
	of map[playlists.ID]int
}

// enter reports whether one more may wait; leave must follow then.
func (w *watchers) enter(account playlists.ID) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.of == nil {
		w.of = map[playlists.ID]int{}
	}
	if w.of[account] >= maxWatchers {
		return false
	}
	w.of[account]++
	return true
}

func (w *watchers) leave(account playlists.ID) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.of[account]--; w.of[account] == 0 {
		delete(w.of, account)
	}
}

// refreshEvery is how many seconds a page without script waits until it is loaded again to see how far some work has come.
const refreshEvery = 3

// progressEvent is the data of one event.
type progressEvent struct {
	Done  int    `json:"done"`
	Total int    `json:"total"` // 0 while it is not known
	Say   string `json:"say"`
}

// watch sends how far some work has come, whenever that changes, as server-sent events (HTML Living Standard, 9.2); at its
// end the event "done". look reads that from the work's row.
func (s *site) watch(w http.ResponseWriter, r *http.Request, v visitor, look func(context.Context) (subsonicbridge.Underway, error)) error {
	if !s.watchers.enter(v.ID) {
		return playlists.Problemf(playlists.Unavailable, nil, "Too many pages of yours wait for progress. Close some.")
	}
	defer s.watchers.leave(v.ID)
	u, err := look(r.Context())
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no") // nginx would keep them until there are many
	if s.sendProgress(w, r, u) != nil {
		return nil // nobody listens any more
	}
	ctx, cancel := context.WithTimeout(r.Context(), watchTime)
	defer cancel()
	for u.Busy && s.lookLater(ctx) {
		now, err := look(r.Context())
		if err != nil {
			s.Log.Error("progress cannot be read", slog.Any("error", err)) // the answer has begun, so no page can say it
			return nil
		}
		if now != u && s.sendProgress(w, r, now) != nil {
			return nil
		}
		u = now
	}
	return nil
}

// lookLater waits until it is time to look again, and reports whether that is still of use.
func (s *site) lookLater(ctx context.Context) bool {
	select {
	case <-time.After(watchEvery):
		return true
	case <-s.Stopping:
	case <-ctx.Done():
	}
	return false
}

// sendProgress writes one event.
func (s *site) sendProgress(w http.ResponseWriter, r *http.Request, u subsonicbridge.Underway) error {
	data, err := json.Marshal(progressEvent{u.Done, u.Total, s.words(r).progress(u)})
	if err != nil {
		return err
	}
	name := ""
	if !u.Busy {
		name = "event: done\n"
	}
	if _, err := fmt.Fprintf(w, "%sdata: %s\n\n", name, data); err != nil {
		return err
	}
	return http.NewResponseController(w).Flush()
}

// progress says how far some work has come.
func (w words) progress(u subsonicbridge.Underway) string {
	if u.Total == 0 {
		return w.say("It begins in a moment.")
	}
	return w.say("%d of %d", u.Done, u.Total)
}

// stepView is how far some work has come, and where to hear more of it.
type stepView struct {
	Events string // path
	Done   int
	Total  int // 0 while it is not known
	Say    string
}

func (w words) step(events string, u subsonicbridge.Underway) stepView {
	return stepView{Events: events, Done: u.Done, Total: u.Total, Say: w.progress(u)}
}
