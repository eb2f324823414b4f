package playlists_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/songferry/songferry/playlists"
)

// shareByLink makes a playlist of Alice's that is shared by link.
func shareByLink(s *kept) (playlists.Account, playlists.Publication) {
	s.t.Helper()
	alice, err := s.AddAccount(s.t.Context(), playlists.Account{Handle: "alice"})
	s.ok(err)
	c, _, err := s.Record(s.t.Context(), playlists.Playlist{Owner: alice.ID, Origin: playlists.Local, Name: "For you"})
	s.ok(err)
	pub, err := s.Publish(s.t.Context(), c.Playlist, playlists.Link)
	s.ok(err)
	return alice, pub
}

// live reports in how many of the ways to find it a playlist is shared.
func (s *kept) live(alice playlists.Account, pub playlists.Publication) (n int) {
	s.t.Helper()
	byToken, err := s.PublicationByToken(s.t.Context(), pub.Token)
	s.ok(err)
	byID, err := s.PublicationByPublicID(s.t.Context(), pub.PublicID)
	s.ok(err)
	ofPlaylist, err := s.Publication(s.t.Context(), pub.Playlist)
	s.ok(err)
	listed, err := s.List(s.t.Context(), alice.ID)
	s.ok(err)
	for _, p := range []playlists.Publication{byToken, byID, ofPlaylist, listed[0].Publication} {
		if p.Live() {
			n++
		}
	}
	all, err := s.Publications(s.t.Context(), alice.ID)
	s.ok(err)
	return n + len(all)
}

func (s *kept) kinds() (kinds []playlists.Kind) {
	s.t.Helper()
	_, err := s.Each(s.t.Context(), "kinds", playlists.Any, func(_ context.Context, c playlists.Change) error {
		kinds = append(kinds, c.Kind)
		return nil
	})
	s.ok(err)
	return kinds
}

func TestALinkExpiresByItself(t *testing.T) {
	t.Parallel()
	s := open(t)
	alice, pub := shareByLink(s)
	s.ok(s.SetCoverWanted(t.Context(), pub.Playlist, true))
	s.ok(s.KeepCover(t.Context(), playlists.DueCover{Playlist: pub.Playlist, Revision: 1}, picture(t, 1)))
	until := s.now().Add(24 * time.Hour)
	set, err := s.SetLinkTerms(t.Context(), pub.Playlist, playlists.LinkTerms{Expires: until})
	if err != nil || !set.Expires.Equal(until) || set.Token != pub.Token || s.live(alice, pub) != 5 {
		t.Fatalf("%+v, %v", set, err)
	}
	s.pass(24*time.Hour - time.Millisecond)
	s.ok(s.Tidy(t.Context()))
	if n := s.live(alice, pub); n != 5 {
		t.Errorf("a moment before it is live in %d of 5 ways", n)
	}
	s.kinds()
	s.pass(time.Millisecond)
	if n := s.live(alice, pub); n != 0 {
		t.Errorf("then it is live in %d ways", n)
	}
	gone, err := s.PublicationByToken(t.Context(), pub.Token)
	s.ok(err)
	if _, err := s.Cover(t.Context(), gone); playlists.CodeOf(err) != playlists.NotFound || !gone.Retired.Equal(until) {
		t.Errorf("its cover: %v; it ended %v", err, gone.Retired)
	}
	if due, err := s.CoversDue(t.Context(), alice.ID, 10); err != nil || len(due) > 0 {
		t.Errorf("covers due: %v, %v", due, err)
	}
	if _, err := s.CheckLinkPassword(t.Context(), pub.Token, ""); playlists.CodeOf(err) != playlists.Gone {
		t.Errorf("password: %v", err)
	}
	if _, err := s.SetLinkTerms(t.Context(), pub.Playlist, playlists.LinkTerms{}); playlists.CodeOf(err) != playlists.Invalid {
		t.Errorf("brought back: %v", err)
	}
	s.ok(s.Tidy(t.Context()))
	s.ok(s.Tidy(t.Context()))
	if got := s.kinds(); !slices.Equal(got, []playlists.Kind{playlists.Withdrawn}) {
		t.Errorf("journalled: %v", got)
	}
}

func TestWhatHasExpiredIsSharedAnew(t *testing.T) {
	t.Parallel()
	for _, a := range []playlists.Audience{playlists.Link, playlists.Public, playlists.Private} {
		s := open(t)
		_, pub := shareByLink(s)
		_, err := s.SetLinkTerms(t.Context(), pub.Playlist, playlists.LinkTerms{Expires: s.now().Add(time.Hour)})
		s.ok(err)
		s.pass(time.Hour)
		again, err := s.Publish(t.Context(), pub.Playlist, a)
		if err != nil || again.Live() != (a != playlists.Private) || again.PublicID == pub.PublicID || !again.Expires.IsZero() {
			t.Errorf("%s: %+v, %v", a, again, err)
		}
		if got := s.kinds(); !slices.Contains(got, playlists.Withdrawn) {
			t.Errorf("%s: journalled %v", a, got)
		}
	}
}

