//go:build chromium

package main

import (
	"context"
	"net"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/songferry/songferry/migrations"
	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
	"github.com/songferry/songferry/web/browsertest"
)

// house is a bridge that somebody has just installed, running, and their music server.
type house struct {
	*bridge
	t      *testing.T
	url    string
	user   string
	music  *subsonictest.Server
	musics string // address of the music server
}

func newHouse(t *testing.T, user string, songs ...playlists.Track) *house {
	t.Helper()
	h := &house{t: t, user: user, music: subsonictest.NewServer(subsonictest.Navidrome)}
	h.music.AddUser(user, "secret")
	for _, s := range songs {
		h.music.AddSong(s)
	}
	music := httptest.NewServer(h.music)
	t.Cleanup(music.Close)
	h.musics = music.URL
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h.url = "http://" + l.Addr().String()
	settings := Settings{URL: h.url, Data: t.TempDir(), PollInterval: time.Second, RefreshInterval: time.Hour, Mode: "open", PrivateNetworks: []string{"127.0.0.0/8"}, LogLevel: "info"}
	if h.bridge, err = openBridge(t.Context(), settings, migrations.Upgrade, watched(t, settings, user)); err != nil {
		t.Fatal(err)
	}
	h.setup.code = "CODE"
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- h.serve(ctx, listeners{plain: l}) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
		h.Close()
	})
	return h
}

// setUp connects the music server on the first page of a new bridge.
func (h *house) setUp(tab *browsertest.Tab, name string) {
	h.t.Helper()
	tab.Goto(h.url + "/setup")
	tab.Fill("Set-up code", "CODE")
	tab.Fill("Address of your music server", h.musics)
	tab.Fill("Your name there", h.user)
	tab.Fill("Your password there, or an API key", "secret")
	tab.Fill("Your name as others see it", name)
	tab.Click("Connect")
	tab.Sees("My playlists")
}

// From two new bridges to a copy in step: Alice installs hers and shares a playlist; Bob, who has one of his own and no
// account on hers, sees its page, takes it home with one click, decides about a doubtful track, and hears of an edit.
func TestTwoPeopleShareAPlaylistInTheirBrowsers(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]browsertest.Options{"with scripts": {}, "without": {NoScript: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			kettle := track("Ida Thorne", "Kettle", 201)
			acoustic := boats
			acoustic.Title, acoustic.Album, acoustic.Duration = boats.Title+" (Acoustic)", "By the Fire", 190
			alice := newHouse(t, "alice", harbour, acoustic, kettle)
			bob := newHouse(t, "bob", harbour, boats, kettle)
			songs := alice.music.Songs()
			list := alice.music.AddPlaylist("alice", "Road trip", songs[0], songs[1])

			o.Others = []string{bob.url}
			tab := browsertest.Open(t, alice.url, o)
			alice.setUp(tab, "Alice")
			tab.Check("Road trip")
			tab.Click("Get a link")
			tab.Sees("Here is the link.")
			tab.Check("Everyone")
			tab.Click("Save")
			tab.Sees("Before others can follow you")
			tab.Fill("Your public name", "ally")
			tab.Click("Keep for good, and share")
			tab.Sees("Everyone can see the playlist now.")

			friend := browsertest.Open(t, alice.url, o)
			bob.setUp(friend, "Bob")
			friend.Goto(bob.url + "/settings")
			friend.Fill("Your public name", "bobby")
			friend.Click("Choose this name for good")
			friend.Sees("bobby from now on")
			friend.Goto(alice.url + "/@ally_road_trip")
			friend.Sees(acoustic.Title)
			friend.Fill("Follow from your own server", strings.TrimPrefix(bob.url, "http://"))
			friend.Click("Import into my server")
			friend.Click("Import at")
			friend.Sees("Import a playlist")
			friend.Click("Look at it")
			friend.Sees("1 to check")
			friend.Check("Keep in sync")
			friend.Click("Bring it to my music server")
			friend.Sees("1 of 2")

			friend.Goto(bob.url + "/review")
			friend.Within(acoustic.Title).Click("It is this one")
			friend.Sees("is found from now on")
			bob.holds("Road trip · Alice", harbour.Title, boats.Title)

			alice.music.SetPlaylist(list, songs[0], songs[1], songs[2])
			bob.holds("Road trip · Alice", harbour.Title, boats.Title, kettle.Title)
			friend.Goto(bob.url + "/following")
			friend.Sees("3 of 3")
		})
	}
}

// holds waits until the music server has a playlist of exactly these songs.
func (h *house) holds(name string, titles ...string) {
	h.t.Helper()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
		list, ok := h.music.PlaylistNamed(h.user, name)
		if ok && slices.Equal(h.music.Titles(list.ID), titles) {
			return
		}
		if time.Now().After(deadline) {
			h.t.Fatalf("%s has %q: %v, want %v", h.user, name, list, titles)
		}
	}
}
