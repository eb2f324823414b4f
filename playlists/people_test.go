package playlists_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/songferry/songferry/playlists"
)

func TestAPersonsPlaylistsAreWantedUnlessTheAccountSaidNo(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	s, alice := setup(t)
	ok := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	remote := func(name string) playlists.ID {
		t.Helper()
		id, err := s.Expect(ctx, "https://b.example/lists/"+name)
		ok(err)
		return id
	}
	adds := func(p playlists.PersonWant, id playlists.ID) bool {
		t.Helper()
		made, err := s.AddWantOf(ctx, p, playlists.Want{Playlist: id, Granted: true}, time.Time{})
		ok(err)
		return made
	}
	live := func() (n int) {
		t.Helper()
		wants, err := s.AccountWants(ctx, alice.ID)
		ok(err)
		for _, w := range wants {
			if w.Ended.IsZero() {
				n++
			}
		}
		return n
	}
	carol, err := s.WantPerson(ctx, playlists.PersonWant{Account: alice.ID, Origin: playlists.Remote, Person: "https://b.example/carol", Name: "Carol"})
	ok(err)
	again, err := s.WantPerson(ctx, playlists.PersonWant{Account: alice.ID, Origin: playlists.Remote, Person: "https://b.example/carol", OnWithdraw: playlists.Drop})
	if err != nil || again.ID != carol.ID || again.OnWithdraw != playlists.Drop {
		t.Fatalf("wanted twice: %+v, %v", again, err)
	}
	one, two, own := remote("one"), remote("two"), remote("own")
	_, err = s.AddWant(ctx, playlists.Want{Account: alice.ID, Playlist: own, Mode: playlists.Sync})
	ok(err)
	if !adds(carol, one) || adds(carol, one) || !adds(carol, two) || adds(carol, own) || live() != 3 {
		t.Fatalf("%d wants", live())
	}

	// What the account stops stays away; what it asks for by itself is its own.
	wants, err := s.Wants(ctx, one)
	ok(err)
	ok(s.EndWant(ctx, wants[0]))
	if adds(carol, one) {
		t.Error("a playlist that the account stopped comes back")
	}
	mine, err := s.AddWant(ctx, playlists.Want{Account: alice.ID, Playlist: two, Mode: playlists.Sync})
	if err != nil || mine.Person != "" {
		t.Fatalf("%+v, %v", mine, err)
	}
	three := remote("three")
	adds(carol, three)
	ok(s.EndPersonWant(ctx, carol.ID))
	if live() != 2 || adds(carol, remote("four")) {
		t.Errorf("after the end of the person %d wants are left", live())
	}
}

func TestAPersonCannotFillAMusicServer(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	s, alice := setup(t)
	carol, err := s.WantPerson(ctx, playlists.PersonWant{Account: alice.ID, Origin: playlists.Remote, Person: "https://b.example/carol"})
	if err != nil {
		t.Fatal(err)
	}
	made := 0
	for n := range playlists.MaxOfPerson + 5 {
		id, err := s.Expect(ctx, fmt.Sprintf("https://b.example/lists/%d", n))
		if err != nil {
			t.Fatal(err)
		}
		ok, err := s.AddWantOf(ctx, carol, playlists.Want{Playlist: id}, time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		if ok {
			made++
		}
	}
	if made != playlists.MaxOfPerson {
		t.Errorf("%d wants", made)
	}
}

func TestAPlaylistThatMovesStaysTheSameUnlessItIsKnownThere(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	s, alice := setup(t)
	old, err := s.Expect(ctx, "https://old.example/list")
	if err != nil {
		t.Fatal(err)
	}
	want, err := s.AddWant(ctx, playlists.Want{Account: alice.ID, Playlist: old, Mode: playlists.Sync})
	if err != nil {
		t.Fatal(err)
	}
	if now, err := s.Relocate(ctx, old, "https://new.example/list"); now != old || err != nil {
		t.Fatalf("it is %s, %v", now, err)
	}
	if id, ok, err := s.BySource(ctx, "https://new.example/list"); id != old || !ok || err != nil {
		t.Errorf("read from there is %s, %v, %v", id, ok, err)
	}
	known, err := s.Expect(ctx, "https://known.example/list")
	if err != nil {
		t.Fatal(err)
	}
	if now, err := s.Relocate(ctx, old, "https://known.example/list"); now != known || err != nil {
		t.Errorf("it is %s, %v", now, err)
	}
	if w, err := s.Want(ctx, want.ID); err != nil || w.Playlist != known || !w.Ended.IsZero() {
		t.Errorf("the want is %+v, %v", w, err)
	}
}
