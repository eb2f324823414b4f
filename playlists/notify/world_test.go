package notify_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	netmail "net/mail"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"github.com/songferry/songferry/migrations/migrationstest"
	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/notify"
	"github.com/songferry/songferry/playlists/seal"
)

// world is a bridge with two members, a server that takes POSTs and one that takes e-mail. Its clock stands still until the
// test moves it.
type world struct {
	*notify.Notifier
	t          *testing.T
	store      *playlists.Store
	at         time.Time
	log        bytes.Buffer
	alice, bob playlists.Account // alice is an administrator
	hooks      *hooks
	post       *postOffice
}

var loopback = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}

func newWorld(t *testing.T, changes ...func(*notify.Config)) *world {
	t.Helper()
	w := &world{t: t, at: time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC), hooks: newHooks(t), post: newPostOffice(t)}
	db := migrationstest.Open(t)
	w.store = playlists.New(db, w.now)
	key, err := seal.NewKey([]byte(strings.Repeat("k", 32)))
	w.ok(err)
	mailer, err := notify.NewMailer("smtp://songferry:hunter2@"+w.post.address, "Songferry <songs@music.example>")
	w.ok(err)
	c := notify.Config{DB: db, Store: w.store, Key: key, Words: words, Say: inEnglish, AllowPrivate: loopback, Mail: mailer, Version: "1", Now: w.now,
		BaseURL: func() *url.URL { return &url.URL{Scheme: "https", Host: "music.example"} }, Log: slog.New(slog.NewTextHandler(&w.log, nil))}
	for _, change := range changes {
		change(&c)
	}
	w.Notifier = notify.New(c)
	w.alice, err = w.store.AddAccount(t.Context(), playlists.Account{Handle: "alice", Name: "Alice", Language: "en", Admin: true})
	w.ok(err)
	w.bob, err = w.store.AddAccount(t.Context(), playlists.Account{Handle: "bob", Name: "Bob", Language: "en"})
	w.ok(err)
	return w
}

// words says what a notice is about; "passed" has passed.
func words(_ context.Context, _ playlists.Account, notices []playlists.Notice) (all []notify.Line, err error) {
	for _, n := range notices {
		if n.About != "passed" {
			all = append(all, notify.Line{Kind: n.Kind, At: n.At, Text: n.About, HTML: "<b>" + n.About + "</b>"})
		}
	}
	return all, nil
}

func inEnglish(_ string, s playlists.Sentence) (string, bool) { return s.String(), true }

func (w *world) now() time.Time { return w.at }

func (w *world) pass(d time.Duration) { w.at = w.at.Add(d) }

func (w *world) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// news is a notice that can be told at once.
func (w *world) news(about string) {
	w.t.Helper()
	w.pass(time.Second) // so that notices have an order
	w.ok(w.store.Notify(w.t.Context(), playlists.Notice{Account: w.alice.ID, Kind: playlists.CopyArrived, About: about}))
}

// step does what there is to do, and returns how much that was.
func (w *world) step() (n int) {
	w.t.Helper()
	for range 100 {
		did, err := w.NotifyOnce(w.t.Context())
		w.ok(err)
		if did == 0 {
			return n
		}
		n += did
	}
	w.t.Fatal("it never rests")
	return n
}

// way is alice's of a kind.
func (w *world) way(kind playlists.Way) notify.Way {
	w.t.Helper()
	all, err := w.Ways(w.t.Context(), w.alice.ID)
	w.ok(err)
	for _, way := range all {
		if way.Kind == kind {
			return way
		}
	}
	w.t.Fatalf("no %s among %+v", kind, all)
	return notify.Way{}
}

// hooks takes POSTs.
type hooks struct {
	*httptest.Server
	mu     sync.Mutex
	got    []posted
	status int // that it answers with
}

type posted struct {
	path   string
	header http.Header
	body   []byte
}

func newHooks(t *testing.T) *hooks {
	h := &hooks{status: http.StatusNoContent}
	h.Server = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		h.mu.Lock()
		defer h.mu.Unlock()
		h.got = append(h.got, posted{r.URL.Path, r.Header, body})
		if h.status/100 == 3 {
			rw.Header().Set("Location", h.URL+"/elsewhere")
		}
		rw.WriteHeader(h.status)
	}))
	t.Cleanup(h.Close)
	return h
}

func (h *hooks) answers(status int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.status = status
}

// all returns what came since the last call.
func (h *hooks) all() []posted {
	h.mu.Lock()
	defer h.mu.Unlock()
	got := h.got
	h.got = nil
	return got
}

// postOffice takes e-mail from who signs in as songferry.
type postOffice struct {
	address string
	mu      sync.Mutex
	got     []*netmail.Message
	to      []string
	refuses string // an address
	hangsUp bool   // once it has taken an e-mail
}

func newPostOffice(t *testing.T) *postOffice {
	t.Helper()
	p := &postOffice{}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p.address = l.Addr().String()
	s := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) { return &postSession{office: p, conn: c.Conn()}, nil }))
	s.AllowInsecureAuth = true
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := s.Serve(l); err != nil && err != smtp.ErrServerClosed {
			t.Error(err)
		}
	}()
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		<-done
	})
	return p
}

// all returns the e-mails that came since the last call.
func (p *postOffice) all() []*netmail.Message {
	p.mu.Lock()
	defer p.mu.Unlock()
	got := p.got
	p.got, p.to = nil, nil
	return got
}

type postSession struct {
	office   *postOffice
	conn     net.Conn
	in, took bool
}

func (s *postSession) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *postSession) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != "songferry" || password != "hunter2" {
			return fmt.Errorf("who is %q?", user)
		}
		s.in = true
		return nil
	}), nil
}

func (s *postSession) Mail(string, *smtp.MailOptions) error {
	if !s.in {
		return smtp.ErrAuthRequired
	}
	return nil
}

func (s *postSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	if to == s.office.refuses {
		return &smtp.SMTPError{Code: 550, Message: "no mailbox " + to}
	}
	s.office.mu.Lock()
	defer s.office.mu.Unlock()
	s.office.to = append(s.office.to, to)
	return nil
}

func (s *postSession) Data(r io.Reader) error {
	m, err := netmail.ReadMessage(r)
	if err != nil {
		return err
	}
	body, err := io.ReadAll(m.Body)
	if err != nil {
		return err
	}
	m.Body = bytes.NewReader(body)
	s.office.mu.Lock()
	defer s.office.mu.Unlock()
	s.office.got, s.took = append(s.office.got, m), true
	return nil
}

// Reset is called once the server has said that it took an e-mail.
func (s *postSession) Reset() {
	s.office.mu.Lock()
	defer s.office.mu.Unlock()
	if s.took && s.office.hangsUp {
		_ = s.conn.Close() // that it is closed twice is no error of the test
	}
}

func (*postSession) Logout() error { return nil }
