//go:build chromium

package web_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/web/browsertest"
)

func TestEveryPublicPageInEveryLook(t *testing.T) {
	t.Parallel()
	w := setup(t)
	long := strings.Repeat("Wördwithoutend", 20)
	w.publishToAll(playlists.Playlist{Name: "Long", Summary: long,
		Tracks: []playlists.Track{{Title: long, Artist: long, Album: long, Note: long, Duration: 100_000}, {Title: "x"}}})
	w.publishToAll(playlists.Playlist{Name: "Empty", Tracks: []playlists.Track{}})
	tab := browsertest.Open(t, w.server.URL, browsertest.Options{})
	for _, page := range []struct {
		name, path string
		status     int
	}{
		{"landing", "/", 200},
		{"account", "/@alice", 200},
		{"playlist public", w.path(playlists.Public), 200},
		{"playlist for followers", w.path(playlists.Followers), 200},
		{"playlist by link", w.path(playlists.Link), 200},
		{"playlist with long words", "/@alice_long", 200},
		{"playlist empty", "/@alice_empty", 200},
		{"playlist withdrawn", "/@alice_old_times", 410},
		{"no page", "/nowhere", 404},
		{"incomplete address", "/import", 400},
		{"follow from elsewhere", "/authorize_interaction?uri=@bob@m.example", 200},
		{"import from elsewhere", "/import?url=https://m.example/@bob_a_rather_long_name_of_a_list", 200},
		{"vocabulary", "/ns", 200},
	} {
		tab.ExpectStatus(page.status)
		tab.Goto(page.path)
		tab.EachLook(page.name)
	}
}

func (w *world) publishToAll(p playlists.Playlist) {
	w.t.Helper()
	if _, err := w.store.Publish(w.t.Context(), w.record(p), playlists.Public); err != nil {
		w.t.Fatal(err)
	}
}

func TestAStrangerTakesAPlaylistHome(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]browsertest.Options{"on a phone": {}, "without scripts": {NoScript: true}, "at night": {Wide: true, Dark: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := setup(t)
			their := newTheirs(t)
			stranger := browsertest.Open(t, w.server.URL, o)
			stranger.Goto("/@alice")
			stranger.Click("Road trip")
			stranger.Sees("2 tracks · 15 min")
			stranger.Sees("because it is long")
			if name, text := stranger.Download("CSV"); name != "Road trip.csv" || !strings.Contains(text, "Sinnerman") {
				t.Errorf("%s:\n%s", name, text)
			}

			stranger.Fill("Follow from your own server", their.bob)
			stranger.Click("Import into my server")
			stranger.Sees("Go on at " + their.Host())
			stranger.Click("Back to the playlist")
			stranger.Fill("Follow from your own server", their.bob)
			stranger.Click("Follow")
			stranger.Sees("There you follow Road trip")
			stranger.EachLook("going on")
			where := their.URL + "/authorize_interaction?uri=" + url.QueryEscape("https://b.example/ap/actors/"+w.published[playlists.Public].PublicID)
			if !slices.Contains(stranger.Links(), where) {
				t.Errorf("links to %q", stranger.Links())
			}
		})
	}
}

func TestAStrangerIsToldWhatIsWrong(t *testing.T) {
	t.Parallel()
	w := setup(t)
	their := newTheirs(t)
	stranger := browsertest.Open(t, w.server.URL, browsertest.Options{})
	stranger.Goto("/@alice_road_trip")
	stranger.Fill("Follow from your own server", "@bob@")
	stranger.ExpectStatus(http.StatusBadRequest)
	stranger.Click("Follow")
	stranger.Sees("Write the whole address, such as @bob@songs.example")
	stranger.EachLook("form refused")
	if stranger.Value("Follow from your own server") != "@bob@" || !strings.HasPrefix(stranger.Focused(), "textbox") {
		t.Errorf("in the field: %q; the focus is at %s", stranger.Value("Follow from your own server"), stranger.Focused())
	}

	their.answersAboutBob()
	stranger.Fill("Follow from your own server", their.bob)
	stranger.Click("Import into my server")
	stranger.EachLook("server cannot import")
	stranger.Click("Follow")
	stranger.EachLook("server has no page")
	stranger.Sees(their.Host() + " offers no page for this")
}

func TestAStrangerHasOnlyAKeyboard(t *testing.T) {
	t.Parallel()
	w := setup(t)
	their := newTheirs(t)
	stranger := browsertest.Open(t, w.server.URL, browsertest.Options{Wide: true})
	stranger.Goto("/@alice_road_trip")
	stranger.TabTo("Skip to the content")
	stranger.Press("Enter")
	way := stranger.TabTo("Follow from your own server")
	if want := []string{`link "Alice"`, `button "Copy the handle"`, `textbox "Follow from your own server"`}; !slices.Equal(way, want) {
		t.Errorf("on the way: %q, want %q", way, want)
	}
	stranger.Type(their.bob)
	stranger.TabTo(`button "Follow"`)
	stranger.Screenshot("focus")
	stranger.Press("Enter")
	stranger.Sees("Go on at " + their.Host())
	stranger.TabTo("Follow at 127.0.0.1") // its port is no part of the name that the driver reads
}
