package web_test

import (
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/songferry/songferry/playlists"
)

var extensions = []string{".jspf", ".xspf", ".m3u8", ".csv"}

func TestWhoMayReadWhatAtEveryAddress(t *testing.T) {
	t.Parallel()
	w := setup(t)
	for _, c := range []struct {
		what, path string
		page, file int  // statuses
		tracks     bool // whether the page names them
	}{
		{"public", w.path(playlists.Public), 200, 200, true},
		{"unlisted", w.path(playlists.Unlisted), 200, 200, true},
		{"followers", w.path(playlists.Followers), 200, 404, false},
		{"link", w.path(playlists.Link), 200, 200, true},
		{"withdrawn", "/@alice_old_times", 410, 410, false},
		{"withdrawn link", "/s/" + w.goneToken, 410, 410, false},
		{"private", "/@alice_private_diary", 404, 404, false},
		{"account", "/@alice", 200, 404, false},
		{"unknown handle", "/@nobody", 404, 404, false},
		{"impossible handle", "/@" + strings.Repeat("x", 1000), 404, 404, false},
		{"hostile handle", "/@alice'%20OR%201=1", 404, 404, false},
		{"no handle", "/@", 404, 404, false},
		{"unknown token", "/s/abcdefghijklmnopqrstuvwxyz", 404, 404, false},
		{"no token", "/s/", 404, 404, false},
		{"handle as token", "/s/" + w.published[playlists.Public].Handle, 404, 404, false},
		{"token as handle", "/@" + w.published[playlists.Link].Token, 404, 404, false},
		{"public id as token", "/s/" + w.published[playlists.Link].PublicID, 404, 404, false},
		{"public id as handle", "/@" + w.published[playlists.Public].PublicID, 404, 404, false},
	} {
		page := w.get(c.path)
		if page.StatusCode != c.page || strings.Contains(page.text, "Jóga") != c.tracks {
			t.Errorf("%s: page %d with tracks %v, want %d, %v", c.what, page.StatusCode, !c.tracks, c.page, c.tracks)
		}
		for _, ext := range extensions {
			if file := w.get(c.path + ext); file.StatusCode != c.file || strings.Contains(file.text, "Jóga") != (c.file == 200) {
				t.Errorf("%s%s: %d, want %d:\n%s", c.what, ext, file.StatusCode, c.file, file.text)
			}
		}
		if file := w.get(c.path + ".exe"); file.StatusCode == 200 {
			t.Errorf("%s.exe is a file", c.what)
		}
	}
}

func TestSecretAndMissingLookAlike(t *testing.T) {
	t.Parallel()
	w := setup(t)
	for _, pair := range [][2]string{
		{"/@alice_private_diary", "/@alice_nothing"},
		{w.path(playlists.Followers) + ".csv", "/@alice_nothing.csv"},
		{"/@alice.csv", "/@nobody.csv"},
	} {
		secret, missing := w.get(pair[0]), w.get(pair[1])
		secret.Header.Del("Date")
		missing.Header.Del("Date")
		if secret.StatusCode != missing.StatusCode || secret.text != missing.text || !maps.EqualFunc(secret.Header, missing.Header, equalValues) {
			t.Errorf("%s and %s differ: %d %v, %d %v", pair[0], pair[1], secret.StatusCode, secret.Header, missing.StatusCode, missing.Header)
		}
	}
}

func equalValues(a, b []string) bool { return strings.Join(a, "\n") == strings.Join(b, "\n") }

func TestTheAccountPageListsPublicPlaylistsOnly(t *testing.T) {
	t.Parallel()
	w := setup(t)
	page := w.get("/@alice")
	if links := page.all("main a.card"); len(links) != 1 || attr(links[0], "href") != "/@alice_road_trip" {
		t.Errorf("cards: %d\n%s", len(links), page.text)
	}
	for _, hidden := range []string{"Quiet", "Friends", "By link", "Old times", "diary", w.published[playlists.Link].Token} {
		if strings.Contains(page.text, hidden) {
			t.Errorf("the account page tells of %q", hidden)
		}
	}
}

func TestTheCardForFollowersTellsNoMoreThanTheName(t *testing.T) {
	t.Parallel()
	w := setup(t)
	page := w.get(w.path(playlists.Followers))
	if got := page.one("h1"); got != "Friends" {
		t.Errorf("h1: %q", got)
	}
	if !strings.Contains(page.one(".notice"), "approved followers") || page.one(".chip") != "@alice_friends@b.example" {
		t.Errorf("card:\n%s", page.text)
	}
	for _, hidden := range []string{"Driving", "2 tracks", "15 min", "Nina", ".csv", "updated"} {
		if strings.Contains(page.text, hidden) {
			t.Errorf("the card tells %q", hidden)
		}
	}
}

func TestNothingInternalIsOnAnyPage(t *testing.T) {
	t.Parallel()
	w := setup(t)
	for a, pub := range w.published {
		p, err := w.store.Get(t.Context(), pub.Playlist)
		if err != nil {
			t.Fatal(err)
		}
		for _, suffix := range append([]string{""}, extensions...) {
			text := w.get(w.path(a) + suffix).text
			for _, internal := range []string{string(pub.Playlist), string(w.alice.ID), p.Tracks[0].Item} {
				if strings.Contains(text, internal) {
					t.Errorf("%s%s shows an internal id", a, suffix)
				}
			}
		}
	}
}

func TestAWithdrawnPlaylistSaysSoKindly(t *testing.T) {
	t.Parallel()
	w := setup(t)
	page := w.get("/@alice_old_times")
	if page.StatusCode != http.StatusGone || page.one("h1") != "This playlist is no longer shared" || strings.Contains(page.text, "Old times") {
		t.Errorf("%d\n%s", page.StatusCode, page.text)
	}
}
