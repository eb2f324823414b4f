//go:build chromium

package main

import (
	"context"
	"net"
	"net/http/httptest"
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

// newHouse starts a bridge on a host name of this machine, 127.0.0.1 or localhost: browsers keep cookies by the name.
func newHouse(t *testing.T, host, user string, songs ...playlists.Track) *house {
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
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	h.url = "http://" + net.JoinHostPort(host, port)
	settings := Settings{Data: t.TempDir(), PollInterval: time.Second, RefreshInterval: time.Hour, Mode: "open", PrivateNetworks: []string{"127.0.0.0/8", "::1/128"}, LogLevel: "info"}
	if h.bridge, err = openBridge(t.Context(), settings, migrations.Upgrade, settings.logger(t.Output()).With("bridge", user)); err != nil {
		t.Fatal(err)
	}
	h.setupCode = "CODE"
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- h.serve(ctx, l) }()
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
