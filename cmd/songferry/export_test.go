package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/formats"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

// exports runs the export command for p and returns what it prints.
func (p *person) exports(c exportCommand) string {
	p.t.Helper()
	out, err := p.tryExport(c)
	if err != nil {
		p.t.Fatal(err)
	}
	return out
}

func (p *person) tryExport(c exportCommand) (string, error) {
	var out bytes.Buffer
	c.Account = p.account.Handle
	err := p.export(p.t.Context(), terminal{Out: &out, Err: &out}, c)
	return out.String(), err
}

func TestAnExportedPlaylistCanBeImportedElsewhere(t *testing.T) {
	t.Parallel()
	alice := newPerson(t, "alice", subsonictest.Navidrome, harbour, boats, station)
	bob := newPerson(t, "bob", subsonictest.Gonic, station, boats, harbour)
	alice.music.AddPlaylist("alice", "Road trip", alice.ids("夜の駅", "Harbour Lights", "夜の駅")...)
	folder := t.TempDir()
	for _, f := range formats.Formats() {
		file := filepath.Join(folder, "list."+f.Extension)
		if out := alice.exports(exportCommand{Output: file, Playlist: "Road trip"}); !strings.HasPrefix(out, "Road trip: 3 tracks written to "+file) {
			t.Errorf("%s: %s", f.Name, out)
		}
		bob.imports(importCommand{Name: f.Name, Target: file})
		owner := ""
		if f.Extension == "jspf" || f.Extension == "xspf" {
			owner = " · alice"
		}
		bob.holds(f.Name+owner, "夜の駅", "Harbour Lights", "夜の駅")
		if p, err := formats.Read("x", []byte(bob.exports(exportCommand{Playlist: f.Name}))); err != nil || len(p.Tracks) != 3 || p.Name != f.Name {
			t.Errorf("%s, exported again: %+v, %v", f.Name, p, err)
		}
	}
}

func TestAnExportGoesToTheStandardOutputAsAPlaylistOfWhomItIs(t *testing.T) {
	t.Parallel()
	alice := newPerson(t, "alice", subsonictest.Navidrome, harbour)
	bob := newPerson(t, "bob", subsonictest.Navidrome)
	carol := housemate(alice, "carol", subsonictest.Navidrome)
	alice.music.AddPlaylist("alice", "Road trip", alice.ids("Harbour Lights")...)
	alice.music.AddPlaylist("alice", "For Bob", alice.ids("Harbour Lights")...)
	_, handle := alice.publish("Road trip", playlists.Public)
	_, link := alice.publish("For Bob", playlists.Link)
	bob.follow(handle, playlists.Sync, playlists.Keep)
	for name, c := range map[string]struct {
		who      *person
		target   string
		handle   string
		hasAPage bool
	}{
		"by its name":        {alice, "Road trip", "@alice@" + alice.origin().Host, true},
		"one's own handle":   {alice, handle, "@alice@" + alice.origin().Host, true},
		"a link":             {alice, "For Bob", "", false},
		"one's own link":     {alice, link, "", false},
		"a friend's":         {bob, handle, "@alice@" + alice.origin().Host, true},
		"a copy, by name":    {bob, "Road trip", "@alice@" + alice.origin().Host, true},
		"the same household": {carol, handle, "", false},
	} {
		p, err := formats.Read("x", []byte(c.who.exports(exportCommand{Playlist: c.target})))
		if err != nil || len(p.Tracks) != 1 || p.Curator.Name != "alice" || p.Curator.Handle != c.handle || (p.Page != "") != c.hasAPage {
			t.Errorf("%s: %+v, %v", name, p, err)
		}
	}
	if out := alice.exports(exportCommand{Format: "M3U", Playlist: "Road trip"}); !strings.HasPrefix(out, "#EXTM3U\n#PLAYLIST:Road trip\n") {
		t.Errorf("M3U: %s", out)
	}
	if out := alice.exports(exportCommand{Playlist: "For Bob"}); strings.Contains(out, "/s/") || !strings.Contains(out, `"public": false`) {
		t.Errorf("the secret link, or that it is public, is in: %s", out)
	}
}

func TestWhatCannotBeExportedIsSaidAndLeavesTheFileAsItWas(t *testing.T) {
	t.Parallel()
	alice := newPerson(t, "alice", subsonictest.Navidrome, harbour)
	bob := newPerson(t, "bob", subsonictest.Navidrome)
	alice.music.AddPlaylist("alice", "Friends", alice.ids("Harbour Lights")...)
	_, handle := alice.publish("Friends", playlists.Followers)
	folder := t.TempDir()
	old := filepath.Join(folder, "old.csv")
	if err := os.WriteFile(old, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		who  *person
		what exportCommand
		says string
	}{
		"no such playlist":  {alice, exportCommand{Output: old, Playlist: "Friend"}, `no playlist "Friend"`},
		"no playlist named": {alice, exportCommand{Output: old}, `no playlist ""`},
		"not approved":      {bob, exportCommand{Output: old, Playlist: handle}, "for followers that its owner approves"},
		"no such handle":    {bob, exportCommand{Output: old, Playlist: "@nobody@" + alice.origin().Host}, "knows nobody"},
		"no such format":    {alice, exportCommand{Output: old, Format: "pdf", Playlist: "Friends"}, `"pdf" is no format`},
		"no format's name":  {alice, exportCommand{Output: filepath.Join(folder, "list.txt"), Playlist: "Friends"}, "Choose one with --format"},
		"no such folder":    {alice, exportCommand{Output: filepath.Join(folder, "absent", "list.csv"), Playlist: "Friends"}, "cannot be written"},
		"a folder":          {alice, exportCommand{Output: folder, Format: "csv", Playlist: "Friends"}, "cannot be written"},
	} {
		if out, err := c.who.tryExport(c.what); !strings.Contains(playlists.Say(err), c.says) {
			t.Errorf("%s: %v: %s", name, err, out)
		}
	}
	if data, err := os.ReadFile(old); err != nil || string(data) != "old" {
		t.Errorf("the file is now %q, %v", data, err)
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) != 1 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	alice.exports(exportCommand{Output: old, Playlist: "Friends"})
	if data, err := os.ReadFile(old); err != nil || !strings.Contains(string(data), "Harbour Lights") {
		t.Errorf("the file is now %q, %v", data, err)
	}
}

// A file beside the one that is written is somebody's, whatever its name.
func TestAnExportTouchesNoOtherFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "list.jspf")
	if err := os.WriteFile(path+".part", []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := replaceFile(path, []byte("new")); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{path: "new", path + ".part": "mine"} {
		if got, err := os.ReadFile(name); string(got) != want {
			t.Errorf("%s holds %q, %v", filepath.Base(name), got, err)
		}
	}
	if files, err := os.ReadDir(filepath.Dir(path)); len(files) != 2 {
		t.Errorf("%d files, %v", len(files), err)
	}
}
