//go:build chromium

package web_test

import (
	"net/url"
	"slices"
	"testing"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/web"
	"github.com/songferry/songferry/web/browsertest"
)

func TestAVisitorsOwnServerIsOneClickAwayTheNextTime(t *testing.T) {
	t.Parallel()
	w := setup(t)
	object := "https://b.example/ap/actors/" + w.published[playlists.Public].PublicID
	leads := func(object string) string { return "https://bob.example/import?url=" + url.QueryEscape(object) }
	w.visitors.to = web.Destination{Host: "bob.example", Address: leads(object)}

	tab := browsertest.Open(t, w.server.URL, browsertest.Options{})
	tab.Goto("/@alice_road_trip")
	tab.SeesNot("Import at bob.example")
	tab.Fill("Follow from your own server", "bob.example")
	tab.Click("Import into my server")
	tab.Check("Remember bob.example in this browser, and offer it with one click from now on")
	tab.Goto("/@alice_quiet")
	tab.Sees("Import at bob.example")
	if other := leads("https://b.example/ap/actors/" + w.published[playlists.Unlisted].PublicID); !slices.Contains(tab.Links(), other) {
		t.Errorf("no link to %s among %v", other, tab.Links())
	}
	tab.Click("Forget my server")
	tab.SeesNot("Import at bob.example")
	tab.Reload()
	tab.SeesNot("Import at bob.example")
}
