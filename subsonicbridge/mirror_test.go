package subsonicbridge_test

import (
	"strings"
	"testing"
	"time"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

func TestAPlaylistArrivesFollowsItsSourceAndFillsItsGaps(t *testing.T) {
	t.Parallel()
	eachDialect(t, func(w *home) {
		w.own("Amber", "Birch", "Dahlia")
		want := w.follow(w.alice("Amber", "Birch", "Cedar"))
		w.mirror()
		w.expect("Amber", "Birch")
		list := w.theList()
		if list.Name != "Road trip · Alice" || list.Public {
			t.Errorf("the list: %+v", list)
		}
		if r := w.result(want); r.Found != 2 || r.Total != 3 || r.ServerID != list.ID || r.State != subsonicbridge.Written || len(r.Rows) != 3 {
			t.Errorf("result: %+v", r)
		}

		w.alice("Dahlia", "Amber", "Cedar")
		w.mirror()
		w.expect("Dahlia", "Amber")

		w.own("Cedar")
		w.clock.pass(25 * time.Hour) // a server without a scan key is read once a day
		w.poll()
		w.mirror()
		w.expect("Dahlia", "Amber", "Cedar")
		if got := w.theList().ID; got != list.ID {
			t.Errorf("the list has a new id: %q, before %q", got, list.ID)
		}
		if x, err := w.store.Want(t.Context(), want.ID); err != nil || x.Found != 3 || x.Total != 3 {
			t.Errorf("coverage: %+v, %v", x, err)
		}
	})
}

func TestTheCommentSaysWhoseItIsAndHowMuchWasFound(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Navidrome)
	w.own("Amber")
	w.follow(w.alice("Amber", "Birch"))
	w.mirror()
	comment := w.theList().Comment
	for _, part := range []string{"by Alice", "1 of 2 tracks found in your library", alicePage} {
		if !strings.Contains(comment, part) {
			t.Errorf("the comment lacks %q: %q", part, comment)
		}
	}
	w.own("Birch")
	w.poll()
	w.mirror()
	if comment := w.theList().Comment; !strings.Contains(comment, "2 of 2 tracks") {
		t.Errorf("the comment was not brought up to date: %q", comment)
	}
}

func TestNothingIsWrittenWhenNothingChanged(t *testing.T) {
	t.Parallel()
	eachDialect(t, func(w *home) {
		w.own("Amber", "Birch")
		want := w.follow(w.alice("Amber", "Birch"))
		w.mirror()
		w.writes()
		for range 3 {
			_, err := w.bridge.MirrorWant(w.Context(), want.ID, nil)
			w.must(err)
		}
		if n := w.writes(); n != 0 {
			t.Errorf("%d writes without need", n)
		}
	})
}

func TestARenamedSourceRenamesTheListUnlessThePersonDid(t *testing.T) {
	t.Parallel()
	eachDialect(t, func(w *home) {
		w.own("Amber")
		w.follow(w.alice("Amber"))
		w.mirror()
		w.aliceNamed("Long trip", "Amber")
		w.mirror()
		if name := w.theList().Name; name != "Long trip · Alice" {
			t.Errorf("name %q", name)
		}
		w.server.Rename(w.theList().ID, "For the car")
		w.aliceNamed("Longest trip", "Amber")
		w.mirror()
		if name := w.theList().Name; name != "For the car" {
			t.Errorf("the person's name was overwritten: %q", name)
		}
	})
}

func TestWithoutAnyTrackThereIsNoList(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Gonic)
	w.own("Amber")
	want := w.follow(w.alice("Birch", "Cedar"))
	w.mirror()
	if lists := w.lists(); len(lists) != 0 {
		t.Errorf("a list of nothing: %+v", lists)
	}
	w.expectState(want, subsonicbridge.Nothing)
	w.own("Cedar")
	w.poll()
	w.mirror()
	w.expect("Cedar")
}

func TestACopyKeepsItsRevision(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Navidrome)
	w.own("Amber", "Birch")
	id := w.alice("Amber", "Cedar")
	w.want(playlists.Want{Playlist: id, Mode: playlists.Once, Pinned: 1})
	w.mirror()
	w.alice("Birch")
	w.mirror()
	w.expect("Amber")
	w.own("Cedar")
	w.poll()
	w.mirror()
	w.expect("Amber", "Cedar")
}

