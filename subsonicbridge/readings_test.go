package subsonicbridge_test

import (
	"testing"
	"time"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/match"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

// The account moves while its old server is being read: what that has is not taken for what the new one has.
func TestAReadingOfTheOldServerIsNotKeptForTheNewOne(t *testing.T) {
	t.Parallel()
	w, there := newHome(t, subsonictest.Supysonic), newHome(t, subsonictest.Supysonic)
	w.own("Amber", "Birch")
	there.own("Birch", "Cedar", "Amber") // by the same ids
	want := w.follow(w.alice("Amber", "Birch"))
	moved := false
	_, err := w.bridge.MirrorWant(t.Context(), want.ID, func(_, _ int) {
		if !moved {
			moved = true
			_, err := w.bridge.Connect(t.Context(), w.bob.ID, there.url, "bob", "bob's password")
			w.must(err)
		}
	})
	if playlists.CodeOf(err) != playlists.Unavailable {
		t.Errorf("at the old server: %v", err)
	}
	w.clock.pass(10 * time.Minute)
	w.mirror()
	there.expect("Amber", "Birch")
}

// Two processes read the library at once, and it changes in between: the one that is done last, and saw nothing new, does not
// bring back a reading that the other has replaced.
func TestTwoReadingsAtOnceLeaveALibrary(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Supysonic)
	ids := w.own("Amber", "Birch", "Cedar")
	w.follow(w.alice("Amber", "Birch"))
	w.mirror()
	within := false
	_, err := w.bridge.Reread(t.Context(), w.bob.ID, func(_, _ int) {
		if !within {
			within = true
			w.server.RemoveSong(ids[2])
			_, err := w.bridge.Reread(t.Context(), w.bob.ID, nil)
			w.must(err)
		}
	})
	w.must(err)
	w.mirror()
	w.clock.pass(5 * time.Minute) // nothing of it is in memory any more
	w.mirror()
	found, err := w.bridge.Preview(t.Context(), w.bob.ID, tracks("Amber"), nil)
	w.must(err)
	if found.Rows[0].Class != match.Exact {
		t.Errorf("%+v", found.Rows[0])
	}
}
