package federation

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/songferry/songferry/federation/federationtest"
	"github.com/songferry/songferry/playlists"
)

// loopback is a ClientConfig for the instances of federationtest.
func testAgent() string { return "Songferry/test" }

func loopback() ClientConfig {
	return ClientConfig{AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, UserAgent: testAgent}
}

// problem checks that err is a Problem with code, whose sentence gives no path away.
func problem(t *testing.T, name string, err error, code playlists.Code) {
	t.Helper()
	say := playlists.Say(err)
	if playlists.CodeOf(err) != code || say == "" || strings.Contains(say, "/s/") || strings.Contains(fmt.Sprint(err), "SECRET") {
		t.Errorf("%s: %q: %v; want %s", name, say, err, code)
	}
}

const secretPath = "/s/SECRET"

func TestGetReturnsTheDocumentAndItsValidators(t *testing.T) {
	t.Parallel()
	inst := federationtest.New(t)
	inst.Fail("/doc?page=1", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"v1"`)
		w.Header().Set("Last-Modified", "Sat, 01 Aug 2026 12:00:00 GMT")
		if r.Header.Get("If-None-Match") == `"v1"` && r.Header.Get("If-Modified-Since") != "" {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		fmt.Fprint(w, r.Header.Get("Accept"), " ", r.UserAgent())
	})
	client := NewClient(loopback())
	doc, err := client.Get(t.Context(), inst.URL+"/doc?page=1#part", "text/x", nil, Conditional{})
	if err != nil {
		t.Fatal(err)
	}
	if doc.URL != inst.URL+"/doc?page=1" || string(doc.Body) != "text/x Songferry/test" || doc.Status != 200 {
		t.Errorf("got %+v", doc)
	}
	again, err := client.Get(t.Context(), inst.URL+"/doc?page=1", "text/x", nil, Conditional{ETag: doc.ETag, LastModified: doc.LastModified})
	if err != nil || again.Status != http.StatusNotModified || again.Body != nil || again.ETag != `"v1"` {
		t.Errorf("again: %+v, %v", again, err)
	}
}

func TestAnswersOtherThan200AreToldApart(t *testing.T) {
	t.Parallel()
	inst := federationtest.New(t)
	client := NewClient(loopback())
	for status, code := range map[int]playlists.Code{
		404: playlists.NotFound, 410: playlists.Gone, 401: playlists.Forbidden, 403: playlists.Forbidden, 429: playlists.Unavailable,
		500: playlists.Unavailable, 503: playlists.Unavailable, 400: playlists.Invalid, 204: playlists.Invalid, 304: playlists.Invalid, 300: playlists.Invalid,
	} {
		inst.Fail(secretPath, federationtest.Status(status))
		_, err := client.Get(t.Context(), inst.URL+secretPath, "*/*", nil, Conditional{})
		problem(t, fmt.Sprint(status), err, code)
	}
}

func TestA16BodiesAreBounded(t *testing.T) {
	t.Parallel()
	inst := federationtest.New(t)
	client := NewClient(loopback())
	bomb := gzipped(t, bytes.Repeat([]byte("a"), 64<<20))
	for name, answer := range map[string]http.HandlerFunc{
		"endless":       federationtest.Endless(),
		"one byte more": federationtest.Answer("text/plain", strings.Repeat("a", 1<<20+1)),
		"gzip bomb": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			send(w, bomb)
		},
		"announced huge": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "99999999")
			send(w, make([]byte, 2<<20))
		},
	} {
		inst.Fail(secretPath, answer)
		_, err := client.Get(t.Context(), inst.URL+secretPath, "*/*", nil, Conditional{})
		problem(t, name, err, playlists.Invalid)
	}
	inst.Fail(secretPath, federationtest.Answer("text/plain", strings.Repeat("a", 1<<20)))
	if doc, err := client.Get(t.Context(), inst.URL+secretPath, "*/*", nil, Conditional{}); err != nil || len(doc.Body) != 1<<20 {
		t.Errorf("just fits: %v", err)
	}
}

func gzipped(t *testing.T, b []byte) []byte {
	t.Helper()
	var buf bytes.Buffer
	w := gzip.NewWriter(&buf)
	if _, err := w.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// send ignores errors: the client hangs up when it has enough.
func send(w io.Writer, b []byte) { _, _ = w.Write(b) }

func TestA15A16BrokenAnswersAreUnavailable(t *testing.T) {
	t.Parallel()
	inst := federationtest.New(t)
	client := NewClient(loopback())
	for name, answer := range map[string]http.HandlerFunc{
		"shorter than announced": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			send(w, []byte("a"))
		},
		"a megabyte of headers": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-Long", strings.Repeat("a", 1<<20))
			send(w, []byte("a"))
		},
		"hangs up": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
	} {
		inst.Fail(secretPath, answer)
		_, err := client.Get(t.Context(), inst.URL+secretPath, "*/*", nil, Conditional{})
		problem(t, name, err, playlists.Unavailable)
	}
}

func TestA14ASlowServerIsGivenUp(t *testing.T) {
	t.Parallel()
	inst := federationtest.New(t)
	c := loopback()
	c.Timeout = 50 * time.Millisecond
	client := NewClient(c)
	for name, answer := range map[string]http.HandlerFunc{"no answer": inst.Hang(), "no end": inst.HangInBody()} {
		inst.Fail(secretPath, answer)
		_, err := client.Get(t.Context(), inst.URL+secretPath, "*/*", nil, Conditional{})
		problem(t, name, err, playlists.Unavailable)
	}
	inst.Fail(secretPath, inst.Hang())
	_, _, err := client.Post(t.Context(), inst.URL+secretPath, []byte("{}"), nil)
	problem(t, "post", err, playlists.Unavailable)
}

func TestACallerWhoLeavesIsNoFaultOfTheServer(t *testing.T) {
	t.Parallel()
	inst := federationtest.New(t)
	ctx, cancel := context.WithCancel(t.Context())
	inst.Fail("", func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	})
	_, err := NewClient(loopback()).Get(ctx, inst.URL, "*/*", nil, Conditional{})
	if !errors.Is(err, context.Canceled) || playlists.CodeOf(err) != "" {
		t.Errorf("error is %v", err)
	}
}

func TestTheDeadlineCannotBeRaised(t *testing.T) {
	t.Parallel()
	for _, timeout := range []time.Duration{0, -1, time.Hour} {
		if got := NewClient(ClientConfig{Timeout: timeout}).config.Timeout; got != 30*time.Second {
			t.Errorf("%v: %v", timeout, got)
		}
	}
}

func TestOwnBlockedAndOddAddressesAreNotFetched(t *testing.T) {
	t.Parallel()
	inst := federationtest.New(t)
	c := loopback()
	c.OwnHost = func(host string) bool { return host == inst.Host() }
	client := NewClient(c)
	_, err := client.Get(t.Context(), inst.URL+secretPath, "*/*", nil, Conditional{})
	problem(t, "own", err, playlists.Invalid)

	c = loopback()
	c.Allowed = newRules(Policy{Blocked: []string{"127.0.0.1"}}).host
	client = NewClient(c)
	_, err = client.Get(t.Context(), inst.URL+secretPath, "*/*", nil, Conditional{})
	problem(t, "blocked", err, playlists.Forbidden)
	_, _, err = client.Post(t.Context(), inst.URL+secretPath, nil, nil)
	problem(t, "blocked inbox", err, playlists.Forbidden)

	for _, odd := range []string{"", "file:///etc/passwd", "unix:/s/SECRET", "data:,SECRET", "https://u:SECRET@b.example/", "/s/SECRET", "https://SECRET:x/"} {
		_, err = client.Get(t.Context(), odd, "*/*", nil, Conditional{})
		problem(t, odd, err, playlists.Invalid)
	}
	if n := len(inst.Requests("")); n != 0 {
		t.Errorf("%d requests were made", n)
	}
}

func TestA21CertificatesMustFit(t *testing.T) {
	t.Parallel()
	inst := federationtest.NewTLS(t)
	c := loopback()
	_, err := NewClient(c).Get(t.Context(), inst.URL+secretPath, "*/*", nil, Conditional{})
	problem(t, "unknown authority", err, playlists.Unavailable)

	c.RootCAs = inst.RootCAs()
	client := NewClient(c)
	_, port, _ := strings.Cut(inst.Host(), ":")
	_, err = client.Get(t.Context(), "https://127.0.0.2:"+port+secretPath, "*/*", nil, Conditional{})
	if playlists.CodeOf(err) != playlists.Unavailable {
		t.Errorf("other host: %v", err)
	}
	if n := len(inst.Requests("")); n != 0 {
		t.Errorf("%d requests were made", n)
	}
	inst.Put("/doc", map[string]any{})
	if _, err := client.Get(t.Context(), inst.URL+"/doc", "*/*", nil, Conditional{}); err != nil {
		t.Error(err)
	}
}

func TestG116PostReportsTheAnswerAndFollowsNoRedirect(t *testing.T) {
	t.Parallel()
	inst := federationtest.New(t)
	now := time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC)
	c := loopback()
	c.Now = func() time.Time { return now }
	client := NewClient(c)
	for _, a := range []struct {
		status int
		after  string
		want   time.Duration
	}{
		{202, "", 0}, {301, "", 0}, {307, "", 0}, {410, "", 0}, {429, "120", 2 * time.Minute}, {503, "Sat, 01 Aug 2026 12:05:00 GMT", 5 * time.Minute},
		{503, "Sat, 01 Aug 2026 11:00:00 GMT", 0}, {503, "-5", 0}, {503, "soon", 0}, {503, "99999999999999999999", 0},
	} {
		inst.Fail("/inbox", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", inst.URL+"/elsewhere")
			w.Header().Set("Retry-After", a.after)
			w.WriteHeader(a.status)
		})
		status, after, err := client.Post(t.Context(), inst.URL+"/inbox", []byte("{}"), nil)
		if status != a.status || after != a.want || err != nil {
			t.Errorf("%d %q: got %d, %v, %v", a.status, a.after, status, after, err)
		}
	}
	if n := len(inst.Requests("/elsewhere")); n != 0 {
		t.Errorf("%d redirects were followed", n)
	}
	if got := inst.Requests("/inbox")[0].Header.Get("Content-Type"); got != "application/activity+json" {
		t.Errorf("Content-Type: %s", got)
	}
}

func TestARequestThatCannotBeSignedIsNotSent(t *testing.T) {
	t.Parallel()
	inst := federationtest.New(t)
	broken := errors.New("no key")
	_, _, err := NewClient(loopback()).Post(t.Context(), inst.URL+"/inbox", nil, func(*http.Request, Scheme) error { return broken })
	if !errors.Is(err, broken) || len(inst.Requests("")) != 0 {
		t.Errorf("error is %v", err)
	}
}
