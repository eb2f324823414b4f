//go:build fedify

package main

import (
	"fmt"
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

// publish publishes a playlist, and waits until who follows so far was told: whoever follows from then on hears of later news only.
func (a *abroad) publish(user, name, audience string) published {
	a.t.Helper()
	p := a.installation.publish(user, name, audience)
	await(a.t, "it to be announced", func() error {
		db, err := openBeside(a.database)
		if err != nil {
			return err
		}
		defer db.Close()
		var left int
		err = db.QueryRow(`SELECT (SELECT COUNT(*) FROM announcements) +
			(SELECT COUNT(*) FROM journal WHERE origin = 'local' AND seq > (SELECT COALESCE(MIN(seq), 0) FROM readers WHERE name = 'announce'))`).Scan(&left)
		if err == nil && left > 0 {
			err = fmt.Errorf("%d changes wait", left)
		}
		return err
	})
	return p
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
