package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

// imports runs the import command for p and returns what it prints.
func (p *person) imports(c importCommand) string {
	p.t.Helper()
	out, err := p.tryImport(c)
	if err != nil {
		p.t.Fatal(err)
	}
	return out
}

func (p *person) tryImport(c importCommand) (string, error) {
	var out bytes.Buffer
	err := p.importTarget(p.t.Context(), terminal{Out: &out, Err: &out}, p.account, c)
	return out.String(), err
}

// followsAgain runs the follow command for p and returns what it prints.
func (p *person) followsAgain(target string) string {
	p.t.Helper()
	var out bytes.Buffer
	if err := p.bring(p.t.Context(), terminal{Out: &out, Err: &out}, p.account, target, playlists.Sync, playlists.Keep, false); err != nil {
		p.t.Fatal(err)
	}
	return out.String()
}

func TestAnImportMayHaveAnotherName(t *testing.T) {
	t.Parallel()
	alice := newPerson(t, "alice", subsonictest.Navidrome, harbour, boats, station)
	bob := newPerson(t, "bob", subsonictest.Gonic, boats, harbour, station)
	carol := housemate(alice, "carol", subsonictest.Supysonic, boats, harbour, station)
	list := alice.music.AddPlaylist("alice", "Road trip", alice.ids("Harbour Lights", "Paper Boats")...)
	_, handle := alice.publish("Road trip", playlists.Public)

	out := bob.imports(importCommand{Name: "For the car", Target: handle})
	if !strings.HasPrefix(out, "For the car · alice: 2 of 2 tracks") {
		t.Errorf("it says: %s", out)
	}
	carol.imports(importCommand{Name: "For the train", Target: handle})

	alice.music.SetPlaylist(list, alice.ids("夜の駅", "Harbour Lights", "Paper Boats")...)
	alice.step(alice.subsonic.PollOnce)
	settle(alice, bob)
	bob.holds("For the car · alice", "Harbour Lights", "Paper Boats")
	carol.holds("For the train · alice", "Harbour Lights", "Paper Boats")
	if n := len(bob.music.Playlists()); n != 1 {
		t.Errorf("bob has %d playlists", n)
	}
}

func TestAnImportUnderAnotherNameIsNoWayAroundApproval(t *testing.T) {
	t.Parallel()
	alice := newPerson(t, "alice", subsonictest.Navidrome, harbour)
	bob := newPerson(t, "bob", subsonictest.Navidrome, harbour)
	alice.music.AddPlaylist("alice", "Secret", alice.ids("Harbour Lights")...)
	_, handle := alice.publish("Secret", playlists.Followers)

	if out, err := bob.tryImport(importCommand{Name: "Mine", Target: handle}); playlists.CodeOf(err) != playlists.Forbidden {
		t.Errorf("%v: %s", err, out)
	}
	if lists := bob.music.Playlists(); len(lists) != 0 {
		t.Errorf("bob has %+v", lists)
	}
}

func TestADryRunWritesNothing(t *testing.T) {
	t.Parallel()
	alice := newPerson(t, "alice", subsonictest.Navidrome, harbour, boats)
	bob := newPerson(t, "bob", subsonictest.Navidrome, harbour)
	alice.music.AddPlaylist("alice", "Road trip", alice.ids("Harbour Lights", "Paper Boats")...)
	_, handle := alice.publish("Road trip", playlists.Public)

	out := bob.imports(importCommand{Name: "For the car", DryRun: true, Target: handle})
	if !strings.Contains(out, "For the car: 1 of 2 tracks") || !strings.Contains(out, "missing   The Lanterns – Paper Boats") || !strings.Contains(out, "Nothing was written") {
		t.Errorf("it says: %s", out)
	}
	settle(bob)
	if lists := bob.music.Playlists(); len(lists) != 0 {
		t.Errorf("bob has %+v", lists)
	}
}

func TestAListOfWhichNothingIsFoundKeepsItsName(t *testing.T) {
	t.Parallel()
	bob := newPerson(t, "bob", subsonictest.Navidrome, joga)
	file := filepath.Join(t.TempDir(), "Sunday.csv")
	if err := os.WriteFile(file, []byte("Title,Artist\nKitchen Radio,Ida Thorne\n,\nUntitled,\n"), 0o600); err != nil {
		t.Fatal(err)
	}

	out := bob.imports(importCommand{Target: file})
	for _, want := range []string{"Sunday: 0 of 2 tracks", "missing   Ida Thorne – Kitchen Radio", "missing   Untitled"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not in: %s", want, out)
		}
	}
}

func TestWhatIsNoPlaylistIsRefusedInASentence(t *testing.T) {
	t.Parallel()
	bob := newPerson(t, "bob", subsonictest.Navidrome, harbour)
	dir := t.TempDir()
	for name, text := range map[string]string{"noise.m3u8": "\x00\x01", "list.csv": "Title,Artist\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for target, says := range map[string]string{
		filepath.Join(dir, "noise.m3u8"): "is not text",
		filepath.Join(dir, "list.csv"):   "names no tracks",
		filepath.Join(dir, "absent"):     "There is no file",
		"bob_sunday":                     "a handle looks like",
		dir:                              "is a folder",
	} {
		if _, err := bob.tryImport(importCommand{Target: target}); !strings.Contains(playlists.Say(err), says) {
			t.Errorf("%s: %v", target, err)
		}
	}
}

func TestFollowingAgainBringsBackADeletedCopy(t *testing.T) {
	t.Parallel()
	alice := newPerson(t, "alice", subsonictest.Navidrome, harbour, boats)
	bob := newPerson(t, "bob", subsonictest.Navidrome, harbour, boats)
	alice.music.AddPlaylist("alice", "Road trip", alice.ids("Harbour Lights", "Paper Boats")...)
	_, handle := alice.publish("Road trip", playlists.Public)
	bob.followsAgain(handle)
	list, _ := bob.music.PlaylistNamed("bob", "Road trip · alice")
	bob.music.DeletePlaylist(list.ID)

	if out := bob.followsAgain(handle); !strings.Contains(out, "You deleted this list") || !strings.Contains(out, "once more") {
		t.Errorf("it says: %s", out)
	}
	if slices.ContainsFunc(bob.music.Playlists(), func(p subsonictest.Playlist) bool { return p.Owner == "bob" }) {
		t.Error("what bob deleted was made again unasked")
	}
	bob.followsAgain(handle)
	bob.holds("Road trip · alice", "Harbour Lights", "Paper Boats")
}
