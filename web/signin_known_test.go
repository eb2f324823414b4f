package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/songferry/songferry/migrations/migrationstest"
	"github.com/songferry/songferry/playlists"
)

// held is what the browser at hand holds under the name that ends so, "" for nothing.
func (h *home) held(suffix string) string {
	h.t.Helper()
	r, err := http.NewRequest(http.MethodGet, h.server.URL, nil)
	h.ok(err)
	for _, c := range h.client.Jar.Cookies(r.URL) {
		if strings.HasSuffix(c.Name, suffix) {
			return c.Value
		}
	}
	return ""
}

func TestABrowserThatAFamilySharesIsKnownToAllOfThem(t *testing.T) {
	t.Parallel()
	h, _ := guarded(t)
	h.signIn("alice", "wonder")
	for range 5 {
		h.signIn("bob", "builder")
	}
	h.lockOut("alice")
	h.lockOut("bob")
	h.signIn("alice", "wonder")
	h.signIn("bob", "builder")
	if n := strings.Count(h.held("-known"), ".") + 1; n != 2 {
		t.Errorf("it holds %d tokens", n)
	}
}

func TestABrowserThatOnePersonIsKnownInGuessesNobodyElsesPassword(t *testing.T) {
	t.Parallel()
	h, _ := guarded(t)
	h.signIn("bob", "builder")
	h.lockOut("alice")
	if got := h.guess("192.0.2.1", "alice", "guess"); got != http.StatusTooManyRequests {
		t.Errorf("bob's browser tries alice's password: %d", got)
	}
	// She chooses for her public name what bob is called on the music server: then his name may mean either.
	h.music.AddUser("mallory", "malice")
	h.join("mallory", "malice", playlists.Account{Handle: "bob", Name: "Mallory", Language: "en"})
	h.client = browser(t)
	h.signIn("mallory", "malice")
	h.lockOut("bob")
	if got := h.guess("192.0.2.1", "bob", "guess"); got != http.StatusTooManyRequests {
		t.Errorf("mallory's browser tries bob's password: %d", got)
	}
}

func TestABrowserIsForgotten(t *testing.T) {
	t.Parallel()
	for what, forget := range map[string]func(*home, *clock){
		"after half a year":              func(_ *home, c *clock) { c.forward(180 * 24 * time.Hour) },
		"by who signs out everywhere":    func(h *home, _ *clock) { h.post("/signout/everywhere") },
		"when twenty others came since":  func(h *home, c *clock) { h.signInElsewhere(20, c) },
		"when what it holds is invented": func(h *home, _ *clock) { h.exec(`UPDATE known_browsers SET token = 'another'`) },
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			h, c := guarded(t)
			h.signIn("alice", "wonder")
			hers := h.client
			forget(h, c)
			h.client = hers
			h.lockOut("alice")
			if got := h.guess("192.0.2.1", "alice", "wonder"); got != http.StatusTooManyRequests {
				t.Errorf("it is known still: %d", got)
			}
		})
	}
}

// signInElsewhere signs alice in with as many other browsers, one after the other.
func (h *home) signInElsewhere(browsers int, c *clock) {
	h.t.Helper()
	for range browsers {
		c.forward(time.Minute)
		h.client = browser(h.t)
		h.signIn("alice", "wonder")
	}
}

// Whoever reads a backup of the database can be nobody by it. Links to playlists are the exception: their owner reads them
// again, and what they open stands beside them.
func TestWhatBrowsersAndInvitationsHoldIsKeptAsAHashOnly(t *testing.T) {
	t.Parallel()
	h, _ := member(t)
	session, knownBy, link := h.held("songferry-"+h.server.URL[strings.LastIndex(h.server.URL, ":")+1:]), h.held("-known"), h.invitation()
	for what, secret := range map[string]string{"a session": session, "a known browser": knownBy, "an invitation": link[strings.LastIndex(link, "/")+1:]} {
		if len(secret) < 26 {
			t.Fatalf("%s: %q", what, secret)
		}
		if where := h.keptIn(secret); where != "" {
			t.Errorf("%s is kept as it is, in %s", what, where)
		}
	}
	if h.keptIn("Alice") == "" {
		t.Error("nothing is found at all")
	}
}

// keptIn returns a table and column of the database that hold a text, "" when none does.
func (h *home) keptIn(text string) (where string) {
	h.t.Helper()
	for _, c := range migrationstest.Columns(h.t, h.db) {
		var n int
		h.ok(h.db.QueryRowContext(h.t.Context(), fmt.Sprintf(`SELECT COUNT(*) FROM %q WHERE CAST(%q AS TEXT) LIKE $1`, c.Table, c.Name), "%"+text+"%").Scan(&n))
		if n > 0 {
			return c.Table + "." + c.Name
		}
	}
	return ""
}
