//go:build soak

package main

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/songferry/songferry/migrations"
	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

// What a soak is made of, at full scale. SONGFERRY_SOAK_SCALE takes a part of it, SONGFERRY_SOAK says how long the traffic lasts.
const (
	soakTime      = 10 * time.Minute
	soakFollowers = 10_000
	soakPlaylists = 500
	soakHosts     = 200
	soakEvery     = 20 * time.Millisecond // between two rounds of visits; see happens
)

// TestSoak lets an hour of a large bridge's life pass in some minutes: playlists change, followers come and go, visitors and servers
// read, and a fifth of the servers is dead. Memory, descriptors, goroutines and the age of what waits must level off. Run it with
// `make soak`.
func TestSoak(t *testing.T) {
	scale, lasts := soakSize(t)
	w := newSoak(t, scale)
	begun := time.Now()
	w.followAll()
	t.Logf("%d followers of %d playlists came from %d servers in %v", len(w.peers.followers), len(w.lists), len(w.peers.hosts), time.Since(begun).Round(time.Second))
	w.peers.letDie()
	taken := w.live(lasts)
	taken.print(t)
	taken.judge(t)
	w.arrives()
	t.Logf("deliveries received: %d; answers to visitors: %d; edits: %d; follows and their ends: %d", w.peers.received.Load(), w.visits, w.edits, w.turns)
}

func soakSize(t *testing.T) (scale float64, lasts time.Duration) {
	t.Helper()
	scale, lasts = 1, soakTime
	var err error
	if text := os.Getenv("SONGFERRY_SOAK"); text != "" {
		if lasts, err = time.ParseDuration(text); err != nil {
			t.Fatal(err)
		}
	}
	if text := os.Getenv("SONGFERRY_SOAK_SCALE"); text != "" {
		if scale, err = strconv.ParseFloat(text, 64); err != nil || scale <= 0 || scale > 1 {
			t.Fatalf("SONGFERRY_SOAK_SCALE is %q, want a part of 1", text)
		}
	}
	return scale, lasts
}

// soak is a bridge, the music server that it reads, and all the servers that follow it.
type soak struct {
	*installation
	music *subsonictest.Server
	songs []string
	lists []soakList
	peers *fleet

	rounds, visits, edits, turns int
}

// soakList is a published playlist.
type soakList struct{ server, publicID, handle string }

func newSoak(t *testing.T, scale float64) *soak {
	t.Helper()
	part := func(n int) int { return max(int(float64(n)*scale), 5) }
	w := &soak{music: subsonictest.NewServer(subsonictest.Navidrome)}
	w.installation = install(t, "SONGFERRY_METRICS_LISTEN="+freeAddress(t), "SONGFERRY_LOG_LEVEL=error", "SONGFERRY_QUIET_TIME=1s", "SONGFERRY_NEWS_QUIET_TIME=5s")
	w.music.AddUser("alice", "secret")
	for n := range 300 {
		w.songs = append(w.songs, w.music.AddSong(track(fmt.Sprintf("Artist %d", n%40), fmt.Sprintf("Song %d", n), 180+n)))
	}
	for n := range part(soakPlaylists) {
		w.lists = append(w.lists, soakList{server: w.music.AddPlaylist("alice", fmt.Sprintf("List %d", n), w.some(20)...)})
	}
	music := httptest.NewServer(w.music)
	t.Cleanup(music.Close)
	w.addAccount("alice", music.URL, "secret")
	w.publishAll()
	w.peers = newFleet(t, w.url, part(soakHosts), part(soakFollowers))
	w.serve()
	return w
}

func (w *soak) some(n int) (songs []string) {
	for range n {
		songs = append(songs, w.songs[rand.N(len(w.songs))])
	}
	return songs
}

