package main

import (
	"encoding/json"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/formats"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

// wanting is an installation whose bob has imported playlists of which his library lacks some tracks.
type wanting struct {
	*installation
	folder string
}

func newWanting(t *testing.T) wanting {
	t.Helper()
	server := subsonictest.NewServer(subsonictest.Navidrome)
	server.AddUser("bob", "secret")
	for _, s := range []playlists.Track{harbour, track("The Lanterns", "Low Tide (live)", 250), track("Ida Thorne", "Kitchen Radio", 200)} {
		server.AddSong(s)
	}
	music := httptest.NewServer(server)
	t.Cleanup(music.Close)
	w := wanting{installation: install(t), folder: t.TempDir()}
	w.addAccount("bob", music.URL, "secret")
	return w
}

// imports writes a CSV file and imports it, as somebody does who was sent one.
func (w wanting) imports(name string, rows ...string) {
	w.t.Helper()
	file := filepath.Join(w.folder, name+".csv")
	text := "Title,Artist,Album,Duration (s),Track number\n" + strings.Join(rows, "\n")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		w.t.Fatal(err)
	}
	w.must("import", "--account", "bob", file)
}

func (w wanting) read(file string) []byte {
	w.t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		w.t.Fatal(err)
	}
	return data
}

// TestWhatIsMissingIsListedByAlbumWithReasonsAndLinks types the command as bob does, who wants to buy some music.
func TestWhatIsMissingIsListedByAlbumWithReasonsAndLinks(t *testing.T) {
	t.Parallel()
	w := newWanting(t)
	if out := w.must("missing", "--account", "bob"); out != "There is no copy of a playlist whose tracks could be missing.\n" {
		t.Errorf("before any import: %s", out)
	}
	w.imports("Road trip", "Harbour Lights,The Lanterns,The Lanterns Collected,214,", "Paper Boats,The Lanterns,The Lanterns Collected,263,2",
		"Low Tide,The Lanterns,,250,", "Jóga,Björk,Homogenic,305,2")
	w.imports("Sunday", "Jóga - 2011 Remaster,Björk,Homogenic (Deluxe Edition),305,2", "Hunter,Björk,Homogenic,255,1", "Kitchen Radio,Ida Thorne,,200,")
	w.imports("Nobody knows", "=cmd|' /C calc'!A0,\x1b[31mRed,,0,")

	const text = `Missing from your library: 4 tracks, wanted by 3 playlists.

Björk – Homogenic: 2 tracks, for 2 playlists
  Hunter  (you have nothing by this artist; for Sunday)
  Jóga  (you have nothing by this artist; for Road trip, Sunday)
  https://musicbrainz.org/search?type=release&method=indexed&query=Bj%C3%B6rk+Homogenic
  https://bandcamp.com/search?item_type=a&q=Bj%C3%B6rk+Homogenic
  https://www.qobuz.com/us-en/search/albums/Bj%C3%B6rk%20Homogenic

[31mRed – =cmd|' /C calc'!A0  (you have nothing by this artist; for Nobody knows)
  https://musicbrainz.org/search?type=recording&method=indexed&query=%5B31mRed+%3Dcmd%7C%27+%2FC+calc%27%21A0
  https://bandcamp.com/search?item_type=t&q=%5B31mRed+%3Dcmd%7C%27+%2FC+calc%27%21A0
  https://www.qobuz.com/us-en/search/tracks/%5B31mRed%20=cmd%7C%27%20C%20calc%27%21A0

The Lanterns – The Lanterns Collected: 1 track, for 1 playlist
  Paper Boats  (you have the artist, but not this song; for Road trip)
  https://musicbrainz.org/search?type=release&method=indexed&query=The+Lanterns+The+Lanterns+Collected
  https://bandcamp.com/search?item_type=a&q=The+Lanterns+The+Lanterns+Collected
  https://www.qobuz.com/us-en/search/albums/The%20Lanterns%20The%20Lanterns%20Collected

To check first, since a song of yours comes near (songferry review list): 1 track.

The Lanterns – Low Tide  (you have only another version (live): “Low Tide (live)” by The Lanterns; for Road trip)
  https://musicbrainz.org/search?type=recording&method=indexed&query=The+Lanterns+Low+Tide
  https://bandcamp.com/search?item_type=t&q=The+Lanterns+Low+Tide
  https://www.qobuz.com/us-en/search/tracks/The%20Lanterns%20Low%20Tide
`
	if out := w.must("missing", "--account", "bob"); out != text {
		t.Errorf("it says:\n%s\nwant:\n%s", out, text)
	}
	if out := w.must("missing", "--account", "bob", "--playlist", "Sunday"); !strings.HasPrefix(out, "Missing from your library: 2 tracks, wanted by 1 playlist.\n") {
		t.Errorf("of one playlist: %s", out)
	}
	isPlain(t, w.runWith([]string{"SONGFERRY_LOG_LEVEL=info"}, "missing", "--account", "bob", "--playlist", "Monday"), "Monday", "songferry following")
}

