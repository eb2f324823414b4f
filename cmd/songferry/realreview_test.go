//go:build supysonic

package main

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/songferry/songferry/subsonicbridge/supysonictest"
)

// What a person decided lasts on a real server, and what they buy fills the gaps.
func TestADecisionLastsOnARealServer(t *testing.T) {
	t.Parallel()
	alice := newHome(t, []string{"alice"}, aliceMusic)
	bob := newHome(t, []string{"bob"}, bobMusic)
	alice.make("alice", "Road trip", "harbour.flac", "drive.flac", "rare.flac")
	alice.serve()
	bob.serve()
	bob.must("follow", "--account", "bob", alice.publish("alice", "Road trip", "public").Handle)
	const name = "Road trip · alice"
	bob.comes("bob", name, "remaster/harbour.flac")

	contains(t, "the review", bob.must("review", "list", "--account", "bob"), "Night Drive", "To check. It may be:", "Live at the Roxy")
	bob.must("review", "choose", "--account", "bob", bob.reviewed("Night Drive"), "1")
	bob.comes("bob", name, "remaster/harbour.flac", "live/drive.flac")

	bob.music.Add(t, supysonictest.File{Path: "new/rare.mp3", Title: "Only Here [2020 Remaster]", Artist: "Unheard", Album: "Demo Tape", Track: 1, Seconds: 48})
	bob.readSongs("bob")
	contains(t, "the reading", bob.must("account", "refresh", "bob"), "10 songs")
	bob.comes("bob", name, "remaster/harbour.flac", "live/drive.flac", "new/rare.mp3")

	bob.must("review", "none", "--account", "bob", bob.reviewed("Harbour Lights"))
	bob.comes("bob", name, "live/drive.flac", "new/rare.mp3")
}

// reviewed returns by which name review choose knows a track that bob wants.
func (h *home) reviewed(title string) string {
	h.t.Helper()
	var rows []reviewRowJSON
	if err := json.Unmarshal([]byte(h.must("review", "list", "--account", "bob", "--all", "--json")), &rows); err != nil {
		h.t.Fatal(err)
	}
	i := slices.IndexFunc(rows, func(r reviewRowJSON) bool { return r.Wanted.Title == title })
	if i < 0 {
		h.t.Fatalf("no %q in %+v", title, rows)
	}
	return rows[i].Track[:shortKey]
}
