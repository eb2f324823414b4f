package main

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

// The stories in which the database cannot be used for a while, is told so, and outlived, whatever keeps it.

// withPublished is an installation with Alice and her published list.
func withPublished(t *testing.T, settings ...string) (i *installation, music *subsonictest.Server, list string) {
	t.Helper()
	music = subsonictest.NewServer(subsonictest.Navidrome)
	music.AddUser("alice", "secret")
	list = music.AddPlaylist("alice", "Road trip", music.AddSong(harbour))
	server := httptest.NewServer(music)
	t.Cleanup(server.Close)
	i = install(t, append([]string{"SONGFERRY_POLL_INTERVAL=200ms", "SONGFERRY_LOG_LEVEL=info"}, settings...)...)
	i.addAccount("alice", server.URL, "secret")
	i.must("playlist", "publish", "--account", "alice", "--audience", "public", "Road trip")
	return i, music, list
}

// editUntilFull makes a list longer until the bridge is not ready. It returns what is on the list then.
func (i *installation) editUntilFull(music *subsonictest.Server, list string) (songs []string) {
	i.t.Helper()
	songs = []string{music.AddSong(boats)}
	await(i.t, "the disk to be full", func() error {
		songs = append(songs, songs[0])
		music.SetPlaylist(list, songs...)
		if code, _, _ := get(i.url+"/readyz", ""); code == http.StatusOK {
			return errors.New("the bridge is ready")
		}
		return nil
	})
	i.awaitReadyz(http.StatusServiceUnavailable, "the disk is full: make room")
	return songs
}

// awaitOutlived waits until the bridge is ready again and has read the list as it is now, which ends with the station.
func (i *installation) awaitOutlived() {
	i.t.Helper()
	i.awaitReadyz(http.StatusOK, "ready")
	await(i.t, "the last edit to be published", func() error {
		_, text, err := get(i.url+"/@alice_road_trip", "")
		if err == nil && !strings.Contains(text, station.Title) {
			err = errors.New("it is not on the page")
		}
		return err
	})
}
