package main

import (
	"strings"
	"testing"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

func TestAPersonsHandleLeadsToTheirOnlyPlaylist(t *testing.T) {
	t.Parallel()
	alice := newPerson(t, "alice", subsonictest.Navidrome, harbour, boats)
	bob := newPerson(t, "bob", subsonictest.Navidrome)
	person := "@alice@" + alice.origin().Host
	alice.music.AddPlaylist("alice", "Road trip", alice.ids("Harbour Lights")...)
	alice.publish("Road trip", playlists.Public)

	found, err := bob.fed.Lookup(t.Context(), bob.account.ID, person)
	if err != nil || found.Playlist.Name != "Road trip" {
		t.Fatalf("found %q, %v", found.Playlist.Name, err)
	}

	alice.music.AddPlaylist("alice", "Evening", alice.ids("Paper Boats")...)
	_, evening := alice.publish("Evening", playlists.Public)
	_, err = bob.fed.Lookup(t.Context(), bob.account.ID, person)
	if say := playlists.Say(err); !strings.Contains(say, "@alice_road_trip@") || !strings.Contains(say, evening) {
		t.Errorf("of two playlists it says %q", say)
	}
}
