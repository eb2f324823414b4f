package main

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

// lists returns the names of the playlists on a person's music server, in order.
func (p *person) lists() []string {
	var names []string
	for _, l := range p.music.Playlists() {
		names = append(names, l.Name)
	}
	slices.Sort(names)
	return names
}

// wakes makes everything due that is read from other servers.
func (p *person) wakes() {
	p.t.Helper()
	for _, wake := range []string{`UPDATE sources SET due = 1`, `UPDATE rosters SET due = 1`} {
		if _, err := p.db.ExecContext(p.t.Context(), wake); err != nil {
			p.t.Fatal(err)
		}
	}
}

// unfollows does what the unfollow command does.
func (p *person) unfollows(target string) {
	p.t.Helper()
	rows, err := p.following(p.t.Context(), p.account.Handle)
	if err != nil {
		p.t.Fatal(err)
	}
	row, err := chooseFollowed(rows, p.account.Handle, target)
	if err != nil {
		p.t.Fatal(err)
	}
	if row.Mode == wholePerson {
		err = p.unfollowPerson(p.t.Context(), &bytes.Buffer{}, row)
	} else {
		var want playlists.Want
		if want, err = p.store.Want(p.t.Context(), playlists.ID(row.ID)); err == nil {
			err = p.store.EndWant(p.t.Context(), want)
		}
	}
	if err != nil {
		p.t.Fatal(err)
	}
}

// shown returns what the following command prints of each copy: name, and whether a person stands behind it.
func (p *person) shown() (out []string) {
	p.t.Helper()
	rows, err := p.following(p.t.Context(), p.account.Handle)
	if err != nil {
		p.t.Fatal(err)
	}
	for _, r := range rows {
		name := r.Name
		if r.Person != "" {
			name = "  " + name
		}
		out = append(out, name)
	}
	return out
}

func TestAPersonIsUnfollowedWithTheirLists(t *testing.T) {
	t.Parallel()
	alice := newPerson(t, "alice", subsonictest.Navidrome, harbour, boats)
	bob := newPerson(t, "bob", subsonictest.Navidrome, harbour, boats)
	alice.music.AddPlaylist("alice", "Road trip", alice.ids("Harbour Lights")...)
	alice.music.AddPlaylist("alice", "Evening", alice.ids("Paper Boats")...)
	alice.publish("Road trip", playlists.Public)
	alice.publish("Evening", playlists.Public)
	bob.followsAgain("@alice@" + alice.origin().Host)
	settle(alice, bob)
	bob.followsAgain("@alice_evening@" + alice.origin().Host)

	bob.hears(bob.says(unfollowCommand{Account: "bob", Remove: true, Target: "alice"}), "alice is no longer followed.",
		"  Road trip · alice: You stopped this, and the list is no longer on your music server.\n")
	if got := bob.lists(); !slices.Equal(got, []string{"Evening · alice"}) {
		t.Errorf("bob has %v", got)
	}
}

