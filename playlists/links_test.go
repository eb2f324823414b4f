package playlists_test

import (
	"testing"

	"github.com/songferry/songferry/playlists"
)

func TestAPersonalLinkLastsAsLongAsItsAudience(t *testing.T) {
	t.Parallel()
	s := open(t)
	alice, err := s.AddAccount(t.Context(), playlists.Account{Handle: "alice"})
	s.ok(err)
	c, _, err := s.Record(t.Context(), playlists.Playlist{Owner: alice.ID, Origin: playlists.Local, Name: "Friends"})
	s.ok(err)
	publish := func(a playlists.Audience) playlists.Publication {
		t.Helper()
		pub, err := s.Publish(t.Context(), c.Playlist, a)
		s.ok(err)
		return pub
	}
	pub := publish(playlists.Followers)
	link := func() playlists.PersonalLink {
		t.Helper()
		l, err := s.PersonalLink(t.Context(), pub.PublicID, "https://m.example/bob")
		s.ok(err)
		return l
	}
	ended := func(what string, l playlists.PersonalLink) {
		t.Helper()
		if _, _, err := s.PersonalLinkByToken(t.Context(), l.Token); playlists.CodeOf(err) != playlists.NotFound {
			t.Errorf("%s: %v", what, err)
		}
	}
	first := link()
	if again := link(); again != first || len(first.Token) < 26 {
		t.Errorf("%+v, then %+v", first, again)
	}
	if l, got, err := s.PersonalLinkByToken(t.Context(), first.Token); l != first || got.PublicID != pub.PublicID || err != nil {
		t.Errorf("%+v, %+v, %v", l, got, err)
	}
	publish(playlists.Public)
	ended("opened to all", first)
	if _, err := s.PersonalLink(t.Context(), pub.PublicID, "x"); playlists.CodeOf(err) != playlists.NotFound {
		t.Errorf("a link to what is open: %v", err)
	}
	publish(playlists.Followers)
	ended("for followers again", first)
	second := link()
	publish(playlists.Private)
	ended("withdrawn", second)
	for _, token := range []string{"", "x\x00", "\xff"} {
		ended(token, playlists.PersonalLink{Token: token})
	}
}

func TestAWantWithAChosenIDIsKeptOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	id, err := s.Expect(t.Context(), "https://b.example/list")
	s.ok(err)
	want := playlists.Want{ID: playlists.NewID(), Account: "a", Playlist: id, Mode: playlists.Once, Pinned: 1}
	first, err := s.AddWant(t.Context(), want)
	s.ok(err)
	want.Pinned = 2
	if again, err := s.AddWant(t.Context(), want); err != nil || again != first || again.Pinned != 1 {
		t.Errorf("%+v, %v", again, err)
	}
}
