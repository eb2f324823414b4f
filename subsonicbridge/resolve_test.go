package subsonicbridge_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/match"
	"github.com/songferry/songferry/subsonicbridge"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

func TestThePreviewChangesNothing(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Navidrome)
	ids := w.own("Amber", "Birch")
	var last int
	got, err := w.bridge.Preview(t.Context(), w.bob.ID, tracks("Birch", "Cedar"), func(done, total int) { last = done })
	w.must(err)
	if rows := got.Rows; len(rows) != 2 || rows[0].Song != ids[1] || rows[0].Class != match.Exact || rows[1].Class != match.Missing || got.Failure != nil {
		t.Errorf("preview: %+v", got)
	}
	if last != 2 {
		t.Errorf("progress ended at %d", last)
	}
	if n := w.writes(); n != 0 {
		t.Errorf("%d writes", n)
	}
}

func TestAPreviewOfASilentServerIsOfItsLastReading(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Navidrome)
	w.own("Amber")
	w.server.Fail(subsonictest.Down)
	if _, err := w.bridge.Preview(t.Context(), w.bob.ID, tracks("Amber"), nil); playlists.CodeOf(err) != playlists.Unavailable {
		t.Errorf("nothing is known yet: %v", err)
	}
	w.server.Fail(subsonictest.Works)
	before, err := w.bridge.Preview(t.Context(), w.bob.ID, tracks("Amber"), nil)
	w.must(err)
	w.server.Fail(subsonictest.Down)
	w.clock.pass(48 * time.Hour)
	got, err := w.bridge.Preview(t.Context(), w.bob.ID, tracks("Amber"), nil)
	w.must(err)
	if got.Rows[0].Class != match.Exact || !got.Read.Equal(before.Read) || playlists.Say(got.Failure) == "" {
		t.Errorf("%+v, want what was known at %v", got, before.Read)
	}
}

func TestASecondCopyInTheLibraryDoesNotChangeTheList(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Navidrome)
	song := track("Amber")
	first := w.server.AddSong(song)
	want := w.follow(w.alice("Amber"))
	w.mirror()
	for range 8 { // ids are in no order, so some would come first
		w.server.AddSong(song)
	}
	w.server.Rescan()
	w.poll()
	w.writes()
	w.mirror()
	if list := w.theList(); !slices.Equal(list.Songs, []string{first}) {
		t.Errorf("the list has %v, want %s", list.Songs, first)
	}
	if n := w.writes(); n != 0 {
		t.Errorf("%d writes", n)
	}
	if r := w.result(want); len(r.Rows) != 1 || r.Rows[0].Resolution.Song != first {
		t.Errorf("rows: %+v", r.Rows)
	}
}

func TestADecisionIsKeptUnderANewID(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Supysonic)
	song := track("Amber")
	song.Album = "Another album" // so that the list shows which copy was chosen
	w.server.AddSong(song)
	want := w.follow(w.alice("Amber"))
	w.mirror()
	if r := w.result(want); r.Found != 1 {
		t.Fatalf("not found on another album: %+v", r.Rows)
	}
	w.server.Renumber()
	w.server.AddSong(playlists.Track{Title: song.Title, Artist: song.Artist, Album: "A third album", Duration: song.Duration})
	w.clock.pass(25 * time.Hour)
	w.poll()
	w.mirror()
	r := w.result(want)
	if now := w.server.Songs()[0]; r.Rows[0].Resolution.Song != now || !slices.Equal(w.theList().Songs, []string{now}) {
		t.Errorf("the song was %s, the row %+v, the list %+v", now, r.Rows[0], w.theList())
	}
}

func TestTwentyThousandTracks(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Navidrome)
	all := make([]playlists.Track, playlists.MaxTracks)
	for i := range all {
		all[i] = playlists.Track{Title: fmt.Sprintf("Piece %d", i), Artist: fmt.Sprintf("Band %d", i%1000), Duration: 100 + i%200}
		w.server.AddSong(all[i])
	}
	c, _, err := w.store.Record(t.Context(), playlists.Playlist{Origin: playlists.Remote, Source: aliceSource, Name: "All", Tracks: all})
	w.must(err)
	want := w.follow(c.Playlist)
	r, err := w.bridge.MirrorWant(t.Context(), want.ID, nil)
	w.must(err)
	if r.Found != len(all) || !slices.Equal(w.theList().Songs, w.server.Songs()) {
		t.Errorf("found %d, the list has %d", r.Found, len(w.theList().Songs))
	}
}

func TestACommandBesideTheDaemonMakesOneList(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Gonic)
	w.own("Amber", "Birch")
	want := w.follow(w.alice("Amber", "Birch"))
	done := make(chan error)
	for range 3 {
		go func() {
			_, err := w.bridge.MirrorOnce(w.Context())
			done <- err
		}()
		go func() {
			r, err := w.bridge.MirrorWant(w.Context(), want.ID, nil)
			if err == nil && r.State != subsonicbridge.Written {
				err = fmt.Errorf("state %q", r.State)
			}
			done <- err
		}()
	}
	for range 6 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	w.expect("Amber", "Birch")
}

func TestTidyDropsReadingsThatNobodyFinished(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Navidrome)
	for i := range 600 { // two pages
		w.server.AddSong(track(fmt.Sprintf("Piece %d", i)))
	}
	kept := func() (n int) {
		w.must(w.db.QueryRowContext(t.Context(), `SELECT COUNT(*) FROM subsonic_songs`).Scan(&n))
		return n
	}
	w.follow(w.alice("Piece 1"))
	w.front.arm(4, false) // the second page
	w.mirror()
	w.front.arm(0, false)
	if n := kept(); n == 0 || n == 600 {
		t.Fatalf("%d songs kept of a reading that broke off", n)
	}
	w.clock.pass(3 * time.Hour)
	w.must(w.bridge.Tidy(t.Context()))
	if n := kept(); n != 0 {
		t.Errorf("%d songs left after Tidy", n)
	}
	w.mirror()
	w.expect("Piece 1")
	w.clock.pass(30 * time.Hour)
	w.poll()
	w.must(w.bridge.Tidy(t.Context()))
	if n := kept(); n != 600 {
		t.Errorf("%d songs kept of the current reading", n)
	}
}
