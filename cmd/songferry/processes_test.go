package main

import (
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

// twin is another process on the bridge of p. A request goes to either, as behind a load balancer.
func (p *person) twin() *person {
	p.t.Helper()
	other := &person{t: p.t, account: p.account, music: p.music, songs: p.songs}
	other.open(p.settings, p.account.Handle)
	p.t.Cleanup(func() { other.Close() })
	var requests atomic.Int64
	first, second := p.pages, other.pages
	p.pages = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if requests.Add(1)%2 == 0 {
			first.ServeHTTP(w, r)
			return
		}
		second.ServeHTTP(w, r)
	})
	return other
}

// work runs the jobs of all at the same time, some rounds of each.
func work(t *testing.T, all ...*person) {
	t.Helper()
	var working sync.WaitGroup
	for _, p := range all {
		working.Go(func() {
			for range 5 {
				for _, j := range p.jobs() {
					if j.every >= time.Hour {
						continue
					}
					if _, err := j.once(t.Context()); err != nil {
						t.Errorf("%s: %v", j.name, err)
					}
				}
			}
		})
	}
	working.Wait()
}

// Two processes on each of two bridges do all their work at once, and nobody can tell.
func TestTwoProcessesShareTheWorkOfABridge(t *testing.T) {
	t.Parallel()
	alice := newPerson(t, "alice", subsonictest.Navidrome, harbour, boats, station, joga)
	bob := newPerson(t, "bob", subsonictest.Gonic, harbour, boats, station, joga)
	list := alice.music.AddPlaylist("alice", "Road trip", alice.ids("Harbour Lights", "Paper Boats")...)
	_, handle := alice.publish("Road trip", playlists.Public)
	bob.follow(handle, playlists.Sync, playlists.Keep)
	settle(alice, bob)
	everybody := []*person{alice, bob, alice.twin(), bob.twin()}

	titles := [][]string{{"Harbour Lights", "Jóga"}, {"Jóga", "Paper Boats", "Harbour Lights"}, {"夜の駅"}}
	for edit := range 9 {
		alice.music.SetPlaylist(list, alice.ids(titles[edit%len(titles)]...)...)
		work(t, everybody...)
		jump(2*time.Second, alice, bob) // between two readings of one playlist
	}

	settle(everybody...)
	jump(2*time.Second, alice, bob)
	settle(everybody...)
	bob.holds("Road trip · alice", "夜の駅")
	checkEstates(t, alice.estate(), bob.estate())
}
