//go:build load

package main

import (
	"fmt"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

// The costs that no other test of this kind watches grow: with the tracks of a playlist, the playlists of a person, and the followers on
// a server.

// TestLoadOfTracks: one playlist is followed, copied and edited.
func TestLoadOfTracks(t *testing.T) {
	for _, tracks := range loadSizes(t, 10_000) {
		t.Run(fmt.Sprint(tracks), func(t *testing.T) {
			hers, songs := subsonictest.NewServer(subsonictest.Navidrome), []string(nil)
			his := subsonictest.NewServer(subsonictest.Navidrome)
			for n := range tracks + 1 {
				song := track(fmt.Sprintf("Artist %d", n%700), fmt.Sprintf("Song %d", n), 180+n%100)
				songs = append(songs, hers.AddSong(song))
				his.AddSong(song)
			}
			hers.AddUser("alice", "secret")
			his.AddUser("bob", "secret")
			list := hers.AddPlaylist("alice", "Everything", songs[:tracks]...)
			alice, bob := bridgeFor(t, hers, "alice"), bridgeFor(t, his, "bob")
			alice.must("playlist", "publish", "--account", "alice", "--audience", "public", "Everything")
			a, b := alice.serve(), bob.serve()
			arrived := func() error {
				if want, got := hers.Titles(list), bobsTitles(his); !slices.Equal(got, want) {
					return fmt.Errorf("%d of %d titles are there, or not these", len(got), len(want))
				}
				return nil
			}
			begun := time.Now()
			bob.must("follow", "--account", "bob", alice.url+"/@alice_everything")
			until(t, "the copy to be there", arrived)
			copied := time.Since(begun)
			hersBefore, hisBefore, begun := processorTime(t, a.process.Pid), processorTime(t, b.process.Pid), time.Now()
			const edits = 3
			for n := range edits {
				hers.SetPlaylist(list, slices.Concat(songs[n+1:], songs[:n])...)
				until(t, "an edit to arrive", arrived)
			}
			t.Logf("%6d tracks are copied after %v, an edit arrives after %v; it costs Alice's bridge %5.0f µs for each track, Bob's %5.0f", tracks, copied.Round(10*time.Millisecond),
				(time.Since(begun) / edits).Round(10*time.Millisecond), micros(processorTime(t, a.process.Pid)-hersBefore, edits*tracks), micros(processorTime(t, b.process.Pid)-hisBefore, edits*tracks))
		})
	}
}

// bridgeFor installs a bridge for somebody with a music server.
func bridgeFor(t *testing.T, music *subsonictest.Server, name string) *installation {
	t.Helper()
	server := httptest.NewServer(music)
	t.Cleanup(server.Close)
	i := install(t, "SONGFERRY_LOG_LEVEL=error", "SONGFERRY_METRICS_LISTEN="+freeAddress(t))
	i.addAccount(name, server.URL, "secret")
	return i
}

// TestLoadOfLists: one person has many playlists, and nothing changes.
func TestLoadOfLists(t *testing.T) {
	for _, lists := range loadSizes(t, 2_000) {
		t.Run(fmt.Sprint(lists), func(t *testing.T) {
			p := newPeople(t, 1, lists, 10)
			i := install(t, "SONGFERRY_POLL_INTERVAL=5s", "SONGFERRY_LOG_LEVEL=error", "SONGFERRY_METRICS_LISTEN="+freeAddress(t))
			p.join(i)
			d, begun := i.serve(), time.Now()
			p.read(i, lists)
			t.Logf("%6d playlists are read after %v, CPU %.0f µs each", lists, time.Since(begun).Round(10*time.Millisecond), micros(d.usage().cpu, lists))
			time.Sleep(6 * time.Second)
			before, at := d.usage(), p.requests.Load()
			time.Sleep(30 * time.Second)
			polls := int(p.requests.Load() - at)
			t.Logf("%6d playlists are looked at, %d times: CPU %.1f µs for each", lists, polls, micros(d.usage().since(before), polls*lists))
		})
	}
}

// TestLoadOfFollowers: ten servers have many followers each, who are told of an edit together.
func TestLoadOfFollowers(t *testing.T) {
	for _, followers := range loadSizes(t, 10_000) {
		t.Run(fmt.Sprint(followers), func(t *testing.T) {
			p := newPublisher(t, 10, followers)
			p.d = p.serve()
			p.followers()
			for range 2 {
				before := p.d.usage()
				p.post("all live")
				t.Logf("%6d followers of an edit: CPU %.1f µs for each", followers, micros(p.d.usage().since(before), followers))
			}
		})
	}
}
