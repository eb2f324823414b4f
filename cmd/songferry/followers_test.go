package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

func TestFollowersAreKnownByTheirHandles(t *testing.T) {
	t.Parallel()
	alice := newPerson(t, "alice", subsonictest.Navidrome, harbour)
	bob := newPerson(t, "bob", subsonictest.Gonic, harbour)
	carol := housemate(alice, "carol", subsonictest.Gonic, harbour)
	alice.music.AddPlaylist("alice", "Secret", alice.ids("Harbour Lights")...)
	id, handle := alice.publish("Secret", playlists.Followers)
	bob.follow(handle, playlists.Sync, playlists.Keep)
	carol.follow(handle, playlists.Sync, playlists.Keep)
	settle(alice, bob)
	for _, p := range []*person{bob, carol} {
		rows, err := p.following(t.Context(), p.account.Handle)
		if err != nil || len(rows) != 1 || rows[0].State != "waiting" {
			t.Errorf("before: %+v, %v", rows, err)
		}
	}
	pub, err := alice.store.Publication(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if self, err := (followed{Account: "alice", Playlist: "@alice"}).publication(t.Context(), alice.bridge); err != nil || self.PublicID != alice.account.PublicID {
		t.Errorf("the account itself is %+v, %v", self, err)
	}
	for _, p := range []*person{bob, carol} {
		name := "@" + p.account.Handle + "@" + p.origin().Host
		follower, err := alice.followerNamed(t.Context(), pub.PublicID, name)
		if err != nil || follower == name {
			t.Fatalf("%s is follower %q, %v", name, follower, err)
		}
		if err := alice.fed.Decide(t.Context(), pub.PublicID, follower, true); err != nil {
			t.Fatal(err)
		}
	}
	settle(alice, bob)
	makeDue(t, bob)
	settle(alice, bob)
	bob.holds("Secret · alice", "Harbour Lights")
	carol.holds("Secret · alice", "Harbour Lights")
}

func TestTheListOfFollowersSaysHowToApprove(t *testing.T) {
	t.Parallel()
	c := followerList{followed: followed{Account: "alice", Playlist: "Road trip"}}
	var out bytes.Buffer
	c.print(&out, []followerRow{{ID: "https://b.example/1", Handle: "@bob@b.example"}, {ID: "https://c.example/2", Approved: true}})
	for _, want := range []string{"@bob@b.example  waits for approval\n", "https://c.example/2  approved\n",
		`songferry follower approve --account alice "Road trip" @bob@b.example` + "\n"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in:\n%s", want, &out)
		}
	}
}