func TestF99ASourceThatCollapsesAsksFirst(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Navidrome)
	all := words(12)
	w.own(all...)
	want := w.follow(w.alice(all...))
	w.mirror()

	for _, left := range [][]string{all[:5], nil} {
		w.alice(left...)
		w.mirror()
		w.expect(all...)
		w.expectState(want, subsonicbridge.Asks)
	}
	w.alice(all[:8]...)
	w.mirror()
	w.expect(all[:8]...)
	w.expectState(want, subsonicbridge.Written)

	w.alice()
	w.mirror()
	w.expect(all[:8]...)
	w.alice(all[:1]...)
	w.mirror()
	w.expect(all[:1]...)
}

func TestAPersonMayLetASourceCollapse(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Navidrome)
	all := words(12)
	w.own(all...)
	want := w.follow(w.alice(all...))
	w.mirror()
	w.alice(all[:2]...)
	w.mirror()
	w.expectState(want, subsonicbridge.Asks)
	w.must(w.bridge.Confirm(t.Context(), want.ID))
	w.mirror()
	w.expect(all[:2]...)
	w.expectState(want, subsonicbridge.Written)
}

func TestADeletedListIsNotMadeAgain(t *testing.T) {
	t.Parallel()
	eachDialect(t, func(w *home) {
		w.own("Amber", "Birch")
		want := w.follow(w.alice("Amber"))
		w.mirror()
		w.server.DeletePlaylist(w.theList().ID)
		w.alice("Amber", "Birch")
		w.mirror()
		w.expectState(want, subsonicbridge.Deleted)
		w.alice("Birch")
		w.connect()
		w.poll()
		w.mirror()
		if lists := w.lists(); len(lists) != 0 {
			t.Fatalf("the list came back: %+v", lists)
		}
		w.must(w.bridge.Confirm(t.Context(), want.ID))
		w.mirror()
		w.expect("Birch")
	})
}

func TestAReadOnlyListGetsASuccessor(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Navidrome)
	w.own("Amber", "Birch")
	want := w.follow(w.alice("Amber"))
	w.mirror()
	old := w.theList()
	w.server.SetReadOnly(old.ID, true)
	w.alice("Amber", "Birch")
	w.mirror()
	if p, ok := w.server.Playlist(old.ID); !ok || len(p.Songs) != 1 {
		t.Errorf("the read-only list was touched: %+v", p)
	}
	r := w.result(want)
	if r.ServerID == old.ID || strings.Join(w.server.Titles(r.ServerID), " ") != "Amber Birch" {
		t.Errorf("the successor: %+v", r)
	}
}

func TestAWithdrawnSource(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		want  playlists.Want
		stays bool
		ended bool
	}{
		"kept":    {playlists.Want{Mode: playlists.Sync, OnWithdraw: playlists.Keep}, true, true},
		"dropped": {playlists.Want{Mode: playlists.Sync, OnWithdraw: playlists.Drop}, false, true},
		"copied":  {playlists.Want{Mode: playlists.Once, Pinned: 1}, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newHome(t, subsonictest.Supysonic)
			w.own("Amber")
			c.want.Playlist = w.alice("Amber")
			want := w.want(c.want)
			w.mirror()
			w.must(w.store.Withdraw(t.Context(), c.want.Playlist))
			w.mirror()
			if stays := len(w.lists()) == 1; stays != c.stays {
				t.Errorf("the list stays: %v", stays)
			}
			x, err := w.store.Want(t.Context(), want.ID)
			w.must(err)
			if x.Ended.IsZero() == c.ended {
				t.Errorf("the want's end: %v", x.Ended)
			}
			if name == "kept" && !strings.Contains(w.theList().Comment, "no longer shares") {
				t.Errorf("the comment of what stays: %q", w.theList().Comment)
			}
		})
	}
}

func TestAListThatStaysIsThePersonsFromThenOn(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Navidrome)
	w.own("Amber")
	want := w.follow(w.alice("Amber"))
	w.mirror()
	w.poll()
	if own, err := w.store.List(t.Context(), w.bob.ID); err != nil || len(own) != 0 {
		t.Errorf("a mirror was read as bob's playlist: %+v, %v", own, err)
	}
	w.must(w.store.EndWant(t.Context(), want))
	w.mirror()
	w.expectState(want, subsonicbridge.Unlinked)
	w.poll()
	if own, err := w.store.List(t.Context(), w.bob.ID); err != nil || len(own) != 1 {
		t.Errorf("bob's playlists: %+v, %v", own, err)
	}
}

