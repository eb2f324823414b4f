package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

func TestTheFamilyComesInWithItsMusicAccounts(t *testing.T) {
	t.Parallel()
	h, _ := member(t, func(c *config) { c.FamilyServer = theOne })
	h.music.AddUser("carol", "carols")
	h.client = browser(t)

	if a := h.post("/signin", "name", "carol", "password", "wrong"); a.StatusCode != http.StatusUnprocessableEntity || a.one("h1") != "Sign in" {
		t.Errorf("a wrong password: %d\n%s", a.StatusCode, a.text)
	}
	a := h.post("/signin", "name", "carol", "password", "carols", "next", "/asks")
	if a.StatusCode != http.StatusOK || a.one("h1") != "Welcome" || strings.Contains(a.text, "carols\"") {
		t.Errorf("carol is not asked what others shall call her: %d\n%s", a.StatusCode, a.text)
	}
	if accounts, err := h.store.Accounts(t.Context()); err != nil || len(accounts) != 1 {
		t.Errorf("accounts before she said it: %v %v", accounts, err)
	}
	a = h.post("/signin", "name", "carol", "password", "carols", "called", "Caroline", "next", "/asks")
	if a.Header.Get("Location") != "/asks" || h.follow(a).StatusCode != http.StatusOK {
		t.Errorf("after joining: %d %v", a.StatusCode, a.Header)
	}
	accounts, err := h.store.Accounts(t.Context())
	if err != nil || len(accounts) != 2 || accounts[1].Name != "Caroline" || accounts[1].Admin || accounts[1].MaxAudience != playlists.Link {
		t.Errorf("accounts: %+v %v", accounts, err)
	}
	h.client = browser(t)
	h.signIn("carol", "carols")
}

func TestStrangersOfOtherServersDoNotComeInByThemselves(t *testing.T) {
	t.Parallel()
	h, _ := member(t)
	h.music.AddUser("carol", "carols")
	h.client = browser(t)
	if a := h.post("/signin", "name", "carol", "password", "carols"); a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("%d\n%s", a.StatusCode, a.text)
	}
}

func TestATrustedProxySaysWhoAsks(t *testing.T) {
	t.Parallel()
	h, _ := member(t, func(c *config) {
		c.AuthHeader, c.TrustedProxies = "Remote-User", loopback
	})
	h.music.AddUser("b.o.b", "builder")
	h.join("b.o.b", "builder", playlists.Account{Name: "Bob", Language: "en"})
	h.client = browser(t)
	for name, want := range map[string]int{"alice": http.StatusOK, "Alice": http.StatusOK, "b.o.b": http.StatusOK, "carol": http.StatusSeeOther, "": http.StatusSeeOther} {
		if a := h.get("/playlists", "Remote-User", name); a.StatusCode != want {
			t.Errorf("%q: %d", name, a.StatusCode)
		}
	}
	if accounts, err := h.store.Accounts(t.Context()); err != nil || len(accounts) != 2 {
		t.Errorf("the proxy made an account: %v %v", accounts, err)
	}
	if a := h.get("/playlists"); a.StatusCode != http.StatusSeeOther {
		t.Errorf("without the header: %d", a.StatusCode)
	}
}

func TestAProxyNamesNoGuest(t *testing.T) {
	t.Parallel()
	h, _ := member(t, func(c *config) {
		c.AuthHeader, c.TrustedProxies = "Remote-User", loopback
	})
	h.music.AddUser("bob", "builder")
	link := h.invitation()
	h.client = browser(t)
	h.follow(h.post(link, h.connected()...))
	h.client = browser(t)
	for _, name := range []string{"bob", "bob@" + strings.TrimPrefix(h.musics, "http://")} {
		if a := h.get("/playlists", "Remote-User", name); a.StatusCode != http.StatusSeeOther {
			t.Errorf("%s is let in as a guest who is called so: %d", name, a.StatusCode)
		}
	}
}

