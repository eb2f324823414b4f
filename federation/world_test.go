package federation

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/songferry/songferry/federation/federationtest"
	"github.com/songferry/songferry/migrations"
	"github.com/songferry/songferry/migrations/migrationstest"
	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/seal"
)

// world is our bridge in a story: a real store in a file, a clock that stands still until the test moves it, and its
// addresses on a port, so that others can fetch its keys. Nothing runs by itself: a test calls each step.
type world struct {
	*Federation
	t     testing.TB
	path  string // of the database
	clock *clock
	alice playlists.Account
	asks  playlists.ID // who looks things up: alice, unless a test says otherwise
	http  *httptest.Server
}

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

// newWorld returns a bridge with the account alice and no playlists; each option changes its configuration.
func newWorld(t testing.TB, options ...func(*Config)) *world {
	t.Helper()
	w := &world{t: t, path: migrationstest.File(t), clock: &clock{at: time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC)}}
	w.http = httptest.NewUnstartedServer(nil)
	key, err := seal.NewKey([]byte(strings.Repeat("k", 32)))
	w.ok(err)
	w.Federation = w.open(key, options...)
	w.http.Config.Handler = handlerOf(w.Federation)
	w.http.Start()
	t.Cleanup(w.http.Close)
	w.alice = w.account("alice")
	w.asks = w.alice.ID
	return w
}

// open opens the database as a process does that starts.
func (w *world) open(key *seal.Key, options ...func(*Config)) *Federation {
	w.t.Helper()
	db, err := migrations.Open(context.Background(), w.path, migrations.Refuse)
	w.ok(err)
	w.t.Cleanup(func() { db.Close() })
	c := Config{NewKey: federationtest.Key,
		DB: db, Store: playlists.New(db, w.clock.now), Key: key, BaseURL: &url.URL{Scheme: "http", Host: w.http.Listener.Addr().String()},
		AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, QuietTime: 2 * time.Minute, NewsQuietTime: 30 * time.Minute, RefreshInterval: 6 * time.Hour,
		Version: "test", Now: w.clock.now, Log: slog.New(slog.NewTextHandler(w.t.Output(), nil)),
	}
	for _, o := range options {
		o(&c)
	}
	return New(c)
}

// handlerOf mounts the addresses as the daemon does, with a page where browsers get one.
func handlerOf(f *Federation) http.Handler {
	r := chi.NewRouter()
	f.Routes(r)
	page := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<p>page</p>") })
	r.Handle("/*", f.Negotiate(page))
	return r
}

func (w *world) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) account(handle string) playlists.Account {
	w.t.Helper()
	a, err := w.store.AddAccount(context.Background(), playlists.Account{Handle: handle, Name: strings.ToUpper(handle[:1]) + handle[1:]})
	w.ok(err)
	return a
}

// instance is another server, which lives by the same clock.
func (w *world) instance() *federationtest.Instance {
	i := federationtest.New(w.t)
	i.SetClock(w.clock.now)
	return i
}

// record keeps a version of a playlist of alice's.
func (w *world) record(id playlists.ID, name string, titles ...string) playlists.ID {
	w.t.Helper()
	p := playlists.Playlist{ID: id, Owner: w.alice.ID, Origin: playlists.Local, Name: name, Summary: "Words about " + name}
	for _, title := range titles {
		p.Tracks = append(p.Tracks, playlists.Track{Title: title, Artist: "The Lanterns"})
	}
	c, _, err := w.store.Record(context.Background(), p)
	w.ok(err)
	return c.Playlist
}

// publish makes a playlist of alice's with two tracks and publishes it.
func (w *world) publish(name string, a playlists.Audience) playlists.Publication {
	w.t.Helper()
	return w.republish(w.record("", name, "Harbour Lights", "Paper Boats"), a)
}

func (w *world) republish(id playlists.ID, a playlists.Audience) playlists.Publication {
	w.t.Helper()
	pub, err := w.store.Publish(context.Background(), id, a)
	w.ok(err)
	return pub
}

// DeliverOnce delivers to hosts of every manner.
func (w *world) DeliverOnce(ctx context.Context) (n int, err error) {
	for _, once := range []func(context.Context) (int, error){w.Federation.DeliverOnce, w.GreetOnce, w.RetryOnce} {
		tried, err := once(ctx)
		if n += tried; err != nil {
			return n, err
		}
	}
	return n, nil
}

// step runs one of the daemon's steps until there is nothing left to do.
func (w *world) step(once func(context.Context) (int, error)) {
	w.t.Helper()
	for range 1000 {
		n, err := once(context.Background())
		w.ok(err)
		if n == 0 {
			return
		}
	}
	w.t.Fatal("there is no end of work")
}

// steps runs every step of the daemon, until nothing is left to do.
func (w *world) steps() {
	w.t.Helper()
	for range 3 {
		for _, once := range []func(context.Context) (int, error){w.InboxOnce, w.SubscribeOnce, w.AnnounceOnce, w.NewsOnce, w.DeliverOnce, w.RefreshOnce} {
			w.step(once)
		}
	}
}

