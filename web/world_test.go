package web_test

import (
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/songferry/songferry/playlists"
)

// world is a site at b.example with one account, alice, who has no music server, and what she published:
//
//	/@alice_road_trip   public     two tracks, liner notes, a note on a track
//	/@alice_quiet       unlisted
//	/@alice_friends     followers
//	/@alice_old_times   withdrawn
//	/s/…                link, and one that was withdrawn
//
// and one playlist that she did not publish. Its visitors are strangers, whose cookies the tests send themselves.
type world struct {
	*site
	alice      playlists.Account
	published  map[playlists.Audience]playlists.Publication
	goneToken  string
	clock      clock // of the pages
	storeClock clock // when playlists change
}

// clock stands still until a test moves it.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) forward(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

var now = time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)

func setup(t testing.TB, changes ...func(*config)) *world {
	t.Helper()
	w := &world{published: map[playlists.Audience]playlists.Publication{}, clock: clock{at: now}, storeClock: clock{at: now}}
	strange := func(c *config) {
		c.fed.BaseURL = &url.URL{Scheme: "https", Host: "b.example"}
		c.Now, c.storeNow = w.clock.now, w.storeClock.now
	}
	w.site = newSite(t, append([]func(*config){strange}, changes...)...)
	w.client.Jar = nil
	var err error
	w.alice, err = w.store.AddAccount(t.Context(), playlists.Account{Handle: "alice", Name: "Alice"})
	w.ok(err)
	w.publish("Road trip", playlists.Public)
	w.publish("Quiet", playlists.Unlisted)
	w.publish("Friends", playlists.Followers)
	w.publish("By link", playlists.Link)
	w.withdraw(w.publishNew("Old times", playlists.Public))
	w.goneToken = w.withdraw(w.publishNew("Old link", playlists.Link)).Token
	w.record(playlists.Playlist{Name: "Private diary"})
	return w
}

// record keeps a playlist of alice's, with two tracks unless it has its own.
func (w *world) record(p playlists.Playlist) playlists.ID {
	w.t.Helper()
	p.ID, p.Owner, p.Origin = playlists.NewID(), w.alice.ID, playlists.Local
	if p.Tracks == nil {
		p.Summary = "Driving songs.\nFor May.\n\nSecond paragraph."
		p.Tracks = []playlists.Track{
			{Title: "Jóga of " + p.Name, Artist: "Björk", Album: "Homogenic", Duration: 305, ISRC: []string{"GBAYE9700001"}},
			{Title: "Sinnerman", Artist: "Nina Simone", Duration: 622, Note: "because it is long"},
		}
	}
	if _, _, err := w.store.Record(w.t.Context(), p); err != nil {
		w.t.Fatal(err)
	}
	return p.ID
}

func (w *world) publishNew(name string, a playlists.Audience) playlists.Publication {
	w.t.Helper()
	pub, err := w.store.Publish(w.t.Context(), w.record(playlists.Playlist{Name: name}), a)
	if err != nil {
		w.t.Fatal(err)
	}
	return pub
}

func (w *world) publish(name string, a playlists.Audience) { w.published[a] = w.publishNew(name, a) }

func (w *world) withdraw(pub playlists.Publication) playlists.Publication {
	w.t.Helper()
	if _, err := w.store.Publish(w.t.Context(), pub.Playlist, playlists.Private); err != nil {
		w.t.Fatal(err)
	}
	return pub
}

// path is the address of the playlist that has this audience.
func (w *world) path(a playlists.Audience) string {
	if a == playlists.Link {
		return "/s/" + w.published[a].Token
	}
	return "/@" + w.published[a].Handle
}