func TestWhatIsMissingCanBeTakenElsewhere(t *testing.T) {
	t.Parallel()
	w := newWanting(t)
	w.imports("Road trip", "Harbour Lights,The Lanterns,,214,", "Jóga,Björk,Homogenic,305,2")
	w.imports("Sunday", "Jóga,Björk,Homogenic,305,2")
	for _, name := range []string{"wanted.csv", "wanted.jspf"} {
		file := filepath.Join(w.folder, name)
		if out := w.must("missing", "--account", "bob", "--out", file); out != "What is missing, 1 track, is written to "+file+".\n" {
			t.Errorf("beside %s it prints %q", name, out)
		}
		p, err := formats.Read(name, w.read(file))
		want := playlists.Track{Title: "Jóga", Artist: "Björk", Album: "Homogenic", Duration: 305, Number: 2}
		if err != nil || p.Name != "Missing from the library of bob" || !reflect.DeepEqual(p.Tracks, []playlists.Track{want}) {
			t.Errorf("%s: %+v, %v", name, p, err)
		}
	}
	if out := w.must("missing", "--account", "bob", "--format", "csv"); out != string(w.read(filepath.Join(w.folder, "wanted.csv"))) {
		t.Errorf("at the terminal: %q", out)
	}
	var list missingList
	if err := json.Unmarshal([]byte(w.must("missing", "--account", "bob", "--json")), &list); err != nil {
		t.Fatal(err)
	}
	if len(list.Get) != 1 || list.Check == nil || list.Copies != 2 || list.Get[0].Playlists != 2 ||
		list.Get[0].Tracks[0].Reason != "no artist" || !reflect.DeepEqual(list.Get[0].Tracks[0].Playlists, []string{"Road trip", "Sunday"}) {
		t.Errorf("for scripts: %+v", list)
	}
	info := []string{"SONGFERRY_LOG_LEVEL=info"}
	isPlain(t, w.runWith(info, "missing", "--account", "bob", "--out", w.folder), "cannot be written")
	isPlain(t, w.runWith(info, "missing", "--account", "bob", "--format", "csv", "--json"), "--json", "leave one of them out")
	isPlain(t, w.runWith(info, "missing", "--account", "nobody"), `no account "nobody"`)
}

func TestWhatIsMissingOfOnePersonsPlaylists(t *testing.T) {
	t.Parallel()
	alice := newPerson(t, "alice", subsonictest.Navidrome, harbour, boats, station)
	bob := housemate(alice, "bob", subsonictest.Navidrome, joga)
	alice.music.AddPlaylist("alice", "Road trip", alice.ids("Harbour Lights")...)
	alice.music.AddPlaylist("alice", "Evening", alice.ids("Paper Boats")...)
	alice.publish("Road trip", playlists.Public)
	alice.publish("Evening", playlists.Public)
	bob.followsAgain("@alice@" + alice.origin().Host)
	settle(alice)
	carol := housemate(alice, "carol", subsonictest.Navidrome, station)
	carol.music.AddPlaylist("carol", "Night", carol.ids("夜の駅")...)
	_, night := carol.publish("Night", playlists.Public)
	bob.follow(night, playlists.Once, playlists.Keep)
	settle(alice)
	for name, rows := range map[string]int{"": 3, "alice": 2, "Evening": 1} {
		g, err := bob.gaps(t.Context(), "bob", name)
		if err != nil || len(g.Rows) != rows || g.Copies != rows {
			t.Errorf("%q: %+v, %v", name, g, err)
		}
	}
}
