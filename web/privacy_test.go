package web_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/songferry/songferry/playlists"
)

func TestEverybodyReadsWhatIsKeptAndWhomToWriteTo(t *testing.T) {
	t.Parallel()
	for contact, link := range map[string]string{"takedown@music.example": "mailto:takedown@music.example", "https://music.example/contact": "https://music.example/contact", "": ""} {
		h, alice := member(t, func(c *config) { c.Contact = contact })
		list := h.list(alice.ID)
		h.ok(ignorePublication(h.store.Publish(t.Context(), list.ID, playlists.Public)))
		pub, err := h.store.Publication(t.Context(), list.ID)
		h.ok(err)
		h.client = browser(t)
		for _, path := range []string{"/", "/@alice", "/@" + pub.Handle, "/nowhere", "/signin"} {
			if a := h.get(path); len(a.all(`footer a[href="/privacy"]`)) != 1 {
				t.Errorf("the foot of %s does not lead there", path)
			}
		}
		a := h.get("/privacy")
		if a.StatusCode != http.StatusOK || len(a.Header.Values("Set-Cookie")) != 0 || !strings.Contains(a.text, "14 days") {
			t.Errorf("%d %v\n%s", a.StatusCode, a.Header, a.text)
		}
		if found := a.all(`section a[href="` + link + `"]`); link != "" && len(found) != 1 || link == "" && !strings.Contains(a.text, "named no address") {
			t.Errorf("%q:\n%s", contact, a.text)
		}
		if a := h.get("/privacy", "Accept-Language", "fr"); a.one("h1") != "Ce qui est conservé ici" {
			t.Errorf("in French: %s", a.one("h1"))
		}
	}
}
