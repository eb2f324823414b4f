package subsonicbridge_test

import (
	"net/url"
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
	if r := w.result(want); r.ServerID != list.ID || !strings.Contains(r.Note.String(), "did not take 1 of the songs") {
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
	if r := w.result(want); r.Error.String() == "" {
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
	if r := w.result(want); r.State == subsonicbridge.Deleted || r.Error.String() == "" {
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

// finds is the habit of a server that lost sight of most of its files, but not of what its playlists hold.
func finds(songs string) func(string, url.Values) string {
	return func(method string, form url.Values) string {
		if method == "search3" {
			form.Set("songCount", songs)
			form.Set("songOffset", "0")
		}
		return method
	}
}

func TestALibraryThatCollapsesAsksFirst(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Supysonic) // which does not say how many songs it should have
	all := words(26)[5:19]
	w.own(all...)
	want := w.follow(w.alice(all...))
	w.mirror()
	see := func(habit func(string, url.Values) string) {
		t.Helper()
		w.front.habit = habit
		w.clock.pass(25 * time.Hour)
		w.poll()
		w.mirror()
	}
	see(finds("2"))
	w.expect(all...)
	w.expectState(want, subsonicbridge.Asks)
	if note := w.result(want).Note.String(); !strings.Contains(note, "Your library has only 2 of the 14 songs") {
		t.Errorf("note %q", note)
	}
	see(nil)
	w.expect(all...)
	w.expectState(want, subsonicbridge.Written)

	see(finds("2"))
	w.must(w.bridge.Confirm(t.Context(), want.ID))
	w.mirror()
	if got := w.server.Titles(w.theList().ID); len(got) != 2 {
		t.Errorf("the list has %v", got)
	}
	w.expectState(want, subsonicbridge.Written)
	see(nil)
	w.expect(all...)

	see(finds("2")) // the answer was for that time
	w.expect(all...)
	w.expectState(want, subsonicbridge.Asks)
}

// A server that is set up anew, or that lost sight of a folder for a while, drops songs from lists by itself and has them
// again under other ids. The person has refused nothing.
func TestSongsThatTheServerDroppedComeBack(t *testing.T) {
	t.Parallel()
	eachDialect(t, func(w *home) {
		ids := w.own(words(4)...)
		want := w.follow(w.alice(words(3)...))
		w.mirror()
		for _, song := range ids[1:3] {
			w.server.RemoveSong(song)
		}
		w.own(words(3)[1:]...)
		w.clock.pass(25 * time.Hour)
		w.poll()
		w.mirror()
		w.expect(words(3)...)
		if refused, err := w.bridge.Refused(w.Context(), want.ID); err != nil || len(refused) > 0 {
			w.Errorf("refused: %+v, %v", refused, err)
		}
	})
}
