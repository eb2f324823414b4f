//go:build load

package main

import (
	"fmt"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

// TestLoadOfEdits: how long it takes from an edit on Alice's music server until the list on Bob's says the same, while visitors read
// Alice's page and servers send her what must be kept.
func TestLoadOfEdits(t *testing.T) {
	const edits = 30
	alice := newPublisher(t, 100, 1000)
	alice.d = alice.serve()
	alice.followers()
	music := subsonictest.NewServer(subsonictest.Navidrome)
	music.AddUser("bob", "secret")
	for n := range 40 {
		music.AddSong(track(fmt.Sprintf("Artist %d", n%7), fmt.Sprintf("Song %d", n), 180+n))
	}
	server := httptest.NewServer(music)
	t.Cleanup(server.Close)
	bob := install(t, "SONGFERRY_LOG_LEVEL=error")
	bob.addAccount("bob", server.URL, "secret")
	d := bob.serve()
	bob.must("follow", "--account", "bob", alice.url+"/ap/actors/"+alice.publicID)
	arrived := func() bool { return slices.Equal(bobsTitles(music), alice.music.Titles(alice.list)) }
	until(t, "the copy to be there", func() error {
		if !arrived() {
			return fmt.Errorf("it has %d titles", len(bobsTitles(music)))
		}
		return nil
	})

	quiet := alice.editTimes(edits, arrived)
	t.Logf("%d edits, nothing else happening: %s from the edit to the friend's list", edits, percentiles(quiet))
	stop := alice.busy()
	seen, before, begun := alice.watch(), alice.d.usage(), time.Now()
	loaded := alice.editTimes(edits, arrived)
	t.Logf("%d edits under load: %s; Alice's bridge used %.0f %% of a core, Bob's %.0f MB; %s", edits, percentiles(loaded),
		100*alice.d.usage().since(before).Seconds()/time.Since(begun).Seconds(), mega(d.usage().resident), seen())
	stop()
}

// bobsTitles are the titles of the only list on Bob's server.
func bobsTitles(s *subsonictest.Server) []string {
	for _, l := range s.Playlists() {
		return s.Titles(l.ID)
	}
	return nil
}

// editTimes edits the playlist so many times, at no particular moment of a second, and returns how long each edit took to arrive.
func (p *publisher) editTimes(n int, arrived func() bool) (took []time.Duration) {
	p.t.Helper()
	for k := range n {
		time.Sleep(time.Second + time.Duration(k)*37*time.Millisecond)
		p.edits++
		begun := time.Now()
		p.music.SetPlaylist(p.list, p.songs[p.edits%20:p.edits%20+20]...)
		until(p.t, "an edit to arrive", func() error {
			if !arrived() {
				return fmt.Errorf("edit %d has not", k)
			}
			return nil
		})
		took = append(took, time.Since(begun))
	}
	return took
}

// busy lets 4 visitors read the page, and 20 activities a second arrive, until the returned function is called.
func (p *publisher) busy() (stop func()) {
	ended := make(chan struct{})
	var working sync.WaitGroup
	for range 4 {
		working.Go(func() {
			for lasts(ended) {
				if code, _, err := get(p.url+"/ap/actors/"+p.publicID, "application/activity+json"); code != 200 || err != nil {
					p.t.Error(code, err)
				}
				time.Sleep(5 * time.Millisecond)
			}
		})
	}
	working.Go(func() {
		for n := 0; lasts(ended); n++ {
			p.fleet.turn(n%len(p.fleet.followers), p.publicID)
			time.Sleep(100 * time.Millisecond)
		}
	})
	return func() {
		close(ended)
		working.Wait()
	}
}

func lasts(ended chan struct{}) bool {
	select {
	case <-ended:
		return false
	default:
		return true
	}
}
