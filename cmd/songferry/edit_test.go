package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

func TestAPlaylistIsEditedByCommand(t *testing.T) {
	t.Parallel()
	alice, list, _ := sharing(t)
	edit := func(change playlistEdit) string {
		change.Account, change.Playlist = "alice", "Road trip"
		return alice.says(change)
	}
	some := func(text string) *string { return &text }
	yes := true
	notes := filepath.Join(t.TempDir(), "notes.md")
	if err := os.WriteFile(notes, []byte("For *May*.\r\n\r\nLoud.\n"), 0o600); err != nil {
		t.Fatal(err)
	}

	alice.hears(edit(playlistEdit{}), "Road trip: 5 tracks, 0 tracks left out; notes: those of your music server; language: the account's; cover: no.\n",
		"    2  The Lanterns – Paper Boats\n")
	alice.hears(edit(playlistEdit{Title: some("Summer drive"), NotesFile: notes, Language: some("fr"), Cover: &yes, LeaveOut: []string{"2", "Kitchen Radio"},
		Note: []string{"Harbour Lights=because 1 = 1", "3=la nuit"}}),
		"Summer drive: 5 tracks, 2 tracks left out; notes: For *May*. …; language: fr; cover: yes.\n", "get it so within minutes")
	id, _ := alice.publish("Summer drive", playlists.Public) // as it is already
	p, err := alice.store.Get(t.Context(), id)
	if err != nil || p.Name != "Summer drive" || p.Summary != "For *May*.\n\nLoud." || p.Language != "fr" || len(p.Tracks) != 3 ||
		p.Tracks[0].Note != "because 1 = 1" || p.Tracks[1].Note != "la nuit" {
		t.Errorf("others see %+v, %v", p, err)
	}
	if on, ok := alice.music.PlaylistNamed("alice", "Road trip"); !ok || on.ID != list || len(on.Songs) != 5 {
		t.Errorf("the music server has %+v", on)
	}

	change := playlistEdit{Account: "alice", Playlist: "Summer drive"}
	alice.hears(alice.says(change), "    2  The Lanterns – Paper Boats  (left out)\n", "       | la nuit\n")
	change.Title, change.Notes, change.BringBack, change.Note = some(""), some(""), []string{"2"}, []string{"3="}
	alice.hears(alice.says(change), "Road trip: 5 tracks, 1 track left out; notes: those of your music server; language: fr; cover: yes.")
}

func TestATrackThatIsNotMeantIsNotEdited(t *testing.T) {
	t.Parallel()
	again := boats
	again.Artist = "Salt Choir"
	alice := newPerson(t, "alice", subsonictest.Navidrome, harbour, boats)
	other := alice.music.AddSong(again)
	alice.music.AddPlaylist("alice", "Road trip", append(alice.ids("Harbour Lights", "Paper Boats"), other)...)
	for track, says := range map[string]string{"9": `no track "9"`, "": `no track ""`, "Paper Boats": "There are 2 tracks called"} {
		_, err := alice.tries(playlistEdit{Account: "alice", Playlist: "Road trip", LeaveOut: []string{track}})
		if said := playlists.Say(err); !strings.Contains(said, says) {
			t.Errorf("%q: %q", track, said)
		}
	}
	_, err := alice.tries(playlistEdit{Account: "alice", Playlist: "Road trip", Note: []string{"because"}})
	alice.hears(playlists.Say(err), "write its number, =, and the note")
	alice.hears(alice.says(playlistEdit{Account: "alice", Playlist: "Road trip", LeaveOut: []string{"Salt Choir – Paper Boats"}}), "1 track left out")
}
