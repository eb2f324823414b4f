package web_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

// list returns the only playlist of an account, as lists show it.
func (h *home) list(account playlists.ID) playlists.Listed {
	h.t.Helper()
	all, err := h.store.List(h.t.Context(), account)
	h.ok(err)
	if len(all) != 1 {
		h.t.Fatalf("%d playlists: %+v", len(all), all)
	}
	return all[0]
}

// page is the address of the page of an account's only playlist.
func (h *home) page(account playlists.ID) string { return "/playlists/" + string(h.list(account).ID) }

func (h *home) audience(account playlists.ID) playlists.Audience {
	return h.list(account).Publication.Audience
}

func TestThreeScreensLeadToTheFirstLink(t *testing.T) {
	t.Parallel()
	h := newHome(t, withoutAddress)

	lists := h.follow(h.post("/setup", "code", setupCode, "server", h.musics, "user", "alice", "password", "wonder", "name", "Alice"))
	tick := lists.all("input[type=checkbox][name=playlist]")
	if len(tick) != 1 || lists.one("h2") != "Tick a playlist to share" {
		t.Fatalf("nothing to tick:\n%s", lists.text)
	}
	page := h.follow(h.post("/playlists/share", "playlist", attr(tick[0], "value")))
	link := page.one(".chip")
	path, ok := strings.CutPrefix(link, h.server.URL)
	if !ok || !strings.HasPrefix(path, "/s/") || attr(page.all("button[data-copy]")[0], "data-copy") != link {
		t.Fatalf("the link is %q\n%s", link, page.text)
	}

	h.client = browser(t) // a friend's
	if a := h.get(path); a.StatusCode != http.StatusOK || a.one("h1") != "Road trip" || len(a.all("ol.tracks li")) != 2 {
		t.Errorf("behind the link: %d\n%s", a.StatusCode, a.text)
	}
}

func TestNothingTickedIsSaidAndSharesNothing(t *testing.T) {
	t.Parallel()
	h, alice := member(t)
	if a := h.post("/playlists/share"); a.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(a.one("[role=alert]"), "Tick a playlist") {
		t.Errorf("%d\n%s", a.StatusCode, a.text)
	}
	if got := h.audience(alice.ID); got != playlists.Private {
		t.Errorf("the playlist is %s", got)
	}
}

func TestTickingDoesNotNarrowWhatIsShared(t *testing.T) {
	t.Parallel()
	h, alice := member(t)
	_, err := h.store.Publish(t.Context(), h.list(alice.ID).ID, playlists.Public)
	h.ok(err)
	h.post("/playlists/share", "playlist", string(h.list(alice.ID).ID))
	if got := h.audience(alice.ID); got != playlists.Public {
		t.Errorf("the public playlist is %s", got)
	}
}

func TestTroubleWithTheMusicServerIsSaidFirst(t *testing.T) {
	t.Parallel()
	h, alice := member(t)
	h.music.Fail(subsonictest.BadGateway)
	a := h.post("/playlists/read")
	if a.StatusCode != http.StatusServiceUnavailable || len(a.all("[role=alert]")) != 2 {
		t.Errorf("read again: %d\n%s", a.StatusCode, a.text)
	}
	if got := h.get("/playlists").one("[role=alert]"); !strings.Contains(got, "cannot be read at present") {
		t.Errorf("the page says %q", got)
	}

	h.music.Fail(subsonictest.Works)
	h.music.DeletePlaylist(h.music.Playlists()[0].ID)
	if a := h.follow(h.post("/playlists/read")); !strings.Contains(a.one("[role=status]"), "read just now") || len(a.all("[role=alert]")) != 0 ||
		!strings.Contains(a.one("[aria-labelledby=missing]"), "Road trip") {
		t.Errorf("after it was deleted there:\n%s", a.text)
	}
	if a := h.get(h.page(alice.ID)); !strings.Contains(a.one("p.problem"), "does not have this playlist any more") {
		t.Errorf("its own page:\n%s", a.text)
	}
}

// owners are what an owner can do with a playlist, as paths below its own.
var owners = []struct {
	method, path string
	fields       []string
}{
	{http.MethodGet, "", nil}, {http.MethodGet, "/preview", nil}, {http.MethodGet, "/edit", nil}, {http.MethodGet, "/first?audience=public", nil},
	{http.MethodPost, "/who", []string{"audience", "public"}},
	{http.MethodPost, "/first", []string{"audience", "public", "handle", "somebody"}},
	{http.MethodPost, "/edit", []string{"title", "Mine now"}},
	{http.MethodPost, "/news", []string{"do", "set", "mode", "off", "perDay", "1"}},
	{http.MethodPost, "/link", []string{"password", "secret"}},
	{http.MethodPost, "/link/new", nil},
}

func TestAnothersPlaylistIsNotFoundAndNotChanged(t *testing.T) {
	t.Parallel()
	h, alice := member(t)
	_, err := h.store.Publish(t.Context(), h.list(alice.ID).ID, playlists.Link)
	h.ok(err)
	before := h.list(alice.ID)

	h.music.AddUser("bob", "builder")
	h.join("bob", "builder", playlists.Account{Handle: "bob", Name: "Bob", Language: "en"})
	h.client = browser(t)
	h.signIn("bob", "builder")
	for _, page := range []string{h.page(alice.ID), "/playlists/no-such-id", "/playlists/%00"} {
		for _, o := range owners {
			a := h.get(page + o.path)
			if o.method == http.MethodPost {
				a = h.post(page+o.path, o.fields...)
			}
			if a.StatusCode != http.StatusNotFound || strings.Contains(a.text, "Road trip") {
				t.Errorf("%s %s: %d\n%s", o.method, page+o.path, a.StatusCode, a.text)
			}
		}
	}
	if a := h.post("/playlists/share", "playlist", string(before.ID)); a.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(a.one("[role=alert]"), "no such playlist") {
		t.Errorf("ticked: %d", a.StatusCode)
	}
	if after := h.list(alice.ID); after != before {
		t.Errorf("%+v became %+v", before, after)
	}
}

func TestFormsAboutPlaylistsWorkFromHereOnlyAndPagesForTheSignedInOnly(t *testing.T) {
	t.Parallel()
	h, alice := member(t)
	page := h.page(alice.ID)
	paths := []string{"/playlists/read", "/playlists/share", "/followers"}
	for _, o := range owners {
		if o.method == http.MethodPost {
			paths = append(paths, page+o.path)
		}
	}
	for _, path := range paths {
		if a := h.send(http.MethodPost, path, strings.NewReader("audience=public"), "Content-Type", "application/x-www-form-urlencoded", "Sec-Fetch-Site", "cross-site"); a.StatusCode != http.StatusForbidden {
			t.Errorf("%s from elsewhere: %d", path, a.StatusCode)
		}
	}
	h.client = browser(t)
	for _, path := range append(paths, "/playlists", "/followers", page, page+"/edit", page+"/preview") {
		if a := h.post(path, "audience", "public"); a.StatusCode != http.StatusSeeOther && a.StatusCode != http.StatusMethodNotAllowed {
			t.Errorf("%s of a stranger: %d", path, a.StatusCode)
		}
		if a := h.get(path); a.StatusCode == http.StatusOK {
			t.Errorf("a stranger sees %s", path)
		}
	}
	if got := h.audience(alice.ID); got != playlists.Private {
		t.Errorf("the playlist is %s", got)
	}
}
