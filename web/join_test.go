package web_test

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/songferry/songferry/playlists"
)

// invitation has alice invite somebody, and returns the path of the link.
func (h *home) invitation(fields ...string) string {
	h.t.Helper()
	a := h.post("/admin/invitations", fields...)
	path := regexp.MustCompile(`/join/[A-Z0-9]{26}`).FindString(a.one(".chip"))
	if a.StatusCode != http.StatusOK || path == "" {
		h.t.Fatalf("no invitation: %d\n%s", a.StatusCode, a.text)
	}
	return path
}

// connected are the fields of the form by which bob connects his music server.
func (h *home) connected() []string {
	return []string{"server", h.musics, "user", "bob", "password", "builder", "name", "Bob"}
}

func TestAFriendJoinsByAnInvitationOnce(t *testing.T) {
	t.Parallel()
	h, _ := member(t)
	h.music.AddUser("bob", "builder")
	h.music.AddPlaylist("bob", "Bob’s best", h.songs["Jóga"])
	link := h.invitation("for", "Bob")
	if open := h.get("/admin/people"); !strings.Contains(open.text, "Bob") || strings.Contains(open.text, strings.TrimPrefix(link, "/join/")) {
		t.Errorf("the list of people does not show the invitation, or shows its secret:\n%s", open.text)
	}

	h.client = browser(t)
	a := h.get(link)
	if a.one("h1") != "Alice invites you" || a.Header.Get("Referrer-Policy") != "same-origin" || a.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%v\n%s", a.Header, a.text)
	}
	a = h.post(link, "server", h.musics, "user", "bob", "password", "wrong", "name", "Bob")
	if a.StatusCode != http.StatusUnprocessableEntity || len(a.all("[role=alert]")) != 1 || a.one("h1") != "Alice invites you" {
		t.Errorf("a wrong password: %d\n%s", a.StatusCode, a.text)
	}
	lists := h.follow(h.post(link, h.connected()...))
	if !strings.Contains(lists.text, "Bob’s best") || !strings.Contains(lists.one(".news"), "as bob@127.0.0.1") {
		t.Errorf("after joining:\n%s", lists.text)
	}
	accounts, err := h.store.Accounts(t.Context())
	if err != nil || len(accounts) != 2 || accounts[1].Name != "Bob" || accounts[1].Admin || accounts[1].MaxAudience != playlists.Link {
		t.Errorf("accounts: %+v %v", accounts, err)
	}

	h.client = browser(t)
	for _, a := range []answer{h.get(link), h.post(link, h.connected()...), h.get("/join/" + strings.Repeat("A", 26))} {
		if a.StatusCode != http.StatusGone || !strings.Contains(a.text, "Ask for another") {
			t.Errorf("a used link: %d\n%s", a.StatusCode, a.text)
		}
	}
}

func TestOfTwoWhoUseAnInvitationAtOnceOneComesIn(t *testing.T) {
	t.Parallel()
	h, _ := member(t)
	link := h.invitation()
	var together sync.WaitGroup
	statuses := make([]int, 4)
	for i, name := range []string{"bob", "carol", "dora", "emil"} {
		h.music.AddUser(name, "builder")
		together.Go(func() {
			visitor := site{t: t, server: h.server, client: browser(t)}
			statuses[i] = visitor.post(link, "server", h.musics, "user", name, "password", "builder", "name", name).StatusCode
		})
	}
	together.Wait()
	accounts, err := h.store.Accounts(t.Context())
	if err != nil || len(accounts) != 2 {
		t.Errorf("%d accounts after four used one link: %v %v", len(accounts), statuses, err)
	}
	slices.Sort(statuses)
	if want := []int{http.StatusSeeOther, http.StatusGone, http.StatusGone, http.StatusGone}; !slices.Equal(statuses, want) {
		t.Errorf("answers: %v", statuses)
	}
}

func TestAGuestsMusicServerMustBePublic(t *testing.T) {
	t.Parallel()
	h, _ := member(t)
	h.music.AddUser("bob", "builder")
	link := h.invitation()
	within := strings.Replace(h.musics, "127.0.0.1", "127.0.0.2", 1) // the test's bridge takes 127.0.0.1 for public
	for _, server := range []string{within, "http://10.0.0.1", "http://192.168.1.5:4533", "http://169.254.169.254", "http://[::1]:4533", "http://[fd00::1]", "http://0.0.0.0:80", "http://[::ffff:10.0.0.1]"} {
		h.client = browser(t)
		a := h.post(link, "server", server, "user", "bob", "password", "builder", "name", "Bob")
		if a.StatusCode != http.StatusServiceUnavailable || !strings.Contains(a.one("[role=alert]"), "within a home network") {
			t.Errorf("%s: %d %s", server, a.StatusCode, a.one("[role=alert]"))
		}
	}
}

