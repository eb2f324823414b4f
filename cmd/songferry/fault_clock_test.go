package main

import (
	"testing"
	"time"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

// jump sets the clocks of all by so much, which their databases cannot tell from all that they note being older by it.
func jump(d time.Duration, people ...*person) {
	for _, p := range people {
		p.t.Helper()
		err := makeOlder(p.db, d)
		if err != nil {
			p.t.Fatal(err)
		}
	}
}

// sentSoFar counts what a bridge has sent to inboxes, under how many ids.
func (p *person) sentSoFar() (n int) {
	p.t.Helper()
	if err := p.db.QueryRowContext(p.t.Context(), `SELECT COUNT(*) FROM activities`).Scan(&n); err != nil {
		p.t.Fatal(err)
	}
	return n
}

// Clocks jump: a computer without a battery wakes in another year, and hears an hour later what time it is. Nothing is sent twice,
// and nothing waits until then.
func TestClocksJump(t *testing.T) {
	t.Parallel()
	const day, year = 24 * time.Hour, 365 * 24 * time.Hour
	for what, d := range map[string]time.Duration{"a day forward": day, "a day back": -day, "a year back": -year} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			alice := newPerson(t, "alice", subsonictest.Navidrome, harbour, boats, station)
			bob := newPerson(t, "bob", subsonictest.Gonic, harbour, boats, station)
			list := alice.music.AddPlaylist("alice", "Road trip", alice.ids("Harbour Lights", "Paper Boats")...)
			_, handle := alice.publish("Road trip", playlists.Public)
			bob.follow(handle, playlists.Sync, playlists.Keep)
			settle(alice, bob)
			sent := alice.sentSoFar() + bob.sentSoFar()
			if d < 0 {
				holdEverything(t, bob) // until an hour later, by the clock of before
			}

			jump(d, alice, bob)
			for _, p := range []*person{alice, bob} {
				if err := p.tidy(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			settle(alice, bob)
			if now := alice.sentSoFar() + bob.sentSoFar(); now > sent {
				t.Errorf("%d activities were sent before, %d are after nothing happened", sent, now)
			}
			bob.holds("Road trip · alice", "Harbour Lights", "Paper Boats")

			alice.music.SetPlaylist(list, alice.ids("夜の駅", "Paper Boats")...)
			alice.step(alice.subsonic.PollOnce)
			settle(alice, bob)
			jump(2*time.Second, alice, bob) // between two readings of one playlist
			settle(alice, bob)
			bob.holds("Road trip · alice", "夜の駅", "Paper Boats")
			checkEstates(t, alice.estate(), bob.estate())
		})
	}
}
