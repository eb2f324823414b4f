package playlists_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/songferry/songferry/playlists"
)

const source = "https://b.example/ap/playlists/1"

func TestVersionsReadAtOnceFollowEachOther(t *testing.T) {
	t.Parallel()
	s, _ := setup(t)
	const readers = 8
	atOnce(t, readers, func(ctx context.Context, i int) error {
		_, _, err := s.Record(ctx, playlists.Playlist{Origin: playlists.Remote, Source: source, Name: fmt.Sprintf("Version %d", i)})
		return err
	})
	id, err := s.Expect(t.Context(), source)
	if err != nil {
		t.Fatal(err)
	}
	if newest, _, err := s.Newest(t.Context(), id); newest != readers || err != nil {
		t.Errorf("%d versions became revision %d, %v", readers, newest, err)
	}
}

func TestWantsGivenAtOnceAreOne(t *testing.T) {
	t.Parallel()
	s, alice := setup(t)
	var mu sync.Mutex
	ids := map[playlists.ID]bool{}
	atOnce(t, 8, func(ctx context.Context, i int) error {
		id, err := s.Expect(ctx, source)
		if err != nil {
			return err
		}
		w, err := s.AddWant(ctx, playlists.Want{Account: alice.ID, Playlist: id, Mode: playlists.Sync})
		mu.Lock()
		defer mu.Unlock()
		ids[w.ID] = true
		return err
	})
	if len(ids) != 1 {
		t.Errorf("%d wants, not one", len(ids))
	}
}

func TestPublishingTwiceAtOnceGivesOneAddress(t *testing.T) {
	t.Parallel()
	s, alice := setup(t)
	c, _, err := s.Record(t.Context(), playlists.Playlist{Owner: alice.ID, Origin: playlists.Local, Name: "Road trip"})
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	handles := map[string]bool{}
	atOnce(t, 8, func(ctx context.Context, i int) error {
		pub, err := s.Publish(ctx, c.Playlist, playlists.Public)
		mu.Lock()
		defer mu.Unlock()
		handles[pub.Handle] = true
		return err
	})
	if len(handles) != 1 {
		t.Errorf("addresses %v, not one", handles)
	}
}

func TestTextThatNoDatabaseTakesFindsNothing(t *testing.T) {
	t.Parallel()
	s, _ := setup(t)
	for _, text := range []string{"alice\x00", "ali\xffce"} {
		_, err1 := s.AccountByHandle(t.Context(), text)
		_, err2 := s.PublicationByToken(t.Context(), text)
		for _, err := range []error{err1, err2} {
			if playlists.CodeOf(err) != playlists.NotFound {
				t.Errorf("%q: %v", text, err)
			}
		}
	}
}

// atOnce runs fn n times at the same time.
func atOnce(t *testing.T, n int, fn func(ctx context.Context, i int) error) {
	t.Helper()
	var all sync.WaitGroup
	errs := make([]error, n)
	for i := range n {
		all.Go(func() { errs[i] = fn(t.Context(), i) })
	}
	all.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}
