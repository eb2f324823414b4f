package playlists_test

import (
	"context"
	"testing"
	"time"

	"github.com/songferry/songferry/playlists"
)

func TestWhatNobodyWantsIsForgottenAfterAWhile(t *testing.T) {
	t.Parallel()
	s := open(t)
	ctx := t.Context()
	alice, err := s.AddAccount(ctx, playlists.Account{Handle: "alice", Name: "Alice"})
	s.ok(err)
	wanted := func(source string) playlists.Want {
		t.Helper()
		c, _, err := s.Record(ctx, playlists.Playlist{Origin: playlists.Remote, Source: source, Name: source, Tracks: []playlists.Track{{Title: "One"}}})
		s.ok(err)
		w, err := s.AddWant(ctx, playlists.Want{Account: alice.ID, Playlist: c.Playlist, Target: source, Mode: playlists.Sync, Granted: true})
		s.ok(err)
		return w
	}
	here := func(w playlists.Want) (want, playlist bool) {
		t.Helper()
		_, err := s.Want(ctx, w.ID)
		_, getErr := s.Get(ctx, w.Playlist)
		for _, err := range []error{err, getErr} {
			if err != nil && playlists.CodeOf(err) != playlists.NotFound {
				t.Fatal(err)
			}
		}
		return err == nil, getErr == nil
	}
	// forget is what those who act on wants, and the job that tidies, do once in a while.
	forget := func(all ...playlists.Want) {
		t.Helper()
		for _, reader := range []string{"one", "two"} {
			_, err := s.Each(ctx, reader, playlists.Any, func(context.Context, playlists.Change) error { return nil })
			s.ok(err)
		}
		var ids []playlists.ID
		for _, w := range all {
			ids = append(ids, w.ID)
		}
		_, err := s.ForgetWants(ctx, ids)
		s.ok(err)
		s.ok(s.Tidy(ctx))
	}
	kept, ended := wanted("https://a.example/kept"), wanted("https://a.example/ended")
	s.ok(s.EndWant(ctx, ended))
	s.ok(s.KeepOutcome(ctx, ended.ID, playlists.Outcome{List: "Ended"}))
	s.pass(playlists.KeepEnded - time.Hour)
	forget(kept, ended)
	if want, list := here(ended); !want || !list {
		t.Error("it is forgotten at once")
	}
	s.pass(2 * time.Hour)
	forget(kept, ended)
	if want, list := here(ended); want || list {
		t.Errorf("it is kept for ever: the want %v, the playlist %v", want, list)
	}
	if o, err := s.Outcome(ctx, ended.ID); !o.At.IsZero() || err != nil {
		t.Errorf("its outcome is kept: %+v, %v", o, err)
	}
	if want, list := here(kept); !want || !list {
		t.Error("what is wanted is forgotten")
	}
	again := wanted("https://a.example/ended") // it can be wanted anew
	if want, list := here(again); !want || !list {
		t.Error("it does not come again")
	}
}

func TestWhatWasLetGoOfAPersonStaysSaid(t *testing.T) {
	t.Parallel()
	s := open(t)
	ctx := t.Context()
	alice, err := s.AddAccount(ctx, playlists.Account{Handle: "alice", Name: "Alice"})
	s.ok(err)
	person, err := s.WantPerson(ctx, playlists.PersonWant{Account: alice.ID, Origin: playlists.Remote, Person: "https://b.example/bob", Name: "Bob", Target: "@bob@b.example"})
	s.ok(err)
	c, _, err := s.Record(ctx, playlists.Playlist{Origin: playlists.Remote, Source: "https://b.example/1", Name: "One", Tracks: []playlists.Track{{Title: "One"}}})
	s.ok(err)
	w, err := s.AddWant(ctx, playlists.Want{Account: alice.ID, Playlist: c.Playlist, Target: "@one@b.example", Mode: playlists.Sync, Granted: true})
	s.ok(err)
	s.ok(s.EndWant(ctx, w))
	s.pass(playlists.KeepEnded + time.Hour)
	if gone, err := s.ForgetWants(ctx, []playlists.ID{w.ID}); len(gone) != 0 || err != nil {
		t.Errorf("forgotten: %v, %v", gone, err)
	}
	s.ok(s.EndPersonWant(ctx, person.ID))
	if gone, err := s.ForgetWants(ctx, []playlists.ID{w.ID}); len(gone) != 1 || err != nil {
		t.Errorf("kept: %v, %v", gone, err)
	}
}