func TestALocalPlaylistIsCopiedOnlyWhileItsOwnerAllows(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	w := newHome(t, subsonictest.Navidrome)
	w.own("Amber", "Birch")
	carol, err := w.store.AddAccount(ctx, playlists.Account{Handle: "carol"})
	w.must(err)
	c, _, err := w.store.Record(ctx, playlists.Playlist{ID: playlists.NewID(), Owner: carol.ID, Origin: playlists.Local, Name: "Hers", Tracks: tracks("Amber")})
	w.must(err)

	early := w.follow(c.Playlist)
	w.mirror()
	if lists := w.lists(); len(lists) != 0 {
		t.Fatalf("a private playlist was copied: %+v", lists)
	}
	w.expectState(early, subsonicbridge.Unlinked)

	_, err = w.store.Publish(ctx, c.Playlist, playlists.Unlisted)
	w.must(err)
	w.want(playlists.Want{Playlist: c.Playlist, Mode: playlists.Sync, OnWithdraw: playlists.Drop})
	w.mirror()
	w.expect("Amber")

	_, err = w.store.Publish(ctx, c.Playlist, playlists.Followers)
	w.must(err)
	w.mirror()
	w.expect("Amber") // bob may still see it
	w.must(w.store.GrantWants(ctx, w.bob.ID, c.Playlist, false))
	_, _, err = w.store.Record(ctx, playlists.Playlist{ID: c.Playlist, Owner: carol.ID, Origin: playlists.Local, Name: "Hers", Tracks: tracks("Amber", "Birch")})
	w.must(err)
	w.mirror()
	w.expect("Amber") // what he has he keeps, and hears no more
}

func TestAWantWaitsForItsOwnersConsent(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Navidrome)
	w.own("Amber")
	want, err := w.store.AddWant(t.Context(), playlists.Want{Account: w.bob.ID, Playlist: w.alice("Amber"), Mode: playlists.Sync})
	w.must(err)
	w.mirror()
	w.expectState(want, subsonicbridge.Waiting)
	w.must(w.store.GrantWants(t.Context(), w.bob.ID, want.Playlist, true))
	w.mirror()
	w.expect("Amber")
}

func TestAPlaylistThatWasNotReadYetArrivesLater(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Navidrome)
	w.own("Amber")
	id, err := w.store.Expect(t.Context(), aliceSource)
	w.must(err)
	want := w.follow(id)
	w.mirror()
	w.expectState(want, subsonicbridge.Waiting)
	w.alice("Amber")
	w.mirror()
	w.expect("Amber")
}

func TestAServerThatRenumberedEverythingChangesNothing(t *testing.T) {
	t.Parallel()
	for _, rescanned := range []bool{true, false} {
		eachDialect(t, func(w *home) {
			w.own("Amber", "Birch", "Cedar", "Dahlia")
			want := w.follow(w.alice("Amber", "Birch", "Cedar"))
			w.mirror()
			w.server.SetPlaylist(w.theList().ID, w.songs("Birch", "Dahlia", "Cedar")...) // without Amber, with Dahlia
			w.alice("Amber", "Birch", "Cedar", "Xenon")
			w.mirror()
			w.expect("Birch", "Dahlia", "Cedar")

			w.server.Renumber()
			if rescanned {
				w.server.Rescan()
			}
			w.poll()
			if own, err := w.store.List(t.Context(), w.bob.ID); err != nil || len(own) != 0 {
				t.Errorf("the mirror was read as bob's playlist: %+v, %v", own, err)
			}
			w.alice("Amber", "Birch", "Cedar", "Yarrow")
			w.mirror()
			w.expect("Birch", "Dahlia", "Cedar")
			w.expectState(want, subsonicbridge.Written)
		})
	}
}

// songs returns the ids that titles have on the server now.
func (w *home) songs(titles ...string) []string {
	w.Helper()
	probe := w.server.AddPlaylist("admin", "probe", w.server.Songs()...)
	defer w.server.DeletePlaylist(probe)
	byTitle := map[string]string{}
	for i, title := range w.server.Titles(probe) {
		byTitle[title] = w.server.Songs()[i]
	}
	var ids []string
	for _, title := range titles {
		ids = append(ids, byTitle[title])
	}
	return ids
}