// publishAll does what the pages do, for hundreds of playlists at once.
func (w *soak) publishAll() {
	w.t.Helper()
	settings := Settings{URL: w.url, Data: w.data, Mode: "open", PrivateNetworks: []string{"127.0.0.0/8"}, LogLevel: "error", PollInterval: time.Second}
	b, err := openBridge(w.t.Context(), settings, migrations.Upgrade, settings.logger(w.t.Output()))
	if err != nil {
		w.t.Fatal(err)
	}
	defer b.Close()
	accounts, err := b.store.Accounts(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	var lists []playlists.Listed
	for len(lists) < len(w.lists) {
		if err := b.subsonic.PollAccount(w.t.Context(), accounts[0].ID); err != nil {
			w.t.Fatal(err)
		}
		if lists, err = b.store.List(w.t.Context(), accounts[0].ID); err != nil {
			w.t.Fatal(err)
		}
	}
	for n, l := range lists {
		pub, err := b.store.Publish(w.t.Context(), l.ID, playlists.Public)
		if err != nil {
			w.t.Fatal(err)
		}
		w.lists[n].publicID, w.lists[n].handle = pub.PublicID, pub.Handle
	}
}

// followAll lets every follower follow a playlist, and waits until all are known.
func (w *soak) followAll() {
	w.t.Helper()
	w.peers.each(func(n int) { w.peers.follow(n, w.lists[n%len(w.lists)].publicID) })
	for told := int64(0); told < int64(len(w.peers.followers)); told = w.peers.accepted.Load() {
		await(w.t, "more followers to be told yes", func() error {
			if n := w.peers.accepted.Load(); n <= told {
				return fmt.Errorf("%d of %d were", n, len(w.peers.followers))
			}
			return nil
		})
	}
}

// live lets the traffic flow, and takes samples of the daemon meanwhile.
func (w *soak) live(lasts time.Duration) soakSamples {
	w.t.Helper()
	var taken soakSamples
	begun := time.Now()
	edit, sample := time.NewTicker(soakEvery), time.NewTicker(max(lasts/40, time.Second))
	defer edit.Stop()
	defer sample.Stop()
	for time.Since(begun) < lasts {
		select {
		case <-edit.C:
			w.happens()
		case <-sample.C:
			taken = append(taken, w.sample(time.Since(begun)))
		}
	}
	return taken
}

// happens is that a playlist is looked at by people and programs; every fifth time somebody follows it for a moment, every tenth
// time it is edited.
func (w *soak) happens() {
	w.rounds++
	l := w.lists[rand.N(len(w.lists))]
	if w.rounds%10 == 0 {
		w.music.SetPlaylist(l.server, w.some(20)...)
		w.edits++
	}
	for path, accept := range map[string]string{
		"/@" + l.handle: "text/html", "/ap/playlists/" + l.publicID + "?page=1": "application/activity+json", "/@" + l.handle + ".jspf": "",
		"/.well-known/webfinger?resource=acct:" + l.handle + "@" + strings.TrimPrefix(w.url, "http://"): "",
	} {
		if code, _, err := get(w.url+path, accept); err != nil || code != http.StatusOK {
			w.t.Errorf("%s: %d, %v", path, code, err)
		}
		w.visits++
	}
	if w.rounds%5 == 0 {
		w.turns++
		w.peers.turn(w.peers.alive(), l.publicID)
	}
}

// arrives edits every playlist once more, and waits until each server that is alive has read of it: dead ones hold up nobody.
func (w *soak) arrives() {
	w.t.Helper()
	begun := time.Now()
	w.peers.expect()
	for _, l := range w.lists {
		w.music.SetPlaylist(l.server, w.some(21)...)
	}
	await(w.t, "the last edit to arrive everywhere", w.peers.missing)
	w.t.Logf("an edit of all playlists was known to all living servers after %v", time.Since(begun).Round(time.Second/10))
}

// sample reads what the daemon says of itself.
func (w *soak) sample(at time.Duration) soakSample {
	w.t.Helper()
	values := w.allMetrics()
	age := func(queue string) float64 { return values[`songferry_queue_oldest_seconds{queue="`+queue+`"}`] }
	return soakSample{at, [...]float64{
		values["process_resident_memory_bytes"] / (1 << 20), values["go_memstats_heap_inuse_bytes"] / (1 << 20), values["process_open_fds"], values["go_goroutines"],
		max(age("inbox"), age("polls"), age("reading"), age("copies")), age("deliveries"), values[`songferry_queue_length{queue="deliveries"}`]}}
}
