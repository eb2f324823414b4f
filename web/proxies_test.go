package web_test

import (
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// through is how visitors come from an address to a process that answers for a home.
type through struct {
	*home
	handler http.Handler
	peer    string
}

func (h *home) through(peer string) through { return through{h, h.server.Config.Handler, peer} }

// asks sends a request as the browser of whoever is signed in. header: name, value, …
func (t through) asks(method, path string, form url.Values, header ...string) answer {
	t.t.Helper()
	r := httptest.NewRequest(method, t.server.URL+path, strings.NewReader(form.Encode()))
	r.RemoteAddr = net.JoinHostPort(t.peer, "5000")
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	at, err := url.Parse(t.server.URL)
	t.ok(err)
	for _, c := range t.client.Jar.Cookies(at) {
		r.AddCookie(c)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	t.handler.ServeHTTP(w, r)
	return answer{w.Result(), t.t, w.Body.String()}
}

// opens loads a page by a proxy.
func (t through) opens(path string) answer {
	t.t.Helper()
	return t.asks(http.MethodGet, path, nil, byProxy...)
}

// sends sends a form by a proxy.
func (t through) sends(path string, fields ...string) answer {
	t.t.Helper()
	form := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	return t.asks(http.MethodPost, path, form, byProxy...)
}

// byProxy is what a proxy adds that is before a bridge in a container.
var byProxy = []string{"X-Forwarded-For", "198.51.100.7", "X-Forwarded-Proto", "https"}

const asked = "section.notice strong"

// Alice has installed her bridge in a container, without settings. The first page that she opens by her proxy asks whether it is
// hers; one click, and each visitor counts by themselves, now and after the next start.
func TestAProxyIsTrustedByOneClick(t *testing.T) {
	t.Parallel()
	h, _ := member(t, withoutAddress)
	if len(h.get("/playlists").all(asked)) != 0 {
		t.Fatal("before there is one, a proxy is asked about")
	}
	proxy := h.through("172.18.0.2")
	if got := proxy.opens("/playlists").one(asked); got != "A proxy at 172.18.0.2 speaks for visitors. Is it yours?" {
		t.Fatalf("she reads %q", got)
	}
	if !proxy.oneKeepsOutAll("198.51.100.8") {
		t.Error("visitors are told apart before the proxy is trusted")
	}
	if a := proxy.sends("/admin/proxies", "address", "172.18.0.2", "do", "trust"); a.StatusCode != http.StatusSeeOther {
		t.Fatalf("her click: %d %s", a.StatusCode, a.text)
	}
	later := through{h, h.process(), proxy.peer}
	for what, proxy := range map[string]through{"at once": proxy, "after the next start": later} {
		page := proxy.opens("/admin/work")
		if len(page.all(asked)) != 0 || !strings.Contains(page.one("#proxies ~ .cards"), "172.18.0.2") {
			t.Errorf("%s: %s", what, page.text)
		}
		if proxy.oneKeepsOutAll("198.51.100.9") {
			t.Errorf("%s one visitor's tries are all visitors'", what)
		}
	}
	h.client = browser(t)
	if cookies := later.sends("/signin", "name", "alice", "password", "wonder").Cookies(); len(cookies) == 0 || !cookies[0].Secure {
		t.Errorf("https is not recognised: %v", cookies)
	}
	h.signIn("alice", "wonder")
	if a := h.follow(h.post("/admin/proxies", "address", "172.18.0.2", "do", "forget")); !strings.Contains(a.one(".news"), "is forgotten") {
		t.Errorf("%s", a.text)
	}
	if len(proxy.opens("/playlists").all(asked)) != 1 {
		t.Error("once forgotten, it is not asked about")
	}
}

// oneKeepsOutAll reports whether another visitor is kept out by all that one asks for.
func (t through) oneKeepsOutAll(one string) bool {
	t.t.Helper()
	form := url.Values{"playlist": {"/@x"}, "address": {"nobody"}, "do": {"follow"}}
	for range 20 {
		t.asks(http.MethodPost, "/remote", form, "X-Forwarded-For", one)
	}
	return t.asks(http.MethodPost, "/remote", form, "X-Forwarded-For", "203.0.113.1").StatusCode == http.StatusTooManyRequests
}

// What an administrator says to one process holds at the others a second later, above all that a proxy is not trusted any more.
func TestAllProcessesTrustTheSameProxies(t *testing.T) {
	t.Parallel()
	var passed atomic.Int64 // seconds
	h, _ := member(t, withoutAddress, func(c *config) {
		c.Now = func() time.Time { return time.Now().Add(time.Duration(passed.Load()) * time.Second) }
	})
	told := h.through("172.18.0.2")
	other := through{h, h.process(), told.peer}
	for _, do := range []string{"trust", "forget"} {
		other.opens("/playlists") // has read what held before
		if a := told.sends("/admin/proxies", "address", "172.18.0.2", "do", do); a.StatusCode != http.StatusSeeOther {
			t.Fatalf("%s: %d %s", do, a.StatusCode, a.text)
		}
		passed.Add(1)
		if trusted := len(other.opens("/playlists").all(asked)) == 0; trusted != (do == "trust") {
			t.Errorf("after %q the other process trusts it: %v", do, trusted)
		}
	}
}

func TestWhoIsAskedAboutWhichProxy(t *testing.T) {
	t.Parallel()
	h, _ := member(t, func(c *config) { c.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")} })
	for _, peer := range []string{"203.0.113.9", "2001:db8::1", "10.1.2.3", "100.64.0.1"} {
		if len(h.through(peer).opens("/playlists").all(asked)) != 0 || len(h.get("/playlists").all(asked)) != 0 {
			t.Errorf("%s is asked about", peer)
		}
	}
	h.through("192.168.1.7").opens("/") // while she comes without it
	if got := h.get("/playlists").one(asked); !strings.Contains(got, "192.168.1.7") {
		t.Errorf("she reads %q", got)
	}
	if got := h.through("fd00::17").opens("/playlists").one(asked); !strings.Contains(got, "fd00::17") {
		t.Errorf("by another proxy she reads %q", got)
	}
	h.through("192.168.1.7").opens("/")
	if a := h.follow(h.post("/admin/proxies", "address", "192.168.1.7", "do", "refuse")); len(a.all(asked)) != 0 || !strings.Contains(a.text, "not yours, so not believed") {
		t.Errorf("%s", a.text)
	}
	h.through("192.168.1.7").opens("/")
	if len(h.get("/playlists").all(asked)) != 0 {
		t.Error("she said no, and is asked again")
	}
	for _, wrong := range []string{"203.0.113.9", "0.0.0.0", "none", ""} {
		if a := h.post("/admin/proxies", "address", wrong, "do", "trust"); a.StatusCode != http.StatusBadRequest {
			t.Errorf("to trust %q: %d", wrong, a.StatusCode)
		}
	}
}

// A bridge in a container without a proxy: all come by the container's gateway, as does a stranger who sends what a proxy would.
func TestAStrangerHasNobodyAskedAboutTheGateway(t *testing.T) {
	t.Parallel()
	h, _ := member(t)
	gateway := h.through("172.18.0.1")
	gateway.opens("/")
	if page := gateway.asks(http.MethodGet, "/playlists", nil); page.StatusCode != http.StatusOK || len(page.all(asked)) != 0 {
		t.Errorf("%d: she is asked whether it is hers", page.StatusCode)
	}
}

func TestOnlyAdministratorsAreAskedAboutProxies(t *testing.T) {
	t.Parallel()
	h, _ := friend(t)
	proxy := h.through("192.168.1.8")
	if a := proxy.opens("/playlists"); a.StatusCode != http.StatusOK || len(a.all(asked)) != 0 {
		t.Errorf("bob, who is no administrator, reads %s", a.text)
	}
	if a := proxy.sends("/admin/proxies", "address", "192.168.1.8", "do", "trust"); a.StatusCode != http.StatusNotFound {
		t.Errorf("bob trusts it: %d", a.StatusCode)
	}
}

// Who is trusted by a click cannot say who somebody is: that opens all accounts.
func TestAClickDoesNotLetAProxyNamePeople(t *testing.T) {
	t.Parallel()
	h, _ := member(t, func(c *config) { c.AuthHeader = "Remote-User" })
	h.post("/admin/proxies", "address", "172.18.0.2", "do", "trust")
	h.client = browser(t)
	if a := h.through("172.18.0.2").asks(http.MethodGet, "/playlists", nil, append([]string{"Remote-User", "alice"}, byProxy...)...); a.StatusCode != http.StatusSeeOther {
		t.Errorf("a proxy that was trusted by a click names alice: %d", a.StatusCode)
	}
}
