package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

// aliases runs the alias command for p, and moves the move command; they return what is printed.
func (p *person) aliases(c accountAlias) string {
	p.t.Helper()
	c.Account = p.account.Handle
	out, err := c.alias(p.t.Context(), p.bridge)
	if err != nil {
		p.t.Fatal(err)
	}
	var b bytes.Buffer
	c.print(&b, out, p.origin().Host)
	return b.String()
}

func (p *person) moves(c accountMove) (string, error) {
	p.t.Helper()
	c.Account = p.account.Handle
	out, err := c.move(p.t.Context(), p.bridge, p.account)
	var b bytes.Buffer
	c.print(&b, out)
	return b.String(), err
}

// emigrant is Alice on an old and on a new bridge, with Bob, who follows her on the old one.
type emigrant struct{ old, new, bob *person }

func newEmigrant(t *testing.T) emigrant {
	t.Helper()
	e := emigrant{newPerson(t, "alice", subsonictest.Navidrome, harbour, boats, station), newPerson(t, "ally", subsonictest.Gonic, harbour, boats, station),
		newPerson(t, "bob", subsonictest.Navidrome, harbour, boats, station)}
	e.old.music.AddPlaylist("alice", "Road trip", e.old.ids("Harbour Lights")...)
	e.old.music.AddPlaylist("alice", "Evening", e.old.ids("Paper Boats")...)
	e.new.music.AddPlaylist("ally", "Road trip", e.new.ids("Harbour Lights", "Paper Boats")...)
	return e
}

func (e emigrant) settle() {
	e.bob.t.Helper()
	for range 3 {
		settle(e.old, e.new, e.bob)
		e.bob.wakes()
	}
	settle(e.old, e.new, e.bob)
}

func TestFollowersGoAlongWhenAnAccountMoves(t *testing.T) {
	t.Parallel()
	e := newEmigrant(t)
	e.old.publish("Road trip", playlists.Public)
	e.old.publish("Evening", playlists.Public)
	e.new.publish("Road trip", playlists.Public)
	e.bob.followsAgain("@alice@" + e.old.origin().Host)
	e.settle()
	before, err := e.bob.store.AccountWants(t.Context(), e.bob.account.ID)
	if err != nil || len(before) != 2 {
		t.Fatalf("%+v, %v", before, err)
	}

	out, err := e.old.moves(accountMove{Target: "@ally@" + e.new.origin().Host})
	if say := playlists.Say(err); playlists.CodeOf(err) != playlists.Forbidden || !strings.Contains(say, "songferry account alias --account NAME @alice@"+e.old.origin().Host) {
		t.Fatalf("without an alias: %v, %s", err, out)
	}
	out = e.new.aliases(accountAlias{Target: "@alice@" + e.old.origin().Host})
	if !strings.Contains(out, `"Road trip" was @alice_road_trip@`+e.old.origin().Host) || !strings.Contains(out, "account move --account NAME @ally@"+e.new.origin().Host+"\n") || !strings.Contains(out, "Not published here yet, and paired by name once they are:\n  Evening\n") {
		t.Errorf("alias says: %s", out)
	}
	out, err = e.old.moves(accountMove{Target: "@ally@" + e.new.origin().Host})
	if err != nil || !strings.Contains(out, `"Road trip" is @ally_road_trip@`+e.new.origin().Host+" now.\n") || !strings.Contains(out, "give this command again:\n  Evening\n") {
		t.Fatalf("move says: %s, %v", out, err)
	}
	e.settle()
	page := httptest.NewRecorder()
	e.old.handler(nil).ServeHTTP(page, httptest.NewRequest(http.MethodGet, "/@alice", nil))
	if link := `href="` + e.new.origin().String() + `/@ally"><bdi>@ally@` + e.new.origin().Host + `</bdi></a>`; !strings.Contains(page.Body.String(), link) {
		t.Errorf("the page at the old address has no %s:\n%s", link, page.Body)
	}
	if moved, err := e.old.movedTo(t.Context(), e.old.account.PublicID); err != nil || sayMoved(moved) != "moved to @ally@"+e.new.origin().Host {
		t.Errorf("lists say %q, %v", sayMoved(moved), err)
	}

	after, err := e.bob.store.AccountWants(t.Context(), e.bob.account.ID)
	if err != nil || len(after) != 2 {
		t.Fatalf("bob's wants are %+v, %v", after, err)
	}
	same := func(a, b playlists.Want) bool { return a.ID == b.ID && a.Playlist == b.Playlist && b.Ended.IsZero() }
	if !slices.EqualFunc(before, after, same) {
		t.Errorf("the wants were %+v and are %+v", before, after)
	}
	e.bob.holds("Road trip · ally", "Harbour Lights", "Paper Boats")
	e.bob.holds("Evening · alice", "Paper Boats")
	if got := e.bob.lists(); len(got) != 2 {
		t.Errorf("bob's lists: %v", got)
	}

	// The list goes on at the new bridge, and the rest of it moves once it is there.
	e.new.music.AddPlaylist("ally", "Evening", e.new.ids("夜の駅")...)
	e.new.publish("Evening", playlists.Public)
	if err := e.new.subsonic.PollAccount(t.Context(), e.new.account.ID); err != nil {
		t.Fatal(err)
	}
	settle(e.new)
	if out, err = e.old.moves(accountMove{Target: "@ally@" + e.new.origin().Host}); err != nil || strings.Contains(out, "give this command again") {
		t.Fatalf("again it says: %s, %v", out, err)
	}
	e.settle()
	if got := e.bob.lists(); !slices.Equal(got, []string{"Evening · ally", "Road trip · ally"}) {
		t.Errorf("bob's lists: %v", got)
	}
	e.bob.holds("Evening · ally", "夜の駅")
	if rows, err := e.bob.following(t.Context(), "bob"); err != nil || rows[0].Name != "ally" || rows[0].Target != "@ally@"+e.new.origin().Host {
		t.Errorf("bob reads that he follows %+v, %v", rows, err)
	}
	if got := e.bob.shown(); len(got) != 3 {
		t.Errorf("bob follows %q", got)
	}
}

