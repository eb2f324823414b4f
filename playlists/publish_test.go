package playlists_test

import (
	"context"
	"strings"
	"testing"

	"github.com/songferry/songferry/playlists"
)

func TestALinkAndTheFediverseShareNoAddress(t *testing.T) {
	t.Parallel()
	s, alice := setup(t)
	id := local(t, s, alice, "Road trip")
	link := publish(t, s, id, playlists.Link)
	if link.Token == "" || link.Handle != "" {
		t.Fatalf("by link: %+v", link)
	}
	public := publish(t, s, id, playlists.Public)
	if public.Token != "" || public.Handle == "" || public.PublicID == link.PublicID {
		t.Errorf("then public: %+v", public)
	}
	old, err := s.PublicationByToken(t.Context(), link.Token)
	if err != nil || old.Live() {
		t.Errorf("the link afterwards: %+v, %v", old, err)
	}
}

func TestWithdrawingTwiceIsWithdrawingOnce(t *testing.T) {
	t.Parallel()
	s, alice := setup(t)
	id := local(t, s, alice, "Road trip")
	for _, a := range []playlists.Audience{playlists.Private, playlists.Public, playlists.Private, playlists.Private} {
		if pub := publish(t, s, id, a); pub.Audience != a || pub.Playlist != id {
			t.Errorf("published to %s: %+v", a, pub)
		}
	}
}

func TestANarrowerAudienceKeepsTheAddress(t *testing.T) {
	t.Parallel()
	s, alice := setup(t)
	id := local(t, s, alice, "Road trip")
	public := publish(t, s, id, playlists.Public)
	followers := publish(t, s, id, playlists.Followers)
	if followers.PublicID != public.PublicID || followers.Audience != playlists.Followers {
		t.Errorf("%+v then %+v", public, followers)
	}
}

func TestAnAccountPublishesNoWiderThanItMay(t *testing.T) {
	t.Parallel()
	s, _ := setup(t)
	guest, err := s.AddAccount(t.Context(), playlists.Account{Handle: "guest", MaxAudience: playlists.Link})
	if err != nil {
		t.Fatal(err)
	}
	id := local(t, s, guest, "Road trip")
	if _, err := s.Publish(t.Context(), id, playlists.Followers); playlists.CodeOf(err) != playlists.Forbidden {
		t.Errorf("publishing wider: %v", err)
	}
	publish(t, s, id, playlists.Link)
}

func TestHandlesAreValidAndUnique(t *testing.T) {
	t.Parallel()
	s, _ := setup(t)
	long, err := s.AddAccount(t.Context(), playlists.Account{Handle: strings.Repeat("a", 30)})
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, name := range []string{"Road trip", "Road trip", "Róad-Trip!!", "夜の駅", "夜の駅", "!!!", strings.Repeat("long name ", 20), "__", "ÅÄÖ", ""} {
		h := publish(t, s, local(t, s, long, name), playlists.Public).Handle
		if !playlists.ValidHandle(h) || seen[h] {
			t.Errorf("%q got the handle %q", name, h)
		}
		seen[h] = true
	}
}

func TestAHandleIsNeverGivenOutTwice(t *testing.T) {
	t.Parallel()
	s, alice := setup(t)
	publish(t, s, local(t, s, alice, "Road trip"), playlists.Public)
	if _, err := s.AddAccount(t.Context(), playlists.Account{Handle: "alice_road_trip"}); playlists.CodeOf(err) != playlists.Invalid {
		t.Errorf("an account took a playlist's handle: %v", err)
	}
}

func TestAWantedPlaylistIsJournalled(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	s, alice := setup(t)
	id, err := s.Expect(ctx, "https://b.example/ap/playlists/1")
	if err != nil {
		t.Fatal(err)
	}
	w := playlists.Want{Account: alice.ID, Playlist: id, Mode: playlists.Sync, Target: "@x@b.example"}
	first, err := s.AddWant(ctx, w)
	if err != nil {
		t.Fatal(err)
	}
	w.OnWithdraw = playlists.Drop
	again, err := s.AddWant(ctx, w)
	if err != nil || again.ID != first.ID || again.OnWithdraw != playlists.Drop {
		t.Errorf("wanting it again: %+v, %v", again, err)
	}
	if err := s.GrantWants(ctx, alice.ID, id, true); err != nil {
		t.Fatal(err)
	}
	if err := s.EndWant(ctx, first); err != nil {
		t.Fatal(err)
	}
	fresh, err := s.AddWant(ctx, w)
	if err != nil || fresh.ID == first.ID {
		t.Errorf("wanting it after the end: %+v, %v", fresh, err)
	}
	kinds := journalKinds(t, s)
	if len(kinds) != 5 {
		t.Errorf("the journal tells %v", kinds)
	}
}

func journalKinds(t *testing.T, s *playlists.Store) []playlists.Kind {
	t.Helper()
	var kinds []playlists.Kind
	_, err := s.Each(t.Context(), t.Name(), playlists.Any, func(_ context.Context, c playlists.Change) error {
		kinds = append(kinds, c.Kind)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return kinds
}

func local(t *testing.T, s *playlists.Store, owner playlists.Account, name string) playlists.ID {
	t.Helper()
	id := playlists.NewID()
	record(t, s, playlists.Playlist{ID: id, Owner: owner.ID, Origin: playlists.Local, Name: name})
	return id
}

func TestWhoFollowsHereIsLeftBehindWhereOthersAre(t *testing.T) {
	t.Parallel()
	s, alice := setup(t)
	bob, err := s.AddAccount(t.Context(), playlists.Account{Handle: "bob"})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		from, to playlists.Audience
		ends     bool
	}{
		{playlists.Public, playlists.Link, true}, {playlists.Link, playlists.Followers, true}, {playlists.Public, playlists.Private, true},
		{playlists.Public, playlists.Unlisted, false}, {playlists.Public, playlists.Followers, false},
	} {
		id := local(t, s, alice, "Road trip")
		publish(t, s, id, c.from)
		synced, err := s.AddWant(t.Context(), playlists.Want{Account: bob.ID, Playlist: id, Mode: playlists.Sync, Granted: true})
		if err != nil {
			t.Fatal(err)
		}
		copied, err := s.AddWant(t.Context(), playlists.Want{Account: bob.ID, Playlist: id, Mode: playlists.Once, Pinned: 1, Granted: true})
		if err != nil {
			t.Fatal(err)
		}
		publish(t, s, id, c.to)
		if synced, err = s.Want(t.Context(), synced.ID); err != nil || synced.Ended.IsZero() == c.ends {
			t.Errorf("%s, then %s: %+v %v", c.from, c.to, synced, err)
		}
		if copied, err = s.Want(t.Context(), copied.ID); err != nil || !copied.Ended.IsZero() {
			t.Errorf("%s, then %s, copied once: %+v %v", c.from, c.to, copied, err)
		}
	}
}
