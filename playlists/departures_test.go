package playlists_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/songferry/songferry/playlists"
)

func TestADeletedAccountLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	s := open(t)
	ctx := t.Context()
	bob := s.account(playlists.Account{Handle: "bob"})
	alice := s.account(playlists.Account{Handle: "alice", Name: "Alice"})
	kim := s.account(playlists.Account{Name: "Kim", Child: true, Guardian: alice.ID})
	public, link := s.list(alice, "Public"), s.list(alice, "By link")
	pub, err := s.Publish(ctx, public, playlists.Public)
	s.ok(err)
	byLink, err := s.Publish(ctx, link, playlists.Link)
	s.ok(err)
	s.ok(s.Edit(ctx, public, playlists.Overlay{Title: "Mine"}))
	theirs, err := s.Expect(ctx, source)
	s.ok(err)
	person, err := s.WantPerson(ctx, playlists.PersonWant{Account: alice.ID, Origin: playlists.Remote, Person: "https://b.example/carol", Name: "Carol"})
	s.ok(err)
	own, err := s.AddWant(ctx, playlists.Want{Account: alice.ID, Playlist: theirs, Mode: playlists.Sync})
	s.ok(err)
	synced, err := s.AddWant(ctx, playlists.Want{Account: bob.ID, Playlist: public, Mode: playlists.Sync, Granted: true})
	s.ok(err)
	copied, err := s.AddWant(ctx, playlists.Want{Account: bob.ID, Playlist: link, Mode: playlists.Once, Pinned: 1, Granted: true})
	s.ok(err)
	all, err := s.WantPerson(ctx, playlists.PersonWant{Account: bob.ID, Origin: playlists.Local, Person: string(alice.ID), Name: "Alice"})
	s.ok(err)
	s.ok(s.Notify(ctx, playlists.Notice{Account: alice.ID, Kind: playlists.Broken, About: "x", Text: playlists.Sentencef("Secret")}))
	s.kinds()

	s.ok(s.DeleteAccount(ctx, alice.ID))
	s.ok(s.DeleteAccount(ctx, alice.ID))
	s.refused("nobody", s.DeleteAccount(ctx, "none"), playlists.NotFound)

	var last playlists.Change
	withdrawn, left := 0, 0
	_, err = s.Each(ctx, "kinds", playlists.Any, func(_ context.Context, c playlists.Change) error {
		last = c
		if c.Kind == playlists.Withdrawn {
			withdrawn++
		}
		if c.Kind == playlists.Left {
			left++
		}
		return nil
	})
	s.ok(err)
	if withdrawn != 2 || left != 1 || last.Kind != playlists.Left || last.Playlist != alice.ID || last.PublicID != alice.PublicID {
		t.Errorf("journalled %d withdrawals, %d departures, at last %+v", withdrawn, left, last)
	}
	if d, err := s.Departure(ctx, alice.PublicID); err != nil || d.Account != alice.ID || !d.Named || !d.At.Equal(s.now()) {
		t.Errorf("%+v, %v", d, err)
	}
	for _, p := range []playlists.Publication{pub, byLink} {
		if got, err := s.PublicationByPublicID(ctx, p.PublicID); err != nil || got.Live() {
			t.Errorf("%+v, %v", got, err)
		}
		if got, err := s.Get(ctx, p.Playlist); err != nil || got.Name != "" || len(got.Tracks) > 0 || got.Summary != "" {
			t.Errorf("%+v, %v", got, err)
		}
		if _, err := s.Version(ctx, p.Playlist, 1); playlists.CodeOf(err) != playlists.NotFound {
			t.Errorf("an old version: %v", err)
		}
	}
	for _, w := range []playlists.ID{synced.ID, copied.ID} {
		if got, err := s.Want(ctx, w); err != nil || got.Ended.IsZero() {
			t.Errorf("bob's want: %+v, %v", got, err)
		}
	}
	for _, p := range []playlists.ID{person.ID, all.ID} {
		if got, err := s.PersonWant(ctx, p); err != nil || got.Ended.IsZero() || p == person.ID && got.Name != "" {
			t.Errorf("%+v, %v", got, err)
		}
	}
	_, err = s.Want(ctx, own.ID)
	s.refused("what she wanted", err, playlists.NotFound)
	_, err1 := s.Account(ctx, alice.ID)
	_, err2 := s.AccountByHandle(ctx, "alice")
	_, err3 := s.FindAccount(ctx, "Alice")
	for i, err := range []error{err1, err2, err3} {
		if playlists.CodeOf(err) != playlists.NotFound {
			t.Errorf("%d: she is found: %v", i, err)
		}
	}
	if notices, err := s.Notices(ctx, alice.ID); err != nil || len(notices) > 0 {
		t.Errorf("%+v, %v", notices, err)
	}
	if got, err := s.Account(ctx, kim.ID); err != nil || got.Guardian != "" {
		t.Errorf("her child: %+v, %v", got, err)
	}
	_, err = s.AddAccount(ctx, playlists.Account{Handle: "alice"})
	s.refused("her name", err, playlists.Invalid)

	// A poll that began before she went brings nothing back.
	_, _, err = s.Record(ctx, playlists.Playlist{ID: public, Owner: alice.ID, Origin: playlists.Local, Name: "Public"})
	s.refused("recorded", err, playlists.NotFound)
	_, err = s.AddWant(ctx, playlists.Want{Account: alice.ID, Playlist: theirs, Mode: playlists.Sync})
	s.refused("wanted", err, playlists.NotFound)
	s.pass(40 * 24 * time.Hour)
	s.ok(s.Tidy(ctx))
	_, err = s.PersonWant(ctx, person.ID)
	s.refused("whom she followed", err, playlists.NotFound)
	if _, err := s.PersonWant(ctx, all.ID); err != nil {
		t.Errorf("bob's own: %v", err)
	}
}

func TestAnAdministratorLeavesWhenThereIsAnother(t *testing.T) {
	t.Parallel()
	s := open(t)
	alice, bob := s.account(playlists.Account{Handle: "alice", Admin: true}), s.account(playlists.Account{Handle: "bob"})
	s.refused("the last one", s.DeleteAccount(t.Context(), alice.ID), playlists.Invalid)
	s.ok(s.DeleteAccount(t.Context(), bob.ID))
	s.ok(s.DeleteAccount(t.Context(), alice.ID)) // alone: the bridge is empty
	gone, err := s.Departures(t.Context(), s.now())
	if err != nil || len(gone) != 2 {
		t.Errorf("%+v, %v", gone, err)
	}
	if got := s.kinds(); !slices.Equal(got, []playlists.Kind{playlists.Left, playlists.Left}) {
		t.Errorf("journalled %v", got)
	}
}