func TestTheFamilyMayComeFromTheHomeNetwork(t *testing.T) {
	t.Parallel()
	h, _ := member(t)
	h.music.AddUser("bob", "builder")
	link := h.invitation("home", "yes")
	h.client = browser(t)
	if lists := h.follow(h.post(link, h.connected()...)); !strings.Contains(lists.one(".news"), "as bob,") {
		t.Errorf("after joining:\n%s", lists.text)
	}
	h.client = browser(t)
	h.signIn("bob", "builder")
}

func TestGuestsSignInWithTheNameOfTheirServer(t *testing.T) {
	t.Parallel()
	h, _ := member(t)
	h.music.AddUser("bob", "builder")
	link := h.invitation()
	h.client = browser(t)
	h.follow(h.post(link, h.connected()...))
	host := strings.TrimPrefix(h.musics, "http://")

	h.client = browser(t)
	asked := h.asked.Load()
	if a := h.post("/signin", "name", "bob", "password", "builder"); a.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(a.one("[role=alert]"), "bob@navidrome.example") {
		t.Errorf("without the server: %d\n%s", a.StatusCode, a.text)
	}
	if h.asked.Load() != asked {
		t.Error("a password was sent to a server that a guest named")
	}
	h.signIn("bob@"+host, "builder")
	if a := h.get("/playlists"); a.StatusCode != http.StatusOK {
		t.Errorf("bob's lists: %d", a.StatusCode)
	}
}

func TestAnInvitationEndsByTimeAndByHand(t *testing.T) {
	t.Parallel()
	var now time.Time
	h, _ := member(t, func(c *config) { c.Now = func() time.Time { return time.Now().Add(now.Sub(time.Time{})) } })
	old, taken := h.invitation(), h.invitation("for", "Bob")
	form := h.get("/admin/people").all(`form[action$="takeback"]`)
	if len(form) != 2 {
		t.Fatalf("%d open invitations", len(form))
	}
	h.follow(h.post(attr(form[1], "action")))
	if a := h.get(taken); a.StatusCode != http.StatusGone {
		t.Errorf("taken back: %d", a.StatusCode)
	}
	if a := h.get(old); a.StatusCode != http.StatusOK {
		t.Errorf("the other: %d", a.StatusCode)
	}
	now = now.Add(8 * 24 * time.Hour)
	if a := h.get(old); a.StatusCode != http.StatusGone {
		t.Errorf("after a week: %d", a.StatusCode)
	}
}

func TestWhoIsNoAdministratorAnyMoreInvitesNobody(t *testing.T) {
	t.Parallel()
	h, alice := member(t)
	link := h.invitation()
	bob := h.admit("bob", playlists.Account{Name: "Bob", Language: "en", Admin: true})
	h.follow(h.post("/admin/people/"+string(alice.ID), "most", "public"))
	h.client = browser(t)
	if a := h.get(link); a.StatusCode != http.StatusGone {
		t.Errorf("her invitation: %d", a.StatusCode)
	}
	if a := h.post(link, "server", h.musics, "user", "carol", "password", "carols", "name", "Carol"); a.StatusCode != http.StatusGone {
		t.Errorf("her invitation is taken: %d", a.StatusCode)
	}
	h.ok(h.store.SetPerson(t.Context(), alice.ID, playlists.PersonRules{MaxAudience: playlists.Public, Admin: true}))
	if a := h.get(link); a.StatusCode != http.StatusOK {
		t.Errorf("%s made her one again: %d", bob.Name, a.StatusCode)
	}
}

func TestWhoeverHasAnAccountDoesNotJoinTwice(t *testing.T) {
	t.Parallel()
	h, _ := member(t)
	link := h.invitation("home", "yes")
	h.client = browser(t)
	a := h.post(link, "server", h.musics, "user", "alice", "password", "wonder", "name", "Alice again")
	if a.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(a.one("[role=alert]"), "an account here already") {
		t.Errorf("%d\n%s", a.StatusCode, a.text)
	}
	if a := h.get(link); a.StatusCode != http.StatusOK {
		t.Errorf("the invitation is used up: %d", a.StatusCode)
	}
}
