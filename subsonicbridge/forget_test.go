package subsonicbridge_test

import (
	"testing"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

// rows counts what is kept of bob.
func (w *home) rows() (n int) {
	w.Helper()
	for _, table := range []string{"connections", "playlists", "libraries", "songs", "decisions", "choices", "mirrors", "library_steps", "library_changes"} {
		var some int
		w.must(w.db.QueryRow(`SELECT COUNT(*) FROM subsonic_`+table+` WHERE account_id = $1`, w.bob.ID).Scan(&some))
		n += some
	}
	var resolutions int
	w.must(w.db.QueryRow(`SELECT COUNT(*) FROM subsonic_resolutions`).Scan(&resolutions)) // nobody else has any
	return n + resolutions
}

func TestNothingIsKeptOfWhoIsGone(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Navidrome)
	w.own("Amber", "Birch")
	w.follow(w.alice("Amber", "Birch", "Cedar"))
	w.poll()
	w.mirror()
	list := w.theList()
	if w.rows() < 5 {
		t.Fatalf("only %d rows before", w.rows())
	}
	w.must(w.store.DeleteAccount(t.Context(), w.bob.ID))
	w.mirror()
	if n := w.rows(); n != 0 {
		t.Errorf("%d rows are kept", n)
	}
	if got := w.theList(); got.ID != list.ID || got.Name != list.Name {
		t.Errorf("his list is %+v", got)
	}
	// What a poll kept that had begun before is forgotten as well.
	_, err := w.db.Exec(`INSERT INTO subsonic_playlists (playlist_id, account_id, server_id, name, content, listing, missing_since)
		VALUES ('late', $1, '1', 'Late', '', '', 0)`, w.bob.ID)
	w.must(err)
	w.must(w.bridge.Tidy(t.Context()))
	if n := w.rows(); n != 0 {
		t.Errorf("%d rows came back", n)
	}
	if n, err := w.bridge.PollOnce(t.Context()); err != nil || n > 1 {
		t.Errorf("polled %d, %v", n, err)
	}
}

func TestCopiesOfWhatSomebodyHadWhoIsGoneStay(t *testing.T) {
	t.Parallel()
	for what, c := range map[string]struct {
		want playlists.Want
		kept bool
	}{
		"kept":    {playlists.Want{Mode: playlists.Sync, OnWithdraw: playlists.Keep}, true},
		"dropped": {playlists.Want{Mode: playlists.Sync, OnWithdraw: playlists.Drop}, false},
		"copied":  {playlists.Want{Mode: playlists.Once, Pinned: 1}, true},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			w := newHome(t, subsonictest.Navidrome)
			w.own("Amber", "Birch")
			carol, err := w.store.AddAccount(t.Context(), playlists.Account{Handle: "carol", Name: "Carol"})
			w.must(err)
			change, _, err := w.store.Record(t.Context(), playlists.Playlist{Owner: carol.ID, Origin: playlists.Local, Name: "Mix", Tracks: tracks("Amber", "Birch")})
			w.must(err)
			_, err = w.store.Publish(t.Context(), change.Playlist, playlists.Public)
			w.must(err)
			c.want.Playlist = change.Playlist
			want := w.want(c.want)
			w.mirror()
			w.expect("Amber", "Birch")
			w.must(w.store.DeleteAccount(t.Context(), carol.ID))
			w.mirror()
			w.expectState(want, subsonicbridge.Unlinked)
			if c.kept {
				w.expect("Amber", "Birch")
			} else if lists := w.lists(); len(lists) > 0 {
				t.Errorf("bob has %+v", lists)
			}
		})
	}
}

func TestWhatWasFoundForACopyGoesSomeTimeAfterIt(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Navidrome)
	w.own("Amber", "Birch")
	other, _, err := w.store.Record(t.Context(), playlists.Playlist{Origin: playlists.Remote, Source: aliceSource + "0", Name: "Kept", Tracks: []playlists.Track{track("Amber")}})
	w.must(err)
	kept, ended := w.follow(other.Playlist), w.follow(w.alice("Amber", "Birch"))
	w.poll()
	w.mirror()
	count := func(query string) (n int) {
		t.Helper()
		w.must(w.db.QueryRow(query).Scan(&n))
		return n
	}
	const mirrors, decisions = `SELECT COUNT(*) FROM subsonic_mirrors`, `SELECT COUNT(*) FROM subsonic_decisions`
	w.must(w.bridge.Tidy(t.Context()))
	if count(mirrors) != 2 || count(decisions) != 2 {
		t.Fatalf("at first %d copies, %d tracks", count(mirrors), count(decisions))
	}
	w.must(w.store.EndWant(t.Context(), ended))
	w.mirror()
	w.must(w.bridge.Tidy(t.Context())) // forgets the rows of what has ended …
	w.must(w.bridge.Tidy(t.Context())) // … and what was found for them
	if count(mirrors) != 2 || count(decisions) != 1 {
		t.Errorf("after the end %d copies, %d tracks", count(mirrors), count(decisions))
	}
	w.clock.pass(playlists.KeepEnded + 3600e9)
	w.must(w.bridge.Tidy(t.Context()))
	if _, err := w.store.Want(t.Context(), ended.ID); count(mirrors) != 1 || playlists.CodeOf(err) != playlists.NotFound {
		t.Errorf("later %d copies, %v", count(mirrors), err)
	}
	w.mirror()
	w.expectState(kept, subsonicbridge.Written)
}
