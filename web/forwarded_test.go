package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"github.com/songferry/songferry/playlists"
)

func TestByHTTPSCookiesGoByHTTPSOnly(t *testing.T) {
	t.Parallel()
	h := newHome(t, func(c *config) {
		c.fed.BaseURL = &url.URL{Scheme: "https", Host: "music.example"}
		c.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("192.0.2.1/32")}
	})
	alice := h.join("alice", "wonder", playlists.Account{Handle: "alice", Name: "Alice", Language: "en"})
	link := h.lockedLink(alice.ID, "open sesame")
	for _, c := range []struct {
		what, peer, host string
		header           []string
		secure           bool
	}{
		{"the public address", "198.51.100.1:1", "music.example", nil, true},
		{"the same in capitals", "198.51.100.1:1", "Music.Example", nil, true},
		{"the home network", "192.168.1.9:1", "192.168.1.7:8080", nil, false},
		{"a proxy that says so", "192.0.2.1:1", "192.168.1.7:8080", []string{"X-Forwarded-Proto", "https"}, true},
		{"one behind another", "192.0.2.1:1", "127.0.0.1:8080", []string{"X-Forwarded-Proto", "https, http"}, true},
		{"a proxy without HTTPS", "192.0.2.1:1", "192.168.1.7:8080", []string{"X-Forwarded-Proto", "http"}, false},
		{"a proxy that puts its own host in the place", "192.0.2.1:1", "127.0.0.1:8080", []string{"X-Forwarded-Host", "music.example"}, true},
		{"a proxy that passes on what is no host", "192.0.2.1:1", "127.0.0.1:8080", []string{"X-Forwarded-Host", "music.example/@x"}, false},
		{"somebody who is no proxy of ours", "198.51.100.1:1", "127.0.0.1:8080", []string{"X-Forwarded-Proto", "https", "X-Forwarded-Host", "music.example"}, false},
	} {
		for path, form := range map[string]string{"/signin": "name=alice&password=wonder", link: "password=open+sesame"} {
			r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.RemoteAddr, r.Host = c.peer, c.host
			for i := 0; i < len(c.header); i += 2 {
				r.Header.Set(c.header[i], c.header[i+1])
			}
			w := httptest.NewRecorder()
			h.server.Config.Handler.ServeHTTP(w, r)
			cookies := w.Result().Cookies()
			if w.Code != http.StatusSeeOther || len(cookies) == 0 {
				t.Fatalf("%s: %s answers %d", c.what, path, w.Code)
			}
			for _, cookie := range cookies {
				if cookie.Secure != c.secure || !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode {
					t.Errorf("%s: %v", c.what, cookie)
				}
			}
		}
	}
}

// Browsers without HTTPS say only by Origin where a form comes from: that host is compared with the one they asked for.
func TestFormsWorkBehindAProxyThatPutsItsOwnHostInThePlace(t *testing.T) {
	t.Parallel()
	h, _ := member(t, trustLoopback)
	out := func(header ...string) int {
		return h.send(http.MethodPost, "/settings/you", strings.NewReader("name=Alice&language=en"),
			append(header, "Content-Type", "application/x-www-form-urlencoded", "Origin", "http://songs.home")...).StatusCode
	}
	if got := out("X-Forwarded-Host", "songs.home"); got != http.StatusSeeOther {
		t.Errorf("her own page's form: %d", got)
	}
	for what, header := range map[string][]string{"no word of the host": nil, "another host": {"X-Forwarded-Host", "other.home"}} {
		if got := out(header...); got != http.StatusForbidden {
			t.Errorf("%s: %d", what, got)
		}
	}
}

// lockedLink shares somebody's playlist by a link with a password, and returns its path.
func (h *home) lockedLink(account playlists.ID, password string) string {
	h.t.Helper()
	lists, err := h.store.List(h.t.Context(), account)
	h.ok(err)
	pub, err := h.store.Publish(h.t.Context(), lists[0].ID, playlists.Link)
	h.ok(err)
	_, err = h.store.SetLinkTerms(h.t.Context(), lists[0].ID, playlists.LinkTerms{Password: &password})
	h.ok(err)
	return "/s/" + pub.Token
}
