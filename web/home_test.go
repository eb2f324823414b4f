package web_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"database/sql"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/songferry/songferry/federation"
	"github.com/songferry/songferry/migrations/migrationstest"
	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/seal"
	"github.com/songferry/songferry/subsonicbridge"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
	"github.com/songferry/songferry/web"
)

// home is a whole bridge with pages, beside a music server that knows alice ("wonder") and has two songs and a playlist of
// hers, "Road trip". Nobody has an account yet; see member. A browser is at hand.
type home struct {
	t      *testing.T
	db     *sql.DB
	store  *playlists.Store
	music  *subsonictest.Server
	musics string       // address of the music server
	asked  atomic.Int64 // how often it was
	bridge *subsonicbridge.Bridge
	fed    *federation.Federation
	server *httptest.Server
	client *http.Client
	log    *strings.Builder
	songs  map[string]string // title → song id

	lookups *web.Lookups
}

// theOne, as web.Config.FamilyServer, is the home's music server.
const theOne = "the one"

const setupCode = "ABCD-EFGH"

func newHome(t *testing.T, changes ...func(*web.Config)) *home {
	t.Helper()
	h := &home{t: t, db: migrationstest.Open(t), music: subsonictest.NewServer(subsonictest.Navidrome), log: &strings.Builder{}, songs: map[string]string{}}
	h.music.AddUser("alice", "wonder")
	for _, s := range []playlists.Track{
		{Title: "Jóga", Artist: "Björk", Album: "Homogenic", Duration: 305},
		{Title: "Sinnerman", Artist: "Nina Simone", Album: "Pastel Blues", Duration: 622},
	} {
		h.songs[s.Title] = h.music.AddSong(s)
	}
	h.music.AddPlaylist("alice", "Road trip", h.songs["Jóga"], h.songs["Sinnerman"])
	music := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.asked.Add(1)
		h.music.ServeHTTP(w, r)
	}))
	t.Cleanup(music.Close)
	h.musics = music.URL

	h.server = httptest.NewUnstartedServer(nil)
	base := &url.URL{Scheme: "http", Host: h.server.Listener.Addr().String()}
	key, err := seal.LoadKey(filepath.Join(t.TempDir(), "key"))
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.NewTextHandler(io.MultiWriter(h.log, t.Output()), nil))
	h.store = playlists.New(h.db, time.Now)
	public := subsonicbridge.GuestClient([]netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}) // alone stands for the internet
	h.bridge = subsonicbridge.New(subsonicbridge.Config{Guests: public, DB: h.db, Store: h.store, Key: key, Log: log, BaseURL: func() *url.URL { return base }})
	h.fed = federation.New(federation.Config{DB: h.db, Store: h.store, Key: key, BaseURL: base, AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
		RefreshInterval: time.Hour, Now: time.Now, Log: log, NewKey: func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) }})
	c := web.Config{DB: h.db, Store: h.store, Music: h.bridge, Fed: h.fed, SetupCode: setupCode, BaseURL: func() *url.URL { return base },
		Negotiate: h.fed.Negotiate, ReadTarget: federation.ParseTarget, Log: log}
	for _, change := range changes {
		change(&c)
	}
	h.lookups = web.NewLookups(c)
	if c.FamilyServer == theOne {
		c.FamilyServer = h.musics
	}
	r := chi.NewRouter()
	h.fed.Routes(r)
	r.Mount("/", web.New(c))
	h.server.Config.Handler = r
	h.server.Start()
	t.Cleanup(h.server.Close)
	h.client = browser(t)
	return h
}

// browser keeps cookies, and stops at redirects so that a test sees them.
func browser(t *testing.T) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// member is a home where alice has an account, is connected, and is signed in.
func member(t *testing.T, changes ...func(*web.Config)) (*home, playlists.Account) {
	t.Helper()
	h := newHome(t, changes...)
	a := h.join("alice", "wonder", playlists.Account{Handle: "alice", Name: "Alice", Language: "en", Admin: true})
	h.signIn("alice", "wonder")
	return h, a
}

// join makes an account for somebody whom the music server knows.
func (h *home) join(user, password string, a playlists.Account) playlists.Account {
	h.t.Helper()
	a, err := h.store.AddAccount(h.t.Context(), a)
	if err != nil {
		h.t.Fatal(err)
	}
	if _, err := h.bridge.Connect(h.t.Context(), a.ID, h.musics, user, password); err != nil {
		h.t.Fatal(err)
	}
	h.ok(h.bridge.PollAccount(h.t.Context(), a.ID))
	return a
}

func (h *home) signIn(user, password string) {
	h.t.Helper()
	if a := h.post("/signin", "name", user, "password", password); a.StatusCode != http.StatusSeeOther {
		h.t.Fatalf("sign in: %d\n%s", a.StatusCode, a.text)
	}
}

func (h *home) ok(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// step runs a step of the daemon.
func (h *home) step(once func(context.Context) (int, error)) {
	h.t.Helper()
	_, err := once(h.t.Context())
	h.ok(err)
}

// get loads a page, and follows no redirect. header: name, value, …
func (h *home) get(path string, header ...string) answer {
	h.t.Helper()
	return h.send(http.MethodGet, path, nil, header...)
}

// post sends a form from a page of the bridge. fields: name, value, …
func (h *home) post(path string, fields ...string) answer {
	h.t.Helper()
	form := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	return h.send(http.MethodPost, path, strings.NewReader(form.Encode()), "Content-Type", "application/x-www-form-urlencoded", "Sec-Fetch-Site", "same-origin")
}

// follow loads the page that an answer leads to.
func (h *home) follow(a answer) answer {
	h.t.Helper()
	if a.StatusCode != http.StatusSeeOther {
		h.t.Fatalf("%d leads nowhere\n%s", a.StatusCode, a.text)
	}
	return h.get(a.Header.Get("Location"))
}

func (h *home) send(method, path string, content io.Reader, header ...string) answer {
	h.t.Helper()
	r, err := http.NewRequestWithContext(h.t.Context(), method, h.server.URL+path, content)
	h.ok(err)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	res, err := h.client.Do(r)
	h.ok(err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	h.ok(err)
	a := answer{res, h.t, string(body)}
	a.mustBeSound()
	return a
}
