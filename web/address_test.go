package web_test

import (
	"net/http"
	"strings"
	"testing"
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
