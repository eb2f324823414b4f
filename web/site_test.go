package web_test

import (
	"context"
	"database/sql"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/songferry/songferry/federation"
	"github.com/songferry/songferry/federation/federationtest"
	"github.com/songferry/songferry/migrations/migrationstest"
	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/notify"
	"github.com/songferry/songferry/playlists/seal"
	"github.com/songferry/songferry/subsonicbridge"
	"github.com/songferry/songferry/web"
)

// site is a whole bridge as browsers and other servers see it: nothing in it is faked, and nothing runs by itself. A browser
// is at hand.
type site struct {
	t       testing.TB
	db      *sql.DB
	store   *playlists.Store
	bridge  *subsonicbridge.Bridge
	notify  *notify.Notifier
	fed     *federation.Federation
	lookups *web.Lookups
	server  *httptest.Server
	client  *http.Client
	log     *strings.Builder
	config  web.Config // of its pages
}

// config is what a test may change of a site before it starts.
type config struct {
	web.Config
	fed      federation.Config // BaseURL is where the site is
	storeNow func() time.Time
	mail     *notify.Mailer // nil: the bridge sends no e-mail
}

// noWords says nothing: what messages say is another package's.
func noWords(context.Context, playlists.Account, []playlists.Notice) ([]notify.Line, error) {
	return nil, nil
}

// Other servers are on loopback; of it, one address stands for the internet.
var (
	loopback = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	internet = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}
)

func newSite(t testing.TB, changes ...func(*config)) *site {
	t.Helper()
	s := &site{t: t, db: migrationstest.Open(t), log: &strings.Builder{}, server: httptest.NewUnstartedServer(nil), client: browser(t)}
	log := slog.New(slog.NewTextHandler(io.MultiWriter(s.log, t.Output()), nil))
	key, err := seal.NewKey([]byte(strings.Repeat("k", 32)))
	s.ok(err)
	c := config{Config: web.Config{DB: s.db, Key: key, Log: log}, storeNow: time.Now, fed: federation.Config{
		DB: s.db, Key: key, AllowPrivate: loopback, RefreshInterval: time.Hour, Now: time.Now, Log: log, NewKey: federationtest.Key,
		BaseURL: &url.URL{Scheme: "http", Host: s.server.Listener.Addr().String()}}}
	for _, change := range changes {
		change(&c)
	}
	s.store = playlists.New(s.db, c.storeNow)
	c.fed.Store = s.store
	s.fed = federation.New(c.fed)
	s.bridge = subsonicbridge.New(subsonicbridge.Config{DB: s.db, Store: s.store, Key: key, Guests: subsonicbridge.GuestClient(internet), Log: log, BaseURL: s.fed.Origin})
	c.Music, c.Fed = s.bridge, s.fed
	s.notify = notify.New(notify.Config{DB: s.db, Store: s.store, Key: key, Words: noWords, Say: web.SaidIn, BaseURL: s.fed.Origin, AllowPrivate: internet,
		Mail: c.mail, Now: time.Now, Log: log})
	c.Notify = s.notify
	if c.Store == nil {
		c.Store = s.store
	}
	s.start(c.Config)
	return s
}

func (s *site) start(c web.Config) {
	s.config, s.lookups = c, web.NewLookups(c)
	s.server.Config.Handler = s.process()
	s.server.Start()
	s.t.Cleanup(s.server.Close)
}

// process answers as another process on the same database does, or the next one.
func (s *site) process() http.Handler {
	r := chi.NewRouter()
	s.fed.Routes(r)
	r.Mount("/", web.New(s.config))
	return r
}

// withoutAddress is a site that nobody has given a public address.
func withoutAddress(c *config) { c.fed.BaseURL = nil }

// trustLoopback believes the test, which comes from this machine, for whom it asks.
func trustLoopback(c *config) { c.TrustedProxies = loopback }

// browser keeps cookies, and stops at redirects so that a test sees them.
func browser(t testing.TB) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

func (s *site) ok(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// step runs a step of the daemon.
func (s *site) step(once func(context.Context) (int, error)) {
	s.t.Helper()
	_, err := once(s.t.Context())
	s.ok(err)
}

func (s *site) exec(statement string, args ...any) {
	s.t.Helper()
	_, err := s.db.ExecContext(s.t.Context(), statement, args...)
	s.ok(err)
}

// get loads a page, and follows no redirect. header: name, value, …
func (s *site) get(path string, header ...string) answer {
	s.t.Helper()
	return s.send(http.MethodGet, path, nil, header...)
}

// post sends a form from a page of the bridge. fields: name, value, …
func (s *site) post(path string, fields ...string) answer {
	s.t.Helper()
	form := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	return s.send(http.MethodPost, path, strings.NewReader(form.Encode()), "Content-Type", "application/x-www-form-urlencoded", "Sec-Fetch-Site", "same-origin")
}

// follow loads the page that an answer leads to.
func (s *site) follow(a answer) answer {
	s.t.Helper()
	if a.StatusCode != http.StatusSeeOther {
		s.t.Fatalf("%d leads nowhere\n%s", a.StatusCode, a.text)
	}
	return s.get(a.Header.Get("Location"))
}

// do asks, and follows no redirect. header: name, value, …
func (s *site) do(method, path string, header ...string) answer {
	s.t.Helper()
	return s.send(method, path, nil, header...)
}

func (s *site) send(method, path string, content io.Reader, header ...string) answer {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), method, s.server.URL+path, content)
	s.ok(err)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	res, err := s.client.Do(r)
	s.ok(err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	s.ok(err)
	a := answer{res, s.t, string(body)}
	a.mustBeSound()
	return a
}