func TestNobodyElseIsBelievedAboutWhoAsks(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*config){
		"no proxy is trusted": func(c *config) { c.AuthHeader = "Remote-User" },
		"another is trusted": func(c *config) {
			c.AuthHeader, c.TrustedProxies = "Remote-User", []netip.Prefix{netip.MustParsePrefix("198.51.100.0/24")}
		},
		"no header is set": trustLoopback,
		"another header is it": func(c *config) {
			c.AuthHeader, c.TrustedProxies = "X-User", loopback
		},
	} {
		h := newHome(t, change)
		h.join("alice", "wonder", playlists.Account{Handle: "alice", Language: "en"})
		if a := h.get("/playlists", "Remote-User", "alice", "X-Forwarded-For", "198.51.100.1"); a.StatusCode != http.StatusSeeOther {
			t.Errorf("%s, and alice is let in: %d", name, a.StatusCode)
		}
	}
}

func TestSigningOutEverywhereEndsAllSessions(t *testing.T) {
	t.Parallel()
	h, _ := member(t)
	here, elsewhere, bobs := h.client, browser(t), browser(t)
	h.client = elsewhere
	h.signIn("alice", "wonder")
	h.client = bobs
	h.music.AddUser("bob", "builder")
	h.join("bob", "builder", playlists.Account{Handle: "bob", Language: "en"})
	h.signIn("bob", "builder")

	h.client = here
	if a := h.post("/signout/everywhere"); a.Header.Get("Location") != "/" {
		t.Errorf("%d", a.StatusCode)
	}
	for client, want := range map[*http.Client]int{here: http.StatusSeeOther, elsewhere: http.StatusSeeOther, bobs: http.StatusOK} {
		h.client = client
		if a := h.get("/playlists"); a.StatusCode != want {
			t.Errorf("%d, want %d", a.StatusCode, want)
		}
	}
	h.client = elsewhere
	h.signIn("alice", "wonder")
	if a := h.get("/playlists"); a.StatusCode != http.StatusOK {
		t.Errorf("she cannot come back: %d", a.StatusCode)
	}
}

func TestWhoMovesToAServerOfTheirOwnHearsNobodysPassword(t *testing.T) {
	t.Parallel()
	h, _ := member(t, func(c *config) { c.FamilyServer = theOne })
	h.admit("mallory", playlists.Account{Handle: "mallory", Name: "Mallory", Language: "en"})
	elsewhere := subsonictest.NewServer(subsonictest.Navidrome)
	elsewhere.AddUser("dora", "mallorys")
	listening := httptest.NewServer(elsewhere)
	t.Cleanup(listening.Close)
	host := strings.TrimPrefix(listening.URL, "http://")

	page := h.follow(h.post("/settings/server", "server", listening.URL, "user", "dora", "password", "mallorys"))
	if said := "as dora@" + host + ","; !strings.Contains(page.one(".news"), said) {
		t.Errorf("she is not told how she signs in from now on:\n%s", page.text)
	}
	h.music.AddUser("dora", "doras")
	elsewhere.Requests() // those that connected it
	for _, name := range []string{"dora", "mallory"} {
		h.client = browser(t)
		if a := h.post("/signin", "name", name, "password", "doras", "called", "Dora"); (a.StatusCode == http.StatusSeeOther) != (name == "dora") {
			t.Errorf("%s: %d\n%s", name, a.StatusCode, a.text)
		}
	}
	if heard := elsewhere.Requests(); len(heard) != 0 {
		t.Errorf("the server that mallory chose heard %d questions with dora's password", len(heard))
	}
	within := strings.Replace(listening.URL, "127.0.0.1", "127.0.0.2", 1)
	h.client = browser(t)
	h.signIn("dora@"+host, "mallorys")
	if a := h.post("/settings/server", "server", within, "user", "dora", "password", "mallorys"); a.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("a server in the home network: %d\n%s", a.StatusCode, a.text)
	}
	if back := h.follow(h.post("/settings/server", "server", h.musics, "user", "mallory", "password", "secret of mallory")); !strings.Contains(back.one(".news"), "as mallory,") {
		t.Errorf("back at the family's server:\n%s", back.text)
	}
}
