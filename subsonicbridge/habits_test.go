package subsonicbridge_test

import (
	"strings"
	"testing"
	"time"

	"github.com/songferry/songferry/subsonicbridge"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

func TestAServerThatAppendsInsteadOfReplacingGetsANewList(t *testing.T) {
	t.Parallel()
	prepare := func(t *testing.T) *home {
		w := newHome(t, subsonictest.Navidrome)
		w.front.habit = appends
		w.own("Amber", "Birch", "Cedar")
		w.follow(w.alice("Amber", "Birch"))
		w.mirror()
		w.alice("Cedar", "Birch")
		return w
	}
	crash(t, prepare, act, func(w *home) {
		w.expect("Cedar", "Birch")
		if name := w.theList().Name; name != "Road trip · Alice" {
			w.Errorf("name %q", name)
		}
	})
}

func TestASongThatTheServerDropsDoesNotCostTheList(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Navidrome)
	ids := w.own("Amber", "Birch", "Cedar")
	want := w.follow(w.alice("Amber", "Birch"))
	w.mirror()
	list := w.theList()
	w.front.habit = drops(ids[2])
	w.alice("Cedar", "Birch", "Amber")
	w.mirror()
	w.expect("Birch", "Amber")
	if r := w.result(want); r.ServerID != list.ID || !strings.Contains(r.Note, "did not take 1 of the songs") {
		t.Errorf("result: %+v", r)
	}
	w.front.habit = nil
	w.alice("Cedar", "Amber", "Birch")
	w.mirror()
	w.expect("Cedar", "Amber", "Birch")
}

func TestAServerThatDropsEverythingDoesNotEmptyTheList(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Gonic)
	ids := w.own("Amber", "Birch")
	want := w.follow(w.alice("Amber"))
	w.mirror()
	w.front.habit = drops(ids[1])
	w.alice("Birch")
	for range 3 {
		w.clock.pass(7 * time.Hour)
		w.mirror()
		w.expect("Amber")
	}
	if r := w.result(want); r.Error == "" {
		t.Errorf("result: %+v", r)
	}
	w.front.habit = nil
	w.clock.pass(7 * time.Hour)
	w.mirror()
	w.expect("Birch")
}

func TestAServerThatShowsNoPlaylistsIsNotBelievedAtOnce(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Navidrome)
	mine := w.server.AddPlaylist("bob", "Mine", w.own("Amber", "Birch")...)
	want := w.follow(w.alice("Amber"))
	w.poll()
	w.mirror()
	w.server.DeletePlaylist(mine)
	w.server.DeletePlaylist(w.result(want).ServerID)
	w.alice("Amber", "Birch")
	w.mirror()
	w.poll()
	if r := w.result(want); r.State == subsonicbridge.Deleted || r.Error == "" {
		t.Errorf("result: %+v", r)
	}
	w.clock.pass(30 * time.Hour)
	w.mirror()
	w.expectState(want, subsonicbridge.Deleted)
}

func TestAListThatComesBackIsTakenUpAgain(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Navidrome)
	w.own("Amber", "Birch")
	want := w.follow(w.alice("Amber"))
	w.mirror()
	old := w.server
	w.server = subsonictest.NewServer(subsonictest.Navidrome) // the same one, from a backup without the list
	w.server.AddUser("admin", "admin's password")
	w.server.AddUser("bob", "bob's password")
	w.own("Amber", "Birch")
	w.front.next = w.server
	w.alice("Birch")
	w.mirror()
	w.expectState(want, subsonicbridge.Deleted)
	w.server, w.front.next = old, old
	w.poll()
	w.mirror()
	w.expect("Birch")
	w.expectState(want, subsonicbridge.Written)
}

func TestALibraryThatSeemsEmptyIsNotBelieved(t *testing.T) {
	t.Parallel()
	eachDialect(t, func(w *home) {
		ids := w.own(words(3)...)
		id := w.alice(words(3)...)
		w.follow(id)
		w.mirror()
		for _, song := range ids {
			w.server.RemoveSong(song) // takes them out of the list too, as a scan without the disk does
		}
		w.server.Rescan()
		w.clock.pass(25 * time.Hour)
		w.poll()
		w.mirror()
		s, err := w.bridge.Status(w.Context(), w.bob.ID)
		w.must(err)
		if s.Songs != 3 {
			w.Errorf("the library has %d songs", s.Songs)
		}
	})
}
