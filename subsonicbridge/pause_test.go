package subsonicbridge_test

import (
	"testing"
	"time"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

func TestAPausedListStaysAsItIsUntilItsPersonGoesOn(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Navidrome)
	w.own(words(4)...)
	want := w.follow(w.alice("Amber", "Birch"))
	w.mirror()
	w.must(w.bridge.Pause(t.Context(), want.ID))
	w.alice("Amber", "Birch", "Cedar")
	w.mirror()
	w.expect("Amber", "Birch")
	w.expectState(want, subsonicbridge.Paused)
	if u, err := w.bridge.Underway(t.Context(), want); u.Busy || err != nil {
		t.Errorf("a paused list is at work: %+v, %v", u, err)
	}
	w.must(w.bridge.Resume(t.Context(), want.ID))
	w.mirror()
	w.expect("Amber", "Birch", "Cedar")
	w.expectState(want, subsonicbridge.Written)
}

func TestAPausedListEndsWithItsSource(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Navidrome)
	w.own(words(2)...)
	id := w.alice("Amber", "Birch")
	want := w.want(playlists.Want{Playlist: id, Mode: playlists.Sync, OnWithdraw: playlists.Drop})
	w.mirror()
	w.must(w.bridge.Pause(t.Context(), want.ID))
	w.must(w.store.Withdraw(t.Context(), id))
	w.mirror()
	if lists := w.lists(); len(lists) != 0 {
		t.Errorf("bob has %+v", lists)
	}
	if err := w.bridge.Resume(t.Context(), want.ID); playlists.CodeOf(err) != playlists.Gone {
		t.Errorf("what is over goes on: %v", err)
	}
}

func TestAListThatIsGivenUpGoesOnEveryServer(t *testing.T) {
	t.Parallel()
	eachDialect(t, func(w *home) {
		mine := w.server.AddPlaylist("bob", "Mine", w.own(words(3)...)...)
		want := w.follow(w.alice("Amber", "Birch"))
		w.mirror()
		w.must(w.bridge.GiveUp(w.Context(), want.ID))
		w.mirror()
		if l := w.theList(); l.ID != mine {
			w.Errorf("%+v is left", l)
		}
		w.expectState(want, subsonicbridge.Unlinked)
	})
}

func TestAListThatMayBeThePersonsOwnIsNotDeleted(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.LMS) // which shows no comments, so no mark either
	ids := w.own(words(3)...)
	want := w.follow(w.alice("Amber", "Birch"))
	w.mirror()
	list := w.theList()
	w.server.SetPlaylist(list.ID, ids[0], ids[2])
	w.server.Rename(list.ID, "My favourites")
	w.must(w.bridge.GiveUp(t.Context(), want.ID))
	w.mirror()
	w.expect("Amber", "Cedar")
	if r := w.result(want); r.State != subsonicbridge.Unlinked || r.Note.String() != "You stopped this. The list has changed so much that it may be another one of yours, so it was left where it is." {
		t.Errorf("%+v", r)
	}
}

func TestHowFarAListHasComeIsKeptForOthersToSee(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Navidrome)
	w.own(words(2)...)
	want := w.follow(w.alice("Amber", "Birch"))
	seen := subsonicbridge.Underway{}
	if u, err := w.bridge.Underway(t.Context(), want); !u.Busy || err != nil {
		t.Errorf("before it began: %+v, %v", u, err)
	}
	_, err := w.bridge.MirrorWant(t.Context(), want.ID, func(int, int) {
		w.clock.pass(2 * time.Second)
		u, err := w.bridge.Underway(t.Context(), want)
		w.must(err)
		if u.Total > 0 {
			seen = u
		}
	})
	w.must(err)
	if !seen.Busy || seen.Total != 2 {
		t.Errorf("meanwhile: %+v", seen)
	}
	w.mirror() // the first reading of the library has woken it
	if u, err := w.bridge.Underway(t.Context(), want); u.Busy || err != nil {
		t.Errorf("after it: %+v, %v", u, err)
	}
}
