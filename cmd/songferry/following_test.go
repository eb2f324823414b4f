package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

func TestWhoUnfollowsKeepsTheListAndHearsNoMore(t *testing.T) {
	t.Parallel()
	alice := newPerson(t, "alice", subsonictest.Navidrome, harbour, boats)
	bob := newPerson(t, "bob", subsonictest.Navidrome, harbour)
	list := alice.music.AddPlaylist("alice", "Road trip", alice.ids("Harbour Lights", "Paper Boats")...)
	id, handle := alice.publish("Road trip", playlists.Public)
	bob.follow(handle, playlists.Sync, playlists.Keep)
	settle(alice, bob)

	rows, err := bob.following(t.Context(), "bob")
	if err != nil || len(rows) != 1 || rows[0].Name != "Road trip · alice" || rows[0].Found != 1 || rows[0].Total != 2 || rows[0].Target != handle {
		t.Fatalf("following: %+v, %v", rows, err)
	}
	row, err := chooseFollowed(rows, "bob", handle)
	if err != nil {
		t.Fatal(err)
	}
	want, err := bob.store.Want(t.Context(), playlists.ID(row.ID))
	if err != nil {
		t.Fatal(err)
	}
	if err := bob.store.EndWant(t.Context(), want); err != nil {
		t.Fatal(err)
	}
	settle(alice, bob)
	alice.music.SetPlaylist(list)
	alice.step(alice.subsonic.PollOnce)
	settle(alice, bob)

	bob.holds("Road trip · alice", "Harbour Lights")
	if rows, err := bob.following(t.Context(), "bob"); err != nil || len(rows) != 0 {
		t.Errorf("still following %+v, %v", rows, err)
	}
	pub, err := alice.store.Publication(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if left, err := alice.fed.Followers(t.Context(), pub.PublicID); err != nil || len(left) != 0 {
		t.Errorf("Alice still has the followers %+v, %v", left, err)
	}
}

func TestAnEmptyPlaylistHasAnEmptyListOfTracksForScripts(t *testing.T) {
	t.Parallel()
	text, err := json.Marshal(summaryOf("Empty", "", nil))
	if err != nil || !strings.Contains(string(text), `"tracks":[]`) {
		t.Errorf("%s, %v", text, err)
	}
}

func TestAnAmbiguousNameAsksForTheID(t *testing.T) {
	t.Parallel()
	rows := []followingRow{{ID: "1", Name: "Same", Mode: playlists.Sync, Found: 5, Total: 24}, {ID: "2", Name: "Same", Target: "@b@b.example"}}
	if _, err := chooseFollowed(rows, "bob", "Same"); playlists.CodeOf(err) != playlists.Invalid || !strings.Contains(playlists.Say(err), "1 (kept in step, 5 of 24), 2 (") {
		t.Errorf("two of a name: %v", err)
	}
	if r, err := chooseFollowed(rows, "bob", "@b@b.example"); err != nil || r.ID != "2" {
		t.Errorf("by its handle: %+v, %v", r, err)
	}
	rows = append(rows, followingRow{ID: "rybvnqjyky", Name: "Road trip · Alice", Target: "@alice_road_trip@a.example"})
	for _, typed := range []string{"Road trip · Alice", "road trip", "rybvnqjy", "alice_road_trip@a.example"} {
		if r, err := chooseFollowed(rows, "bob", typed); err != nil || r.ID != "rybvnqjyky" {
			t.Errorf("as a person types it, %q: %+v, %v", typed, r, err)
		}
	}
	if _, err := chooseFollowed(rows, "bob", "Other"); playlists.CodeOf(err) != playlists.NotFound {
		t.Errorf("none of the name: %v", err)
	}
}
