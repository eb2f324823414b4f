package federation

import (
	"testing"

	"github.com/songferry/songferry/playlists"
)

func TestALinkWithAPasswordIsForBrowsersOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	link := w.publish("For Bob", playlists.Link)
	p, err := w.store.Get(t.Context(), link.Playlist)
	w.ok(err)
	addresses := []string{w.addr().Share(link.Token), w.addr().Share(link.Token) + "/items/" + p.Tracks[0].Item}
	for _, address := range addresses {
		if a := w.get(address); a.status != 200 {
			t.Fatalf("%s without a password: %d", address, a.status)
		}
	}
	_, err = w.store.SetLinkTerms(t.Context(), link.Playlist, playlists.LinkTerms{Password: new("open sesame")})
	w.ok(err)
	for _, address := range addresses {
		if a := w.get(address); a.status != 404 {
			t.Errorf("%s with a password: %d\n%s", address, a.status, a.body)
		}
	}
	w.asks = w.account("bob").ID
	w.says(addresses[0], playlists.Forbidden, "That link asks for a password. Open it in your browser, download the list there, and import the file.")
}
