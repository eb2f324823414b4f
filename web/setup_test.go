package web_test

import (
	"context"
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

	"github.com/andybalholm/cascadia"
	"github.com/go-chi/chi/v5"
	"golang.org/x/net/html"

	"github.com/songferry/songferry/federation"
	"github.com/songferry/songferry/migrations/migrationstest"
	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/web"
	"github.com/songferry/songferry/web/htmltest"
)

// world is a bridge, b.example, with one account, alice, and what she published:
//
//	/@alice_road_trip   public     two tracks, liner notes, a note on a track
//	/@alice_quiet       unlisted
//	/@alice_friends     followers
//	/@alice_old_times   withdrawn
//	/s/…                link, and one that was withdrawn
//
// and one playlist that she did not publish.
type world struct {
	t         testing.TB
	store     *playlists.Store
	alice     playlists.Account
	published map[playlists.Audience]playlists.Publication
	goneToken string
	server    *httptest.Server
	log       *strings.Builder
	visitors  visitors
	clock     clock
	// storeClock is when playlists change.
	storeClock clock
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

// visitors are those who want to go on at their own server, and what they are told.
type visitors struct {
	came []web.Visit
	to   web.Destination
	err  error
}

var now = time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)

func setup(t testing.TB, changes ...func(*web.Config)) *world {
	t.Helper()
	db := migrationstest.Open(t)
	w := &world{t: t, published: map[playlists.Audience]playlists.Publication{}, log: &strings.Builder{}, clock: clock{at: now}, storeClock: clock{at: now}}
	w.store = playlists.New(db, w.storeClock.now)
	var err error
	w.alice, err = w.store.AddAccount(t.Context(), playlists.Account{Handle: "alice", Name: "Alice"})
	if err != nil {
		t.Fatal(err)
	}
	w.publish("Road trip", playlists.Public)
	w.publish("Quiet", playlists.Unlisted)
	w.publish("Friends", playlists.Followers)
	w.publish("By link", playlists.Link)
	w.withdraw(w.publishNew("Old times", playlists.Public))
	w.goneToken = w.withdraw(w.publishNew("Old link", playlists.Link)).Token
	w.record(playlists.Playlist{Name: "Private diary"})

	c := web.Config{Store: w.store, BaseURL: func() *url.URL { return &url.URL{Scheme: "https", Host: "b.example"} }, Log: slog.New(slog.NewTextHandler(w.log, nil)),
		ReadTarget: federation.ParseTarget, Vocabulary: []web.Term{{Name: "track", IRI: "https://funkwhale.audio/ns#track", Vocabulary: "Funkwhale", Of: "Audio", Value: "a Track", Meaning: "The recording.", Example: `"track": {}`}},
		Remote: func(_ context.Context, v web.Visit) (web.Destination, error) {
			w.visitors.came = append(w.visitors.came, v)
			return w.visitors.to, w.visitors.err
		},
		Now: w.clock.now,
	}
	for _, change := range changes {
		change(&c)
	}
	daemon := chi.NewRouter()
	daemon.Mount("/", web.New(c))
	w.server = httptest.NewServer(daemon)
	t.Cleanup(w.server.Close)
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

// answer is what the bridge said.
type answer struct {
	*http.Response
	t    testing.TB
	text string
}

func (w *world) get(path string, header ...string) answer {
	return w.do(http.MethodGet, path, header...)
}

// do asks and follows no redirect. header: name, value, …
func (w *world) do(method, path string, header ...string) answer {
	w.t.Helper()
	return w.send(method, path, nil, header...)
}

// post sends a form as browsers do. fields: name, value, …
func (w *world) post(path string, fields ...string) answer {
	w.t.Helper()
	form := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	return w.send(http.MethodPost, path, strings.NewReader(form.Encode()), "Content-Type", "application/x-www-form-urlencoded", "Sec-Fetch-Site", "same-origin")
}

func (w *world) send(method, path string, content io.Reader, header ...string) answer {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), method, w.server.URL+path, content)
	if err != nil {
		w.t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	a := answer{res, w.t, string(body)}
	a.mustBeSound()
	return a
}

// mustBeSound checks the HTML of every page that any test asks for.
func (a answer) mustBeSound() {
	a.t.Helper()
	redirect := a.StatusCode/100 == 3 // its body is net/http's, and read by nobody
	if redirect || a.text == "" || a.Header.Get("Content-Encoding") != "" || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") {
		return
	}
	for _, complaint := range htmltest.Check(a.text) {
		a.t.Errorf("%s: %s", a.Request.URL.Path, complaint)
	}
}

// all returns the elements of the page that a CSS selector finds.
func (a answer) all(selector string) []*html.Node {
	a.t.Helper()
	doc, err := html.Parse(strings.NewReader(a.text))
	if err != nil {
		a.t.Fatal(err)
	}
	return cascadia.QueryAll(doc, cascadia.MustCompile(selector))
}

// one returns the text of the only element that a selector finds, with single spaces.
func (a answer) one(selector string) string {
	a.t.Helper()
	nodes := a.all(selector)
	if len(nodes) != 1 {
		a.t.Fatalf("%s: found %d times in\n%s", selector, len(nodes), a.text)
	}
	return textOf(nodes[0])
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		} else if d.Data == "br" {
			b.WriteByte(' ')
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// trustLoopback believes the test, which comes from this machine, for whom it asks.
func trustLoopback(c *web.Config) {
	c.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
}

func notReady(err error) func(*web.Config) {
	return func(c *web.Config) { c.Ready = func(context.Context) error { return err } }
}

// closedStore fails whatever it is asked.
func closedStore(t *testing.T) *playlists.Store {
	t.Helper()
	db := migrationstest.Open(t)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return playlists.New(db, time.Now)
}
