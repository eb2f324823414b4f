//go:build load

package main

import (
	"context"
	"fmt"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

const deliveryRounds = 5 // the machine's speed changes by a tenth from one to the next

// TestLoadOfDelivery: a playlist with followers on as many servers is edited, again and again, and then a fifth of the servers is
// dead.
func TestLoadOfDelivery(t *testing.T) {
	for _, hosts := range loadSizes(t, 10_000) {
		t.Run(fmt.Sprint(hosts), func(t *testing.T) {
			p := newPublisher(t, hosts, hosts)
			p.d = p.serve()
			p.followers()
			live := p.posts("all live")
			p.fleet.letDie()
			p.post("a fifth has just died")
			dead := p.posts("a fifth is dead")
			t.Logf("%6d servers: those that live are served at %.1f %% of the speed when a fifth is dead, by the medians", hosts, 100*dead/live)
		})
	}
}

// posts returns the median speed of several.
func (p *publisher) posts(about string) float64 {
	var speeds []float64
	for range deliveryRounds {
		speeds = append(speeds, p.post(about))
	}
	return median(speeds)
}

// publisher is a bridge with one published playlist, and the servers of its followers.
type publisher struct {
	*installation
	music    *subsonictest.Server
	songs    []string
	list     string // on the music server
	publicID string
	fleet    *fleet
	d        *daemon
	edits    int
}

func newPublisher(t *testing.T, hosts, followers int, settings ...string) *publisher {
	t.Helper()
	p := &publisher{music: subsonictest.NewServer(subsonictest.Navidrome)}
	p.installation = install(t, append([]string{"SONGFERRY_LOG_LEVEL=error", "SONGFERRY_NEWS_QUIET_TIME=1h", "SONGFERRY_METRICS_LISTEN=" + freeAddress(t)}, settings...)...)
	p.music.AddUser("alice", "secret")
	for n := range 40 {
		p.songs = append(p.songs, p.music.AddSong(track(fmt.Sprintf("Artist %d", n%7), fmt.Sprintf("Song %d", n), 180+n)))
	}
	p.list = p.music.AddPlaylist("alice", "Road trip", p.songs[:20]...)
	music := httptest.NewServer(p.music)
	t.Cleanup(music.Close)
	p.addAccount("alice", music.URL, "secret")
	p.inside(func(ctx context.Context, b *bridge) error {
		accounts, err := b.store.Accounts(ctx)
		if err != nil {
			return err
		}
		if err := b.subsonic.PollAccount(ctx, accounts[0].ID); err != nil {
			return err
		}
		lists, err := b.store.List(ctx, accounts[0].ID)
		if err != nil {
			return err
		}
		pub, err := b.store.Publish(ctx, lists[0].ID, playlists.Public)
		p.publicID = pub.PublicID
		return err
	})
	p.fleet = newFleet(t, p.url, hosts, followers)
	return p
}

// followers lets everybody follow, and waits until each was told yes.
func (p *publisher) followers() {
	p.t.Helper()
	before, begun := p.d.usage(), time.Now()
	p.fleet.each(func(n int) { p.fleet.follow(n, p.publicID) })
	sent := time.Since(begun)
	until(p.t, "all followers to be told yes", func() error {
		if n := int(p.fleet.accepted.Load()); n < len(p.fleet.followers) {
			return fmt.Errorf("%d of %d were", n, len(p.fleet.followers))
		}
		return nil
	})
	n, took := len(p.fleet.followers), time.Since(begun)
	p.t.Logf("%6d new followers: taken in at %.0f/s, told yes after %v, %.0f µs of CPU each (a key fetched and verified, an answer signed)",
		n, float64(n)/sent.Seconds(), took.Round(time.Second/10), micros(p.d.usage().since(before), n))
}

// post edits the playlist, and waits until every server that lives has heard of it.
func (p *publisher) post(about string) (perSecond float64) {
	p.t.Helper()
	bare := bareSigning(p.t)
	seen := p.watch()
	before, received, lost, begun := p.d.usage(), p.fleet.received.Load(), p.fleet.lost.Load(), time.Now()
	p.fleet.expect()
	p.edits++
	p.music.SetPlaylist(p.list, p.songs[p.edits:p.edits+20]...)
	until(p.t, "an edit to arrive everywhere", p.fleet.missing)
	took, cpu := time.Since(begun), p.d.usage().since(before)
	saw, heard := seen(), p.fleet.heardAfter()
	sent := int(p.fleet.received.Load() - received)
	p.t.Logf("%6d servers, %-22s %5.0f/s to those that live (%s); CPU %5.0f µs each = %3.0f %% of bare signing (%.0f µs); %.0f %% of a core was used, %d requests to the dead; %s",
		len(p.fleet.hosts), about, speed(heard), percentiles(heard), micros(cpu, sent), 100*micros(bare, 1)/micros(cpu, sent), micros(bare, 1), 100*cpu.Seconds()/took.Seconds(), p.fleet.lost.Load()-lost, saw)
	return speed(heard)
}

// speed is how many heard in a second, once the first had heard.
func speed(heard []time.Duration) float64 {
	first, last := heard[0], heard[0]
	for _, d := range heard {
		first, last = min(first, d), max(last, d)
	}
	return float64(len(heard)) / (last - first).Seconds()
}
