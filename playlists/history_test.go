package playlists_test

import (
	"testing"

	"github.com/songferry/songferry/playlists"
)

func TestTheHistoryTellsWhatTheNewestVersionsChanged(t *testing.T) {
	t.Parallel()
	s, alice := setup(t)
	p := playlists.Playlist{ID: playlists.NewID(), Owner: alice.ID, Origin: playlists.Local, Name: "Road trip"}
	for _, titles := range [][]string{{"One"}, {"One", "Two"}, {"Two", "One"}, {"Two", "Three"}} {
		p.Tracks = nil
		for _, title := range titles {
			p.Tracks = append(p.Tracks, playlists.Track{Title: title})
		}
		record(t, s, p)
	}
	steps, err := s.History(t.Context(), p.ID, 10)
	if err != nil || len(steps) != 3 {
		t.Fatalf("%+v, %v", steps, err)
	}
	if newest := steps[0]; newest.Revision != 4 || len(newest.Added) != 1 || len(newest.Removed) != 1 || newest.Added[0].Title != "Three" {
		t.Errorf("%+v", newest)
	}
	if steps[1].Moved != 1 || steps[2].Revision != 2 || len(steps[2].Added) != 1 {
		t.Errorf("%+v", steps[1:])
	}
	if steps, err := s.History(t.Context(), p.ID, 1); err != nil || len(steps) != 1 || steps[0].Revision != 4 {
		t.Errorf("the newest: %+v, %v", steps, err)
	}
	if steps, err := s.History(t.Context(), playlists.NewID(), 10); err != nil || steps != nil {
		t.Errorf("of what was never read: %+v, %v", steps, err)
	}
}