func TestWhoFollowsAPersonHasAllTheirPlaylistsAndThoseToCome(t *testing.T) {
	t.Parallel()
	for name, home := range map[string]bool{"on another bridge": false, "on the same bridge": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			alice := newPerson(t, "alice", subsonictest.Navidrome, harbour, boats, station)
			bob := alice
			everybody := []*person{alice}
			if home {
				bob = housemate(alice, "bob", subsonictest.Navidrome, harbour, boats, station)
			} else {
				bob = newPerson(t, "bob", subsonictest.Navidrome, harbour, boats, station)
				everybody = append(everybody, bob)
			}
			alice.music.AddPlaylist("alice", "Road trip", alice.ids("Harbour Lights")...)
			alice.music.AddPlaylist("alice", "Evening", alice.ids("Paper Boats")...)
			alice.music.AddPlaylist("alice", "Secret", alice.ids("夜の駅")...)
			road, roadHandle := alice.publish("Road trip", playlists.Public)
			alice.publish("Evening", playlists.Public)
			alice.publish("Secret", playlists.Unlisted)

			out := bob.followsAgain("@alice@" + alice.origin().Host)
			if !strings.HasSuffix(out, "Following alice: 2 playlists now, and those to come. They are kept in step while `songferry serve` runs.\n") ||
				!strings.Contains(out, "Road trip · alice: 1 of 1 tracks") {
				t.Errorf("it says: %s", out)
			}
			settle(everybody...)
			if got := bob.lists(); !slices.Equal(got, []string{"Evening · alice", "Road trip · alice"}) {
				t.Fatalf("bob has %v", got)
			}
			if got := bob.shown(); len(got) != 3 || got[0] != "alice" || !slices.Contains(got, "  Evening · alice") || !slices.Contains(got, "  Road trip · alice") {
				t.Errorf("following shows %q", got)
			}

			// One that comes later; one that Bob does not want, and that stays away.
			alice.music.AddPlaylist("alice", "Morning", alice.ids("Harbour Lights")...)
			bob.unfollows(roadHandle)
			alice.publish("Morning", playlists.Public)
			settle(everybody...)
			bob.wakes()
			settle(everybody...)
			bob.holds("Morning · alice", "Harbour Lights")
			if got := bob.shown(); slices.Contains(got, "  Road trip · alice") || slices.Contains(got, "Road trip · alice") {
				t.Errorf("what was unfollowed came back: %q", got)
			}

			// One that he follows by itself outlives the person.
			bob.followsAgain("@alice_evening@" + alice.origin().Host)
			bob.unfollows("alice")
			settle(everybody...)
			bob.wakes()
			settle(everybody...)
			if got := bob.shown(); !slices.Equal(got, []string{"Evening · alice"}) {
				t.Errorf("after the person was unfollowed: %q", got)
			}
			if got := bob.lists(); !slices.Equal(got, []string{"Evening · alice", "Morning · alice", "Road trip · alice"}) {
				t.Errorf("lists that were copied went away: %v", got)
			}

			// Whoever follows the person again means all of it.
			bob.followsAgain("@alice@" + alice.origin().Host)
			settle(everybody...)
			if got := bob.shown(); len(got) != 4 {
				t.Errorf("after following again: %q", got)
			}
			alice.withdraw(road)
		})
	}
}

func (p *person) withdraw(id playlists.ID) {
	p.t.Helper()
	if _, err := p.store.Publish(p.t.Context(), id, playlists.Private); err != nil {
		p.t.Fatal(err)
	}
}

func TestAPersonsPlaylistsMayBeCopiedOnce(t *testing.T) {
	t.Parallel()
	alice := newPerson(t, "alice", subsonictest.Navidrome, harbour, boats)
	bob := newPerson(t, "bob", subsonictest.Navidrome, harbour, boats)
	alice.music.AddPlaylist("alice", "Road trip", alice.ids("Harbour Lights")...)
	alice.music.AddPlaylist("alice", "Evening", alice.ids("Paper Boats")...)
	alice.publish("Road trip", playlists.Public)
	alice.publish("Evening", playlists.Public)
	bob.imports(importCommand{Target: "@alice@" + alice.origin().Host})
	bob.holds("Road trip · alice", "Harbour Lights")
	bob.holds("Evening · alice", "Paper Boats")

	alice.music.AddPlaylist("alice", "Morning", alice.ids("Harbour Lights")...)
	alice.publish("Morning", playlists.Public)
	settle(alice, bob)
	if got := bob.lists(); len(got) != 2 {
		t.Errorf("copied once, and bob has %v", got)
	}
}

func TestAPlaylistPublishedAnewIsThereForThoseWhoFollowThePerson(t *testing.T) {
	t.Parallel()
	alice := newPerson(t, "alice", subsonictest.Navidrome, harbour, boats)
	bob := newPerson(t, "bob", subsonictest.Navidrome, harbour, boats)
	carol := housemate(alice, "carol", subsonictest.Navidrome, harbour, boats)
	list := alice.music.AddPlaylist("alice", "Road trip", alice.ids("Harbour Lights")...)
	road, _ := alice.publish("Road trip", playlists.Public)
	bob.followsAgain("@alice@" + alice.origin().Host)
	carol.followsAgain("@alice@" + alice.origin().Host)
	settle(alice, bob)
	alice.withdraw(road)
	settle(alice, bob)
	bob.wakes()
	settle(alice, bob)
	if got := append(bob.shown(), carol.shown()...); !slices.Equal(got, []string{"alice", "alice"}) {
		t.Fatalf("after the withdrawal %q", got)
	}

	alice.music.SetPlaylist(list, alice.ids("Paper Boats", "Harbour Lights")...)
	alice.publish("Road trip", playlists.Public)
	settle(alice, bob)
	bob.wakes()
	settle(alice, bob)
	for _, p := range []*person{bob, carol} {
		if got := p.shown(); len(got) != 2 || !strings.HasPrefix(got[1], "  Road trip") {
			t.Errorf("%s follows %q", p.account.Handle, got)
		}
	}
}
