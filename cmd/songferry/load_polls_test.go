//go:build load

package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

// people are many music servers in one, each of somebody with some playlists.
type people struct {
	servers  []*subsonictest.Server
	url      string
	latency  atomic.Int64 // of an answer, in ns
	requests atomic.Int64
}

func newPeople(t *testing.T, n, lists, tracks int) *people {
	t.Helper()
	p := &people{}
	for k := range n {
		s := subsonictest.NewServer(subsonictest.Navidrome)
		s.AddUser("me", "secret")
		for l := range lists {
			var ids []string
			for m := range tracks {
				ids = append(ids, s.AddSong(track(fmt.Sprintf("Artist %d", m%17), fmt.Sprintf("Song %d of list %d of person %d", m, l, k), 180+m)))
			}
			s.AddPlaylist("me", fmt.Sprintf("List %d", l), ids...)
		}
		p.servers = append(p.servers, s)
	}
	server := httptest.NewServer(p)
	t.Cleanup(server.Close)
	p.url = server.URL
	return p
}

// ServeHTTP is all of the servers: the first part of the path tells which.
func (p *people) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	number, path, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	n, err := strconv.Atoi(number)
	if err != nil || n >= len(p.servers) {
		http.NotFound(w, r)
		return
	}
	p.requests.Add(1)
	time.Sleep(time.Duration(p.latency.Load()))
	r.URL.Path = "/" + path
	p.servers[n].ServeHTTP(w, r)
}

// join gives everybody an account on a bridge.
func (p *people) join(i *installation) {
	i.inside(func(ctx context.Context, b *bridge) error {
		for n := range p.servers {
			a, err := b.store.AddAccount(ctx, playlists.Account{Handle: fmt.Sprintf("person%d", n), Language: "en", MaxAudience: playlists.Public})
			if err == nil {
				_, err = b.subsonic.Connect(ctx, a.ID, fmt.Sprintf("%s/%d", p.url, n), "me", "secret")
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// read waits until every account's playlists were read once.
func (p *people) read(i *installation, lists int) {
	i.t.Helper()
	until(i.t, "all playlists to be read", func() error {
		if n := int(i.metric(`songferry_rows{of="playlists"}`)); n < len(p.servers)*lists {
			return fmt.Errorf("%d of %d were", n, len(p.servers)*lists)
		}
		return nil
	})
}

// TestLoadOfPolls: so many accounts are polled that each minute sees 10,000 polls, and nothing changes. The servers take a twentieth of
// a second for an answer.
func TestLoadOfPolls(t *testing.T) {
	const perMinute = 10_000
	for _, accounts := range loadSizes(t, 10_000) {
		t.Run(fmt.Sprint(accounts), func(t *testing.T) {
			p := newPeople(t, accounts, 1, 20)
			interval := time.Minute * time.Duration(accounts) / perMinute
			i := install(t, "SONGFERRY_POLL_INTERVAL="+interval.String(), "SONGFERRY_LOG_LEVEL=error", "SONGFERRY_METRICS_LISTEN="+freeAddress(t))
			begun := time.Now()
			p.join(i)
			joined := time.Since(begun)
			d := i.serve()
			p.read(i, 1)
			t.Logf("%6d accounts: %v to join, %v to read all for the first time", accounts, joined.Round(time.Second/10), (time.Since(begun) - joined).Round(time.Second/10))
			p.latency.Store(int64(50 * time.Millisecond))
			time.Sleep(max(interval, 5*time.Second))
			seen := i.watch()
			before, requests, at := d.usage(), p.requests.Load(), time.Now()
			time.Sleep(max(interval, 30*time.Second)) // whole rounds: accounts that joined together are polled together
			took := time.Since(at)
			cpu, asked := d.usage().since(before), p.requests.Load()-requests
			t.Logf("%6d accounts: %.0f requests/s, CPU %.0f µs each; %.1f %% of a core for %d polls a minute; %s", accounts,
				float64(asked)/took.Seconds(), micros(cpu, int(asked)), 100*cpu.Seconds()/took.Seconds(), perMinute, seen())
		})
	}
}