func TestAPasswordOpensThePage(t *testing.T) {
	t.Parallel()
	s := open(t)
	_, pub := shareByLink(s)
	set := func(t playlists.LinkTerms, locked bool) {
		s.t.Helper()
		got, err := s.SetLinkTerms(s.t.Context(), pub.Playlist, t)
		if err != nil || got.Locked != locked {
			s.t.Errorf("%+v, %v", got, err)
		}
	}
	opens := func(password string, want bool) {
		s.t.Helper()
		if got, err := s.CheckLinkPassword(s.t.Context(), pub.Token, password); got != want || err != nil {
			s.t.Errorf("%.20q opens it: %v, %v", password, got, err)
		}
	}
	opens("", true)
	opens("anything", true)
	e, eAndAccent := "caf\u00e9 d'été", "cafe\u0301 d'été"
	set(playlists.LinkTerms{Password: &e}, true)
	opens(e, true)
	opens(eAndAccent, true)
	opens("", false)
	opens(strings.ToUpper(e), false)
	opens(strings.Repeat("x", 1<<20), false)
	set(playlists.LinkTerms{Expires: s.now().Add(time.Hour)}, true)
	opens("cafe d'ete", false)
	long := strings.Repeat("x", playlists.MaxPassword)
	set(playlists.LinkTerms{Password: &long}, true)
	opens(long, true)
	opens(long+"y", false)
	longer := long + "y"
	if _, err := s.SetLinkTerms(t.Context(), pub.Playlist, playlists.LinkTerms{Password: &longer}); playlists.CodeOf(err) != playlists.Invalid {
		t.Errorf("too long: %v", err)
	}
	none := ""
	set(playlists.LinkTerms{Password: &none}, false)
	opens("anything", true)
	if _, err := s.CheckLinkPassword(t.Context(), "nothing", ""); playlists.CodeOf(err) != playlists.NotFound {
		t.Errorf("no such link: %v", err)
	}
}

func TestANewLinkEndsTheOldOne(t *testing.T) {
	t.Parallel()
	s := open(t)
	alice, old := shareByLink(s)
	bob, err := s.AddAccount(t.Context(), playlists.Account{Handle: "bob"})
	s.ok(err)
	want, err := s.AddWant(t.Context(), playlists.Want{Account: bob.ID, Playlist: old.Playlist, Mode: playlists.Sync, Granted: true})
	s.ok(err)
	secret := "secret"
	terms := playlists.LinkTerms{Expires: s.now().Add(time.Hour), Password: &secret}
	_, err = s.SetLinkTerms(t.Context(), old.Playlist, terms)
	s.ok(err)
	s.ok(s.CountVisit(t.Context(), old.Token))
	s.ok(s.CountVisit(t.Context(), old.Token))
	if pub, err := s.Publication(t.Context(), old.Playlist); pub.Visits != 2 || err != nil {
		t.Errorf("%d visits, %v", pub.Visits, err)
	}
	pub, err := s.NewLink(t.Context(), old.Playlist)
	if err != nil || pub.Token == old.Token || pub.PublicID == old.PublicID {
		t.Fatalf("%+v, %v", pub, err)
	}
	if kept, err := s.PublicationByToken(t.Context(), pub.Token); kept != pub || !kept.Locked || !kept.Expires.Equal(terms.Expires) || kept.Visits != 0 || err != nil {
		t.Errorf("kept %+v, returned %+v, %v", kept, pub, err)
	}
	if ok, err := s.CheckLinkPassword(t.Context(), pub.Token, secret); !ok || err != nil {
		t.Errorf("its password: %v, %v", ok, err)
	}
	if got, err := s.PublicationByToken(t.Context(), old.Token); got.Live() || err != nil {
		t.Errorf("the old one: %+v, %v", got, err)
	}
	if w, err := s.Want(t.Context(), want.ID); w.Ended.IsZero() || err != nil {
		t.Errorf("who followed it still does: %+v, %v", w, err)
	}
	if n := s.live(alice, pub); n != 5 {
		t.Errorf("live in %d of 5 ways", n)
	}
	s.ok(s.CountVisit(t.Context(), old.Token))
	if pub, err := s.PublicationByToken(t.Context(), old.Token); pub.Visits != 2 || err != nil {
		t.Errorf("%d visits of the old one, %v", pub.Visits, err)
	}
}

func TestOnlyALinkHasTerms(t *testing.T) {
	t.Parallel()
	s := open(t)
	_, pub := shareByLink(s)
	if _, err := s.SetLinkTerms(t.Context(), pub.Playlist, playlists.LinkTerms{Expires: s.now()}); playlists.CodeOf(err) != playlists.Invalid {
		t.Errorf("expired already: %v", err)
	}
	for _, a := range []playlists.Audience{playlists.Public, playlists.Private} {
		_, err := s.Publish(t.Context(), pub.Playlist, a)
		s.ok(err)
		_, err1 := s.SetLinkTerms(t.Context(), pub.Playlist, playlists.LinkTerms{})
		_, err2 := s.NewLink(t.Context(), pub.Playlist)
		for _, err := range []error{err1, err2} {
			if playlists.CodeOf(err) != playlists.Invalid {
				t.Errorf("%s: %v", a, err)
			}
		}
	}
}
