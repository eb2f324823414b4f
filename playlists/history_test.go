package playlists_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/songferry/songferry/migrations/migrationstest"
	"github.com/songferry/songferry/playlists"
)

func TestHistoryBeginsWithWhatWasThereThen(t *testing.T) {
	t.Parallel()
	day := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	now := day
	s := playlists.New(migrationstest.Open(t), func() time.Time { return now })
	alice, err := s.AddAccount(t.Context(), playlists.Account{Handle: "alice"})
	if err != nil {
		t.Fatal(err)
	}
	p := playlists.Playlist{ID: playlists.NewID(), Owner: alice.ID, Origin: playlists.Local}
	for n := range 4 {
		p.Name = fmt.Sprint("Version ", n+1)
		record(t, s, p)
		now = now.AddDate(0, 0, 1)
	}
	for since, want := range map[time.Time]string{
		day.Add(-time.Hour):     "[Version 4 Version 3 Version 2 Version 1]",
		day:                     "[Version 4 Version 3 Version 2 Version 1]",
		day.Add(25 * time.Hour): "[Version 4 Version 3 Version 2]",
		now:                     "[Version 4]",
	} {
		if got := names(t, s, p.ID, since, 10); got != want {
			t.Errorf("since %s: %s, want %s", since, got, want)
		}
	}
	if got := names(t, s, p.ID, day, 2); got != "[Version 4 Version 3]" {
		t.Errorf("two of them: %s", got)
	}
}

func names(t *testing.T, s *playlists.Store, id playlists.ID, since time.Time, max int) string {
	t.Helper()
	all, err := s.History(t.Context(), id, since, max)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, p := range all {
		out = append(out, p.Name)
	}
	return fmt.Sprint(out)
}

func TestTheHistoryOfALongPlaylistIsShort(t *testing.T) {
	t.Parallel()
	s, alice := setup(t)
	p := playlists.Playlist{ID: playlists.NewID(), Owner: alice.ID, Origin: playlists.Local, Tracks: make([]playlists.Track, playlists.MaxTracks)}
	for n := range 4 {
		p.Name = fmt.Sprint("Version ", n+1)
		record(t, s, p)
	}
	if got := names(t, s, p.ID, time.Time{}, 10); got != "[Version 4 Version 3]" {
		t.Error(got)
	}
}

func TestSearchEnginesAreAWishOfTheOwnerThatEndsWithThePublication(t *testing.T) {
	t.Parallel()
	s, alice := setup(t)
	id := local(t, s, alice, "Road trip")
	if err := s.SetIndexed(t.Context(), id, true); playlists.CodeOf(err) != playlists.NotFound {
		t.Errorf("before it is published: %v", err)
	}
	if publish(t, s, id, playlists.Public).Indexed {
		t.Error("indexed without the wish")
	}
	for _, wish := range []bool{true, false, true} {
		if err := s.SetIndexed(t.Context(), id, wish); err != nil {
			t.Fatal(err)
		}
		if pub, err := s.Publication(t.Context(), id); err != nil || pub.Indexed != wish {
			t.Errorf("%+v, %v", pub, err)
		}
	}
	publish(t, s, id, playlists.Private)
	if publish(t, s, id, playlists.Public).Indexed {
		t.Error("the wish outlived the publication")
	}
}
