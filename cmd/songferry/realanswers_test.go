//go:build supysonic

package main

import "testing"

// What a person does to a copy is understood on a real server, and what the copy asks is answered there.
func TestACopyAsksAndIsAnsweredOnARealServer(t *testing.T) {
	t.Parallel()
	alice := newHome(t, []string{"alice"}, aliceMusic)
	bob := newHome(t, []string{"bob"}, bobMusic)
	list := alice.make("alice", "Road trip", "tide.flac", "joga.mp3", "tide.flac", "harbour.flac", "boats.flac")
	alice.make("alice", "Odd", "rare.flac", "drive.flac", "rare.flac", "drive.flac", "tide.flac")
	alice.serve()
	bob.serve()
	bob.must("follow", "--account", "bob", alice.publish("alice", "Road trip", "public").Handle)
	const name = "Road trip · alice"
	const tide, joga, harbour = "tide.mp3", "album/joga.flac", "remaster/harbour.flac"
	const boats, station, train = "deluxe/boats.ogg", "best/station.flac", "first/train.mp3"
	copied := bob.comes("bob", name, tide, joga, tide, harbour, boats)

	bob.remove("bob", copied.ID, 0) // the first of two copies
	alice.add("alice", list, "station.ogg")
	bob.comes("bob", name, joga, tide, harbour, boats, station)
	contains(t, "what he took out", bob.must("following", "show", "--account", "bob", name), "Mara Lind – Tide (1 copy of it stays)")
	bob.must("following", "restore", "--account", "bob", name, "Tide")
	bob.comes("bob", name, tide, joga, tide, harbour, boats, station)

	bob.set("bob", copied.ID, boats, tide, joga, tide, harbour, station)
	alice.add("alice", list, "train.flac")
	bob.comes("bob", name, boats, tide, joga, tide, harbour, station, train)
	contains(t, "the question", bob.must("following", "--account", "bob"), "You put this list in another order", `"`+name+`" mine`+"` keeps it")
	contains(t, "the answer", bob.must("following", "order", "--account", "bob", name, "original"), "follows the original order")
	bob.comes("bob", name, tide, joga, tide, harbour, boats, station, train)

	odd := alice.publish("alice", "Odd", "public").Handle
	contains(t, "the import", bob.must("import", "--account", "bob", odd),
		"Only 1 of its 5 tracks is in your library, so no list was made yet", "songferry following agree --account bob \"Odd\"")
	if lists, err := bob.lists("bob"); err != nil || len(lists) != 1 {
		t.Fatalf("Bob has %+v, %v", lists, err)
	}
	bob.must("following", "agree", "--account", "bob", "Odd")
	bob.comes("bob", "Odd · alice", tide)
}
