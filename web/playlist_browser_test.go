//go:build chromium

package web_test

import (
	"net/url"
	"slices"
	"testing"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/web/browsertest"
)

func TestAVisitorsOwnServerIsOneClickAwayTheNextTime(t *testing.T) {
	t.Parallel()
	w := setup(t)
	their := newTheirs(t)
	offer := "Import at " + their.Host()

	tab := browsertest.Open(t, w.server.URL, browsertest.Options{})
	tab.Goto("/@alice_road_trip")
	tab.SeesNot(offer)
	tab.Fill("Follow from your own server", their.bob)
	tab.Click("Import into my server")
	tab.Check("Remember " + their.Host() + " in this browser, and offer it with one click from now on")
	tab.Goto("/@alice_quiet")
	tab.Sees(offer)
	if other := their.URL + "/import?url=" + url.QueryEscape("https://b.example/ap/actors/"+w.published[playlists.Unlisted].PublicID); !slices.Contains(tab.Links(), other) {
		t.Errorf("no link to %s among %v", other, tab.Links())
	}
	tab.Click("Forget my server")
	tab.SeesNot(offer)
	tab.Reload()
	tab.SeesNot(offer)
}
