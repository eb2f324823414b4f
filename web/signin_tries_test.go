package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

// guess tries a password at the door from a client's address, in the browser at hand, and returns the status.
func (h *home) guess(client, name, password string) int {
	h.t.Helper()
	return h.send(http.MethodPost, "/signin", strings.NewReader(url.Values{"name": {name}, "password": {password}}.Encode()),
		"Content-Type", "application/x-www-form-urlencoded", "Sec-Fetch-Site", "same-origin", "X-Forwarded-For", client).StatusCode
}

// stranger is the address of one of many clients.
func stranger(n int) string { return netip.AddrFrom4([4]byte{198, 51, 100, byte(n)}).String() }

// lockOut lets strangers try passwords for a name until no more are heard, and returns how many were.
func (h *home) lockOut(name string) (heard int) {
	h.t.Helper()
	here := h.client
	defer func() { h.client = here }()
	h.client = browser(h.t)
	for ; heard < 30; heard++ {
		if h.guess(stranger(heard), name, "guess") == http.StatusTooManyRequests {
			return heard
		}
	}
	return heard
}

// guarded is a home at which alice and bob have accounts, on a clock that stands still.
func guarded(t *testing.T) (*home, *clock) {
	t.Helper()
	c := &clock{at: time.Now()}
	h := newHome(t, trustLoopback, func(cfg *config) { cfg.Now = c.now })
	h.music.AddUser("bob", "builder")
	h.join("alice", "wonder", playlists.Account{Handle: "alice", Name: "Alice", Language: "en"})
	h.join("bob", "builder", playlists.Account{Handle: "bobby", Name: "Bob", Language: "en"})
	return h, c
}

func TestStrangersWhoGuessDoNotKeepAPersonOutOfTheirOwnBrowser(t *testing.T) {
	t.Parallel()
	h, c := guarded(t)
	h.signIn("alice", "wonder")
	hers := h.client
	h.post("/signout")
	if heard := h.lockOut("alice"); heard != 10 {
		t.Errorf("%d guesses from as many clients were heard", heard)
	}
	h.client = browser(t)
	if got := h.guess("192.0.2.1", "alice", "wonder"); got != http.StatusTooManyRequests {
		t.Errorf("in a browser that nobody knows: %d", got)
	}
	if got := h.guess("192.0.2.1", "bob", "builder"); got != http.StatusSeeOther {
		t.Errorf("bob, whose name nobody tried: %d", got)
	}
	h.client = hers
	for n := range 10 {
		if got := h.guess(stranger(1), "Alice", "mistyped"); got != http.StatusUnprocessableEntity {
			t.Fatalf("her own try %d, where guesses came from as well: %d", n, got)
		}
	}
	if got := h.guess(stranger(1), "alice", "wonder"); got != http.StatusTooManyRequests {
		t.Errorf("in her own browser passwords are tried without end: %d", got)
	}
	c.forward(time.Minute)
	if got := h.guess(stranger(1), "alice", "wonder"); got != http.StatusSeeOther {
		t.Errorf("a minute later: %d", got)
	}
}

func TestEverySpellingOfANameIsOneAndNamesThatNobodyHasAreLikeOthers(t *testing.T) {
	t.Parallel()
	h, _ := guarded(t)
	for _, who := range []string{"alice", "nobody"} {
		fullwidth := strings.Map(func(r rune) rune { return r + 'ａ' - 'a' }, who)
		spellings := []string{who, strings.ToUpper(who), " " + who + "  ", "@" + who, who + "@navidrome.example", who + "@" + strings.TrimPrefix(h.musics, "http://"),
			fullwidth, who[:2] + "\u00ad" + who[2:], who + "\u200b", who[:1] + "\u0301" + who[1:]}
		for n, name := range spellings {
			if got := h.guess(stranger(n), name, "guess"); got != http.StatusUnprocessableEntity {
				t.Fatalf("%q: %d", name, got)
			}
		}
		for n, name := range spellings {
			if got := h.guess(stranger(100+n), name, "guess"); got != http.StatusTooManyRequests {
				t.Errorf("after ten of %s, %q: %d", who, name, got)
			}
		}
	}
}

