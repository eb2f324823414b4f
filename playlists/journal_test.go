package playlists_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/songferry/songferry/migrations/migrationstest"
	"github.com/songferry/songferry/playlists"
)

func TestARepeatedRecordChangesNothing(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	s, alice := setup(t)
	p := playlists.Playlist{ID: playlists.NewID(), Owner: alice.ID, Origin: playlists.Local, Name: "Road trip",
		Tracks: []playlists.Track{{Title: "One"}, {Title: "Two"}}}
	c, changed, err := s.Record(ctx, p)
	if err != nil || !changed || c.Revision != 1 || c.Playlist != p.ID {
		t.Fatalf("first Record: %+v, changed %v, %v", c, changed, err)
	}
	if c, changed, err = s.Record(ctx, p); err != nil || changed || c.Revision != 1 {
		t.Fatalf("second Record: %+v, changed %v, %v", c, changed, err)
	}
}

func TestRowsKeepTheirNamesFromVersionToVersion(t *testing.T) {
	t.Parallel()
	s, alice := setup(t)
	p := playlists.Playlist{ID: playlists.NewID(), Owner: alice.ID, Origin: playlists.Local, Name: "Road trip",
		Tracks: []playlists.Track{{Title: "One"}, {Title: "Two"}, {Title: "One"}}}
	record(t, s, p)
	before := get(t, s, p.ID)

	p.Tracks = []playlists.Track{{Title: "Two"}, {Title: "New"}, {Title: "One"}}
	record(t, s, p)
	after := get(t, s, p.ID)

	if after.Tracks[0].Item != before.Tracks[1].Item || after.Tracks[2].Item != before.Tracks[0].Item {
		t.Errorf("rows were renamed: %+v then %+v", before.Tracks, after.Tracks)
	}
	d := playlists.DiffOf(before, after)
	if len(d.Added) != 1 || d.Added[0].Title != "New" || len(d.Removed) != 1 || d.Moved != 1 || d.Renamed {
		t.Errorf("diff: %+v", d)
	}
}

func TestAReaderThatFailsGetsTheChangeAgain(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	s, alice := setup(t)
	for _, name := range []string{"a", "b"} {
		record(t, s, playlists.Playlist{ID: playlists.NewID(), Owner: alice.ID, Origin: playlists.Local, Name: name})
	}
	var seen []int64
	boom := errors.New("boom")
	read := func(ctx context.Context, c playlists.Change) error {
		seen = append(seen, c.Seq)
		if len(seen) == 2 {
			return boom
		}
		return nil
	}
	if n, err := s.Each(ctx, "reader", playlists.Any, read); n != 1 || !errors.Is(err, boom) {
		t.Fatalf("first Each: %d, %v", n, err)
	}
	if n, err := s.Each(ctx, "reader", playlists.Any, read); n != 1 || err != nil {
		t.Fatalf("second Each: %d, %v", n, err)
	}
	if n, err := s.Each(ctx, "reader", playlists.Any, read); n != 0 || err != nil {
		t.Fatalf("third Each: %d, %v", n, err)
	}
	if len(seen) != 3 || seen[1] != seen[2] {
		t.Errorf("handed out: %v", seen)
	}
}

// Two processes read with the same cursor: what one has done while the other was busy is not done again.
func TestWhatAnotherProcessHasReadIsNotReadAgain(t *testing.T) {
	t.Parallel()
	s, alice := setup(t)
	for _, name := range []string{"a", "b", "c"} {
		record(t, s, playlists.Playlist{ID: playlists.NewID(), Owner: alice.ID, Origin: playlists.Local, Name: name})
	}
	var slow, fast int
	_, err := s.Each(t.Context(), "reader", playlists.Any, func(ctx context.Context, _ playlists.Change) error {
		slow++
		_, err := s.Each(ctx, "reader", playlists.Any, func(context.Context, playlists.Change) error { fast++; return nil })
		return err
	})
	if err != nil || slow != 1 || fast != 3 {
		t.Errorf("%d and %d, %v", slow, fast, err)
	}
}

// Who reads local changes only must not keep the journal from being tidied while all that comes is from elsewhere.
func TestAReaderIsDoneWithWhatIsNotForIt(t *testing.T) {
	t.Parallel()
	s := open(t)
	alice := s.account(playlists.Account{Handle: "alice"})
	none := func(context.Context, playlists.Change) error { return nil }
	read := func() (n int) {
		t.Helper()
		n, err := s.Each(t.Context(), "local", playlists.Local, none)
		s.ok(err)
		return n
	}
	s.list(alice, "Road trip")
	if n := read(); n != 1 {
		t.Fatalf("read %d", n)
	}
	for _, name := range []string{"a", "b", "c"} {
		record(t, s.Store, playlists.Playlist{Origin: playlists.Remote, Source: "https://other.example/1", Name: name})
	}
	if n := read(); n != 0 {
		t.Errorf("a reader of local changes was given %d of others", n)
	}
	s.pass(playlists.KeepJournal + time.Hour)
	s.ok(s.Tidy(t.Context()))
	if n, err := s.Each(t.Context(), "new", playlists.Any, none); n != 0 || err != nil {
		t.Errorf("%d changes are kept that everybody is done with, %v", n, err)
	}
	s.list(alice, "Later")
	if n := read(); n != 1 {
		t.Errorf("of the next local change it read %d", n)
	}
}

func TestWithdrawingRetiresTheAddressForEver(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	s, alice := setup(t)
	p := playlists.Playlist{ID: playlists.NewID(), Owner: alice.ID, Origin: playlists.Local, Name: "Road trip"}
	record(t, s, p)
	first := publish(t, s, p.ID, playlists.Public)
	if first.Handle != "alice_road_trip" {
		t.Errorf("handle %q", first.Handle)
	}
	publish(t, s, p.ID, playlists.Private)
	again := publish(t, s, p.ID, playlists.Public)
	if again.Handle == first.Handle || again.PublicID == first.PublicID {
		t.Errorf("an address came back: %+v then %+v", first, again)
	}
	old, err := s.PublicationByHandle(ctx, first.Handle)
	if err != nil || old.Live() {
		t.Errorf("the old address: %+v, %v", old, err)
	}
}

func TestNobodyPublishesWhatIsNotTheirs(t *testing.T) {
	t.Parallel()
	s, _ := setup(t)
	c, _, err := s.Record(t.Context(), playlists.Playlist{Origin: playlists.Remote, Source: "https://b.example/ap/playlists/1", Name: "Theirs"})
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Publish(t.Context(), c.Playlist, playlists.Public)
	if playlists.CodeOf(err) != playlists.Forbidden {
		t.Errorf("publishing another's playlist: %v", err)
	}
}

func setup(t testing.TB) (*playlists.Store, playlists.Account) {
	t.Helper()
	db := migrationstest.Open(t)
	s := playlists.New(db, time.Now)
	a, err := s.AddAccount(t.Context(), playlists.Account{Handle: "alice", Name: "Alice"})
	if err != nil {
		t.Fatal(err)
	}
	return s, a
}

func record(t testing.TB, s *playlists.Store, p playlists.Playlist) {
	t.Helper()
	if _, _, err := s.Record(t.Context(), p); err != nil {
		t.Fatal(err)
	}
}

func get(t *testing.T, s *playlists.Store, id playlists.ID) playlists.Playlist {
	t.Helper()
	p, err := s.Get(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func publish(t *testing.T, s *playlists.Store, id playlists.ID, a playlists.Audience) playlists.Publication {
	t.Helper()
	pub, err := s.Publish(t.Context(), id, a)
	if err != nil {
		t.Fatal(err)
	}
	return pub
}