func (w *world) exec(query string, args ...any) {
	w.t.Helper()
	_, err := w.db.ExecContext(context.Background(), query, args...)
	w.ok(err)
}

func (w *world) count(query string, args ...any) (n int) {
	w.t.Helper()
	w.ok(w.db.QueryRowContext(context.Background(), query, args...).Scan(&n))
	return n
}

func (w *world) text(query string, args ...any) (s string) {
	w.t.Helper()
	if err := w.db.QueryRowContext(context.Background(), query, args...).Scan(&s); err != sql.ErrNoRows {
		w.ok(err)
	}
	return s
}

// answered is what the bridge answered.
type answered struct {
	status int
	header http.Header
	body   string
}

// get asks the bridge for an address or a path; edit may change the request, say, sign it.
func (w *world) get(address string, edit ...func(*http.Request)) answered {
	w.t.Helper()
	return w.send(http.MethodGet, address, append([]func(*http.Request){func(r *http.Request) { r.Header.Set("Accept", activityJSON) }}, edit...)...)
}

func (w *world) send(method, address string, edit ...func(*http.Request)) answered {
	w.t.Helper()
	if strings.HasPrefix(address, "/") {
		address = w.addr().Home() + address
	}
	r, err := http.NewRequest(method, address, nil)
	w.ok(err)
	for _, e := range edit {
		e(r)
	}
	resp, err := http.DefaultTransport.RoundTrip(r)
	w.ok(err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	w.ok(err)
	resp.Header.Del("Date")
	return answered{resp.StatusCode, resp.Header, string(body)}
}

// signedBy signs a GET as an actor elsewhere.
func (w *world) signedBy(a *federationtest.Actor) func(*http.Request) {
	return func(r *http.Request) {
		federationtest.Prepare(r, nil, w.clock.now())
		a.Signature().Sign(w.t, r)
	}
}

// activity is an activity of an actor elsewhere; n tells those of one type apart.
func activity(a *federationtest.Actor, kind string, n int, object any) map[string]any {
	return map[string]any{"@context": activityStreams, "id": fmt.Sprintf("%s#%s/%d", a.ID, strings.ToLower(kind), n), "type": kind, "actor": a.ID, "object": object}
}

// sent returns the activities of one type that an instance got, without faults.
func sent(t testing.TB, i *federationtest.Instance, kind string) (out []federationtest.Delivery) {
	t.Helper()
	for _, d := range i.Received() {
		if d.Err != nil {
			t.Errorf("delivery to %s: %v", d.Path, d.Err)
		}
		if d.Activity["type"] == kind {
			out = append(out, d)
		}
	}
	return out
}

// remoteList is a playlist of another server.
type remoteList struct {
	*federationtest.Instance
	actor *federationtest.Actor
	id    string // of its collection
}

// list adds a playlist's actor and its collection to an instance.
func (w *world) list(i *federationtest.Instance, name string, titles ...string) remoteList {
	w.t.Helper()
	l := remoteList{Instance: i, id: i.URL + "/lists/" + name}
	l.actor = i.AddActor(name, map[string]any{"type": "Service", "name": "List " + name, "streams": []string{l.id}})
	l.set(titles...)
	return l
}

// document is the head of the collection, with its tracks.
func (l remoteList) document(titles ...string) map[string]any {
	items := []any{}
	for n, title := range titles {
		items = append(items, map[string]any{"id": fmt.Sprintf("%s/items/%d", l.id, n), "type": "Audio", "name": title})
	}
	return map[string]any{"@context": activityStreams, "id": l.id, "type": "OrderedCollection", "name": "List", "attributedTo": l.actor.ID,
		"totalItems": len(titles), "orderedItems": items}
}

func (l remoteList) path() string { return strings.TrimPrefix(l.id, l.URL) }

func (l remoteList) set(titles ...string) { l.Put(l.path(), l.document(titles...)) }

// wants makes an account want a playlist elsewhere, and sends its Follow.
func (w *world) wants(a playlists.Account, target string) playlists.Want {
	w.t.Helper()
	found, err := w.Lookup(context.Background(), a.ID, target)
	w.ok(err)
	want, err := w.Subscribe(context.Background(), a.ID, found, target, playlists.Sync, playlists.Keep)
	w.ok(err)
	w.step(w.SubscribeOnce)
	w.step(w.DeliverOnce)
	return want
}

// has returns the titles of a playlist as it is kept.
func (w *world) has(id playlists.ID) (titles []string) {
	w.t.Helper()
	p, err := w.store.Get(context.Background(), id)
	w.ok(err)
	for _, t := range p.Tracks {
		titles = append(titles, t.Title)
	}
	return titles
}

// due reports whether a playlist is to be read again within a second.
func (w *world) due(id playlists.ID) bool {
	w.t.Helper()
	return w.count(`SELECT COUNT(*) FROM sources WHERE playlist_id = $1 AND due <= $2`, id, w.clock.now().Add(time.Second).UnixMilli()) == 1
}
