package web_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/songferry/songferry/playlists"
)

// A link that nobody else can open says so where it is handed out, and leads to where that is mended.
func TestALinkThatOnlyHomeCanOpenSaysSo(t *testing.T) {
	t.Parallel()
	h, o, alice := newcomer(t)
	page := h.page(alice.ID)
	a := h.follow(h.post(page+"/who", "audience", "link"))
	if !strings.Contains(a.one("p.notice"), "only on this computer") || len(a.all(`.notice a[href="/address"]`)) != 1 {
		t.Fatalf("a link for the home says\n%s", a.text)
	}
	if a := h.post("/admin/invitations", "for", "Dora"); !strings.Contains(a.one("p.notice"), "only on this computer") {
		t.Errorf("an invitation for the home says\n%s", a.text)
	}
	if a := h.get(page, "X-Forwarded-Host", "music.example"); !strings.Contains(a.one("p.notice"), "only on this computer") {
		t.Errorf("whoever names a host is believed\n%s", a.text)
	}

	if a := h.post("/address", "address", "https://music.example"); a.StatusCode != http.StatusServiceUnavailable || !strings.Contains(a.one("[role=alert]"), "something else answers") {
		t.Errorf("where another answers: %d\n%s", a.StatusCode, a.text)
	}
	o.reach = func(string) ([]byte, error) { return []byte(h.get("/here").text), nil }
	if a := h.follow(h.post("/address", "address", "https://music.example")); a.one(".news") != "Others find this bridge at music.example now." {
		t.Errorf("%s", a.text)
	}
	a = h.get(page)
	if len(a.all("p.notice")) != 0 || !strings.HasPrefix(a.one(".take .chip"), "https://music.example/s/") {
		t.Errorf("with an address the link says\n%s", a.text)
	}
	if a := h.get("/address"); a.Header.Get("Location") != "/playlists" {
		t.Errorf("it is asked again: %d", a.StatusCode)
	}
	if a := h.post("/address", "address", "https://other.example", "sure", "yes"); h.fed.Origin().Host != "music.example" {
		t.Errorf("another took its place: %d, %v", a.StatusCode, h.fed.Origin())
	}
}

// A family without public address shares all the same: whoever lives on the bridge brings its links home.
func TestALinkIsImportedWhereItIsFromWithoutAnyAddress(t *testing.T) {
	t.Parallel()
	h, _, alice := newcomer(t)
	a := h.follow(h.post(h.page(alice.ID)+"/who", "audience", "link"))
	link := a.one(".take .chip")
	h.music.AddUser("bob", "builder")
	h.join("bob", "builder", playlists.Account{Name: "Bob", Language: "en", MaxAudience: playlists.Link})
	h.post("/signout")
	h.signIn("bob", "builder")

	path, page := h.looksAt(link)
	if page.one("h1") != "Road trip" {
		t.Fatalf("%s shows\n%s", link, page.text)
	}
	a = h.post(path, "mode", "sync")
	if a.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d\n%s", a.StatusCode, a.text)
	}
	h.settle()
	if copied := h.follow(a); !strings.Contains(copied.one("main"), "2 found") {
		t.Errorf("the copy shows\n%s", copied.text)
	}
	if _, ok := h.music.PlaylistNamed("bob", "Road trip · Alice"); !ok {
		t.Errorf("bob's server has %v", h.music.Playlists())
	}
	if _, page := h.looksAt("http://elsewhere.invalid" + link[strings.Index(link, "/s/"):]); page.one("h1") != "That did not work" {
		t.Errorf("the link of another bridge shows\n%s", page.text)
	}
}
