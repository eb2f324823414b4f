package web_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/songferry/songferry/playlists"
)

// outside is what the world outside answers a new bridge that looks for itself there.
type outside struct {
	reach func(address string) ([]byte, error)
}

// newcomer is a home without address where alice, an administrator, has no public name yet.
func newcomer(t *testing.T) (*home, *outside, playlists.Account) {
	t.Helper()
	return newcomerAs(t, playlists.Account{Name: "Alice", Language: "en", Admin: true})
}

func newcomerAs(t *testing.T, alice playlists.Account) (*home, *outside, playlists.Account) {
	t.Helper()
	o := &outside{reach: func(string) ([]byte, error) { return []byte("a parked domain"), nil }}
	var h *home
	h = newHome(t, withoutAddress, func(c *config) {
		c.SetOrigin = func(ctx context.Context, address string) error {
			origin, err := url.Parse(address)
			h.ok(err)
			return h.fed.SetOrigin(ctx, origin)
		}
		c.Reach = func(_ context.Context, address string) ([]byte, error) { return o.reach(address) }
	})
	a := h.join("alice", "wonder", alice)
	h.signIn("alice", "wonder")
	return h, o, a
}

func TestTheFirstPublicPlaylistAsksForNameAndAddressOnce(t *testing.T) {
	t.Parallel()
	h, o, alice := newcomer(t)
	page := h.page(alice.ID)
	a := h.follow(h.post(page+"/who", "audience", "public", "unlisted", "yes"))
	name, audience := attr(a.all("#handle")[0], "value"), attr(a.all("input[name=audience]")[0], "value")
	if name == "alice" || !playlists.ValidHandle(name) || audience != "unlisted" || h.audience(alice.ID) != playlists.Private {
		t.Fatalf("suggested %q, for %q\n%s", name, audience, a.text)
	}
	if a := h.get(page+"/first", "X-Forwarded-Proto", "https"); attr(a.all("#address")[0], "value") != "" {
		t.Error("an address without a name is suggested, which others cannot open")
	}

	say := func(fields ...string) answer { return h.post(page+"/first", append(fields, "audience", audience)...) }
	for problem, fields := range map[string][]string{
		"sign in with":          {"handle", "Alice", "address", "https://music.example", "sure", "yes"},
		"cannot be an account":  {"handle", "Al ice", "address", "https://music.example", "sure", "yes"},
		"must look like":        {"handle", name, "address", "https://music.example/path"},
		"something else answer": {"handle", name, "address", "https://music.example"},
	} {
		if a := say(fields...); a.StatusCode/100 == 3 || !strings.Contains(a.one("[role=alert]"), problem) || attr(a.all("#address")[0], "value") != fields[3] {
			t.Errorf("%v: %d\n%s", fields, a.StatusCode, a.text)
		}
	}
	if account, err := h.store.Account(t.Context(), alice.ID); err != nil || account.Handle != "" || h.fed.Origin() != nil {
		t.Fatalf("something is kept already: %+v, %v, %v", account, h.fed.Origin(), err)
	}

	o.reach = func(address string) ([]byte, error) {
		if address != "https://music.example/here" {
			t.Errorf("looked at %s", address)
		}
		return []byte(h.get("/here").text), nil
	}
	a = h.follow(say("handle", name, "address", "https://music.example"))
	if h.audience(alice.ID) != playlists.Unlisted || !strings.HasPrefix(a.one(".take p:nth-of-type(1) .chip"), "https://music.example/@"+name+"_") {
		t.Errorf("published %s\n%s", h.audience(alice.ID), a.text)
	}
	if a := h.get(page + "/first"); a.Header.Get("Location") != page {
		t.Errorf("asked again: %d", a.StatusCode)
	}
	if a := h.post(page+"/who", "audience", "public"); a.Header.Get("Location") != page || h.audience(alice.ID) != playlists.Public {
		t.Errorf("the next choice asks again: %v", a.Header)
	}
}

func TestAnAddressThatCannotBeReachedFromWithinMayBeRightAllTheSame(t *testing.T) {
	t.Parallel()
	h, o, alice := newcomer(t)
	o.reach = func(string) ([]byte, error) { return nil, context.DeadlineExceeded }
	fields := []string{"audience", "public", "handle", "ally", "address", "https://music.example"}
	a := h.post(h.page(alice.ID)+"/first", fields...)
	if a.StatusCode != http.StatusServiceUnavailable || len(a.all("input[name=sure]")) != 1 {
		t.Fatalf("%d\n%s", a.StatusCode, a.text)
	}
	h.follow(h.post(h.page(alice.ID)+"/first", append(fields, "sure", "yes")...))
	if h.audience(alice.ID) != playlists.Public || h.fed.Origin().Host != "music.example" {
		t.Errorf("%s at %v", h.audience(alice.ID), h.fed.Origin())
	}
}

func TestTheAddressIsForAdministratorsToSay(t *testing.T) {
	t.Parallel()
	h, _, _ := newcomer(t)
	h.music.AddUser("bob", "builder")
	h.music.AddPlaylist("bob", "Night", h.songs["Jóga"])
	bob := h.join("bob", "builder", playlists.Account{Name: "Bob", Language: "en"})
	h.client = browser(t)
	h.signIn("bob", "builder")
	a := h.follow(h.post(h.page(bob.ID)+"/who", "audience", "public"))
	if !strings.Contains(a.one("p.notice"), "Alice") || len(a.all("main form")) != 0 {
		t.Errorf("bob is asked:\n%s", a.text)
	}
	h.post(h.page(bob.ID)+"/first", "audience", "public", "handle", "bobby", "address", "https://evil.example", "sure", "yes")
	if account, err := h.store.Account(t.Context(), bob.ID); h.fed.Origin() != nil || h.audience(bob.ID) != playlists.Private || err != nil || account.Handle != "" {
		t.Errorf("bob has set %v, %+v, %v", h.fed.Origin(), account, err)
	}
}

func TestWithoutAdministratorsNobodySaysTheAddress(t *testing.T) {
	t.Parallel()
	h, _, alice := newcomerAs(t, playlists.Account{Name: "Alice", Language: "en"})
	a := h.post(h.page(alice.ID)+"/first", "audience", "public", "handle", "ally", "address", "https://evil.example", "sure", "yes")
	if h.fed.Origin() != nil || h.audience(alice.ID) != playlists.Private || !strings.Contains(a.one("[role=alert]"), "administrator") {
		t.Errorf("she has set %v\n%s", h.fed.Origin(), a.text)
	}
}

func TestLinksNeedNoPublicNameAndNoAddress(t *testing.T) {
	t.Parallel()
	h, _, alice := newcomer(t)
	a := h.follow(h.post(h.page(alice.ID)+"/who", "audience", "link"))
	if link := a.one(".chip"); !strings.HasPrefix(link, h.server.URL+"/s/") {
		t.Errorf("the link is %s", link)
	}
	safe := strings.Replace(h.server.URL, "http:", "https:", 1)
	if link := h.get(h.page(alice.ID), "Referer", safe+"/playlists").one(".chip"); !strings.HasPrefix(link, safe+"/s/") {
		t.Errorf("where her browser is by HTTPS the link is %s", link)
	}
	if link := h.get(h.page(alice.ID), "X-Forwarded-Proto", "https").one(".chip"); !strings.HasPrefix(link, h.server.URL+"/s/") {
		t.Errorf("whoever is not trusted says where she is: %s", link)
	}
}
