package subsonicbridge_test

import (
	"database/sql"
	"log/slog"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/songferry/songferry/migrations/migrationstest"
	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/seal"
	"github.com/songferry/songferry/subsonicbridge"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

// home is a bridge with one account, bob, whose music server is imitated.
type home struct {
	testing.TB
	server *subsonictest.Server
	front  *front
	url    string
	db     *sql.DB
	key    *seal.Key
	bridge *subsonicbridge.Bridge
	store  *playlists.Store
	bob    playlists.Account
	clock  *clock
}

// clock is a time that a test moves.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// newHome starts a server and connects bob to it. The server's first user is its administrator, who is not bob.
func newHome(t testing.TB, d subsonictest.Dialect) *home {
	t.Helper()
	w := &home{TB: t, server: subsonictest.NewServer(d), clock: &clock{now: time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)}}
	w.server.AddUser("admin", "admin's password")
	w.server.AddUser("bob", "bob's password")
	w.front = &front{next: w.server}
	host := httptest.NewServer(w.front)
	t.Cleanup(host.Close)
	w.url = host.URL

	db := migrationstest.Open(t)
	w.db = db
	key, err := seal.NewKey(make([]byte, 32))
	w.must(err)
	w.store = playlists.New(db, w.clock.Now)
	w.bob, err = w.store.AddAccount(t.Context(), playlists.Account{Handle: "bob", Name: "Bob"})
	w.must(err)
	w.key = key
	w.bridge = w.process()
	w.connect()
	return w
}

// process returns what another process works on the same database with.
func (w *home) process() *subsonicbridge.Bridge {
	return subsonicbridge.New(subsonicbridge.Config{DB: w.db, Store: w.store, Key: w.key, PollInterval: time.Minute,
		Now: w.clock.Now, Log: slog.New(slog.NewTextHandler(w.Output(), nil)),
		BaseURL: func() *url.URL { return &url.URL{Scheme: "https", Host: "bob.example"} }})
}

func (w *home) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *home) connect() {
	w.Helper()
	_, err := w.bridge.Connect(w.Context(), w.bob.ID, w.url, "bob", "bob's password")
	w.must(err)
}

// eachDialect runs a story on every kind of server.
func eachDialect(t *testing.T, story func(w *home)) {
	for _, d := range subsonictest.Dialects {
		t.Run(string(d), func(t *testing.T) {
			t.Parallel()
			story(newHome(t, d))
		})
	}
}

// track makes a track of "title" by an invented band; each title has its own band, so that none is like another.
func track(title string) playlists.Track {
	return playlists.Track{Title: title, Artist: "The " + title + " Players", Album: "Best of " + title, Duration: 180 + len(title)}
}

func tracks(titles ...string) []playlists.Track {
	out := make([]playlists.Track, len(titles))
	for i, title := range titles {
		out[i] = track(title)
	}
	return out
}

// words are titles that nobody confuses, by the same name.
func words(n int) []string {
	all := strings.Fields(`Amber Birch Cedar Dahlia Ember Falcon Garnet Heather Indigo Jasper Kestrel Lilac Maple Nutmeg Onyx
		Poppy Quartz Raven Saffron Thistle Umber Violet Willow Xenon Yarrow Zephyr`)
	return all[:n]
}

// own adds files to bob's library and returns their ids.
func (w *home) own(titles ...string) []string {
	var ids []string
	for _, title := range titles {
		ids = append(ids, w.server.AddSong(track(title)))
	}
	w.server.Rescan()
	return ids
}

const (
	aliceSource = "https://alice.example/ap/playlists/1"
	alicePage   = "https://alice.example/@alice_road_trip"
)

// alice records a version of her playlist, as read from her bridge.
func (w *home) alice(titles ...string) playlists.ID {
	w.Helper()
	return w.aliceNamed("Road trip", titles...)
}

func (w *home) aliceNamed(name string, titles ...string) playlists.ID {
	w.Helper()
	c, _, err := w.store.Record(w.Context(), playlists.Playlist{Origin: playlists.Remote, Source: aliceSource, Name: name,
		Curator: playlists.Curator{Name: "Alice"}, Page: alicePage, Tracks: tracks(titles...)})
	w.must(err)
	return c.Playlist
}

// follow makes bob want alice's playlist in sync.
func (w *home) follow(id playlists.ID) playlists.Want {
	w.Helper()
	return w.want(playlists.Want{Playlist: id, Mode: playlists.Sync})
}

func (w *home) want(x playlists.Want) playlists.Want {
	w.Helper()
	x.Account, x.Granted = w.bob.ID, true
	x, err := w.store.AddWant(w.Context(), x)
	w.must(err)
	return x
}

// mirror does all mirroring that is due.
func (w *home) mirror() {
	w.Helper()
	for range 20 {
		n, err := w.bridge.MirrorOnce(w.Context())
		w.must(err)
		if n == 0 {
			return
		}
	}
	w.Fatal("MirrorOnce never ends")
}

// poll lets a minute pass and polls.
func (w *home) poll() {
	w.Helper()
	w.clock.pass(time.Minute)
	_, err := w.bridge.PollOnce(w.Context())
	w.must(err)
}

// result is what became of a want.
func (w *home) result(x playlists.Want) subsonicbridge.MirrorResult {
	w.Helper()
	r, err := w.bridge.LastResult(w.Context(), x.ID)
	w.must(err)
	return r
}

// lists returns bob's playlists on his server.
func (w *home) lists() []subsonictest.Playlist {
	return slices.DeleteFunc(w.server.Playlists(), func(p subsonictest.Playlist) bool { return p.Owner != "bob" })
}

// theList returns bob's only list.
func (w *home) theList() subsonictest.Playlist {
	w.Helper()
	lists := w.lists()
	if len(lists) != 1 {
		w.Fatalf("bob has %d lists, want 1: %+v", len(lists), lists)
	}
	return lists[0]
}

// expect checks the titles in bob's only list.
func (w *home) expect(titles ...string) {
	w.Helper()
	if got := w.server.Titles(w.theList().ID); !slices.Equal(got, titles) {
		w.Errorf("the list has %v, want %v", got, titles)
	}
}

func (w *home) expectState(x playlists.Want, s subsonicbridge.State) {
	w.Helper()
	if r := w.result(x); r.State != s || r.Error.String() != "" {
		w.Errorf("state %q, note %q, error %q; want state %q and no error", r.State, r.Note, r.Error, s)
	}
}

// writes counts the calls since the last look that changed something on the server.
func (w *home) writes() int {
	n := 0
	for _, r := range w.server.Requests() {
		if slices.Contains([]string{"createPlaylist", "updatePlaylist", "deletePlaylist"}, r.Method) {
			n++
		}
	}
	return n
}
