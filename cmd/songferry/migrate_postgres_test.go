//go:build postgres

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/songferry/songferry/migrations/migrationstest"
	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

// A bridge that moves into PostgreSQL is the same to everybody: who follows it hears of the next edit.
func TestABridgeMovesIntoPostgres(t *testing.T) {
	t.Parallel()
	alice := newPersonBehind(t, "alice", subsonictest.Navidrome, fronts{inFile: true}, harbour, boats, station)
	bob := newPerson(t, "bob", subsonictest.Navidrome, harbour, boats, station)
	list := alice.music.AddPlaylist("alice", "Road trip", alice.ids("Harbour Lights", "Paper Boats")...)
	_, handle := alice.publish("Road trip", playlists.Public)
	bob.follow(handle, playlists.Sync, playlists.Keep)
	settle(alice, bob)

	s := alice.settings
	s.Database = migrationstest.File(t)
	var said bytes.Buffer
	move := func() error {
		return migrateCommand{From: "sqlite", To: "postgres"}.Run(t.Context(), &s, terminal{Out: &said, Err: &said})
	}
	if err := move(); err == nil || !strings.Contains(err.Error(), "Stop it first") {
		t.Fatalf("while it is at work: %v", err)
	}
	if err := alice.Close(); err != nil {
		t.Fatal(err)
	}
	alice.music.SetPlaylist(list, alice.ids("夜の駅", "Harbour Lights")...) // nobody is there to notice
	if err := move(); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(s.Data, "songferry.db")
	if err := os.Rename(file+movedEnd, file); err != nil { // as if it had been broken off just before
		t.Fatal(err)
	}
	if err := move(); err != nil {
		t.Fatalf("once more: %v", err)
	}

	alice.open(s, "alice")
	alice.step(alice.subsonic.PollOnce)
	settle(alice, bob)
	makeDue(t, bob)
	settle(alice, bob)
	bob.holds("Road trip · alice", "夜の駅", "Harbour Lights")
	checkEstates(t, alice.estate(), bob.estate())
	if err := os.Rename(file+movedEnd, file); err != nil {
		t.Fatal(err)
	}
	if err := move(); err == nil || !strings.Contains(err.Error(), "has accounts already") {
		t.Errorf("over what has gone on: %v", err)
	}
}