func TestAPlaylistMovesByItself(t *testing.T) {
	t.Parallel()
	e := newEmigrant(t)
	id, handle := e.old.publish("Road trip", playlists.Followers)
	_, there := e.new.publish("Road trip", playlists.Followers)
	e.bob.follow(handle, playlists.Sync, playlists.Keep)
	settle(e.old, e.bob)
	e.old.decide(id, true)
	e.settle()
	e.bob.holds("Road trip · alice", "Harbour Lights")

	e.new.aliases(accountAlias{Playlist: "Road trip", Target: handle})
	if out, err := e.old.moves(accountMove{Playlist: "Road trip", Target: there}); err != nil {
		t.Fatal(out, err)
	}
	e.settle()
	e.bob.holds("Road trip · alice", "Harbour Lights") // as long as the owner has not approved him there
	lists, err := e.new.store.List(t.Context(), e.new.account.ID)
	if err != nil || len(lists) != 1 {
		t.Fatal(lists, err)
	}
	e.new.decide(lists[0].ID, true)
	e.settle()
	e.bob.holds("Road trip · ally", "Harbour Lights", "Paper Boats")
}

func TestAHousemateGoesAlongToo(t *testing.T) {
	t.Parallel()
	e := newEmigrant(t)
	carol := housemate(e.old, "carol", subsonictest.Navidrome, harbour, boats, station)
	dave := housemate(e.new, "dave", subsonictest.Navidrome, harbour, boats, station)
	e.old.publish("Road trip", playlists.Public)
	e.new.publish("Road trip", playlists.Public)
	carol.followsAgain("@alice@" + e.old.origin().Host)
	dave.followsAgain("@alice@" + e.old.origin().Host)
	e.settle()
	dave.holds("Road trip · alice", "Harbour Lights")

	e.new.aliases(accountAlias{Target: "@alice@" + e.old.origin().Host})
	if out, err := e.old.moves(accountMove{Target: "@ally@" + e.new.origin().Host}); err != nil {
		t.Fatal(out, err)
	}
	for range 3 {
		e.settle()
		carol.wakes()
		dave.wakes()
	}
	e.settle()
	carol.holds("Road trip · ally", "Harbour Lights", "Paper Boats")
	dave.holds("Road trip · ally", "Harbour Lights", "Paper Boats")
	for _, p := range []*person{carol, dave} {
		if got := p.lists(); len(got) != 1 {
			t.Errorf("%s has %v", p.account.Handle, got)
		}
		if got := p.shown(); len(got) != 2 {
			t.Errorf("%s follows %q", p.account.Handle, got)
		}
	}
}

func TestAMoveSaysWhatIsMissingOrTooMuch(t *testing.T) {
	t.Parallel()
	for _, c := range []accountMove{{}, {Undo: true, Target: "@alice@new.example"}, {Undo: true, Playlist: "Road trip"}} {
		c.Account = "alice"
		if err := c.Run(t.Context(), &Settings{}, terminal{}); playlists.CodeOf(err) != playlists.Invalid {
			t.Errorf("%+v: %v", c, err)
		}
	}
}