func TestOneClientDoesNotTryManyNames(t *testing.T) {
	t.Parallel()
	h, c := guarded(t)
	heard, status := 0, 0
	for ; heard < 100; heard++ {
		status = h.guess(fmt.Sprintf("2001:db8:1:2::%x", heard+1), fmt.Sprint("name", heard), "guess")
		if status == http.StatusTooManyRequests {
			break
		}
		c.forward(7 * time.Second) // slower than the limit of what is costly
	}
	if heard < 20 || heard > 23 { // some time has passed
		t.Errorf("%d names from one network", heard)
	}
	if got := h.guess("2001:db8:1:3::1", "alice", "wonder"); got != http.StatusSeeOther {
		t.Errorf("another network: %d", got)
	}
}

func TestGuessesAtTheSameTimeAreNoMoreThanOneAfterTheOther(t *testing.T) {
	t.Parallel()
	h, _ := guarded(t)
	if heard := h.together(20, func(n int, visitor *home) int { return visitor.guess(stranger(n), "alice", "guess") }); heard != 10 {
		t.Errorf("%d were heard", heard)
	}
}

// together lets as many browsers do something at the same time, and returns how many were not told to wait.
func (h *home) together(visitors int, do func(n int, visitor *home) (status int)) (heard int) {
	h.t.Helper()
	var all sync.WaitGroup
	statuses := make([]int, visitors)
	for n := range visitors {
		all.Go(func() {
			statuses[n] = do(n, &home{site: &site{t: h.t, server: h.server, client: browser(h.t)}})
		})
	}
	all.Wait()
	for _, status := range statuses {
		if status != http.StatusTooManyRequests {
			heard++
		}
	}
	return heard
}

func TestTheRightPasswordAndAServerThatIsDownAreNoGuesses(t *testing.T) {
	t.Parallel()
	now := time.Now()
	h, _ := member(t, func(c *config) { c.Now = func() time.Time { return now } })
	for n := range 12 {
		if n == 6 {
			h.music.Fail(subsonictest.BadGateway)
		}
		now = now.Add(7 * time.Second) // slower than the limit of clients, faster than that of names
		h.client = browser(t)
		if a := h.post("/signin", "name", "alice", "password", "wonder"); a.StatusCode == http.StatusTooManyRequests {
			t.Fatalf("the %d. time she is refused", n+1)
		}
	}
}

func TestAServerThatIsDownHidesNoGuessAtAnother(t *testing.T) {
	t.Parallel()
	h, _ := guarded(t)
	other := subsonictest.NewServer(subsonictest.Navidrome)
	other.AddUser("dora", "doras")
	down := httptest.NewServer(other)
	t.Cleanup(down.Close)
	a, err := h.store.AddAccount(t.Context(), playlists.Account{Handle: "alice2", Name: "Dora", Language: "en"})
	h.ok(err)
	_, err = h.bridge.Connect(t.Context(), a.ID, down.URL, "dora", "doras")
	h.ok(err)
	h.music.AddUser("alice2", "alices") // what Dora is called by others, somebody is called on the other server
	h.join("alice2", "alices", playlists.Account{Handle: "ally", Name: "Alice too", Language: "en"})
	other.Fail(subsonictest.BadGateway)
	for n := range 10 {
		if got := h.guess(stranger(n), "alice2", "guess"); got != http.StatusServiceUnavailable {
			t.Fatalf("guess %d: %d", n, got)
		}
	}
	if got := h.guess(stranger(10), "alice2", "guess"); got != http.StatusTooManyRequests {
		t.Errorf("one of her servers is down, and the other hears passwords without end: %d", got)
	}
}
