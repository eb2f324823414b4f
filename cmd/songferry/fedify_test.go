//go:build fedify

package main

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/songferry/songferry/federation/fedifytest"
	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

// abroad is the real Songferry of alice, behind https, and a server made with Fedify that knows it from there only.
type abroad struct {
	*installation
	front  *fedifytest.Front
	music  *subsonictest.Server
	fedify *fedifytest.Peer
}

// newAbroad starts both. The daemon runs already.
func newAbroad(t *testing.T, o fedifytest.Options, settings ...string) *abroad {
	t.Helper()
	a := &abroad{front: fedifytest.NewFront(t), music: subsonictest.NewServer(subsonictest.Navidrome)}
	a.music.AddUser("alice", "secret")
	music := httptest.NewServer(a.music)
	t.Cleanup(music.Close)
	a.installation = install(t, append([]string{"SONGFERRY_URL=" + a.front.URL, "SSL_CERT_FILE=" + a.front.CAFile}, settings...)...)
	a.front.Forward(a.url)
	a.addAccount("alice", music.URL, "secret")
	a.fedify = fedifytest.Start(t, o)
	a.serve()
	return a
}

// make makes a playlist of new songs on alice's music server, and returns its id there.
func (a *abroad) make(name string, tracks ...playlists.Track) string {
	return a.music.AddPlaylist("alice", name, a.add(tracks...)...)
}

func (a *abroad) add(tracks ...playlists.Track) (songs []string) {
	for _, t := range tracks {
		songs = append(songs, a.music.AddSong(t))
	}
	return songs
}

// host is what stands after the second @ of a handle.
func (a *abroad) host() string { return hostOf(a.front.URL) }

func hostOf(origin string) string { return strings.TrimPrefix(origin, "https://") }
