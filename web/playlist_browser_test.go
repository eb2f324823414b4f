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

func TestAVisitorsOwnShopStandsAmongTheFirst(t *testing.T) {
	t.Parallel()
	w := setup(t)
	visitor := browsertest.Open(t, w.server.URL, browsertest.Options{})
	mine := `[...document.querySelectorAll('.lead + .links a')].map((a) => a.textContent)`
	expect := func(want ...string) {
		t.Helper()
		var got []string
		visitor.Evaluate(&got, mine)
		if !slices.Equal(got, want) {
			t.Errorf("first are %q, want %q", got, want)
		}
	}
	visitor.Goto("/@alice_road_trip")
	visitor.TabTo("Find it")
	visitor.Press("Enter")
	visitor.Sees("Show my shop first")
	expect("Bandcamp", "MusicBrainz")
	visitor.Select("Show my shop first", "Discogs")
	expect("Bandcamp", "MusicBrainz", "Discogs")
	visitor.EachLook("where a track is found")
	visitor.Click("Back to the playlist")
	visitor.SeesNot("Show my shop first")
	if focus := visitor.Focused(); focus != `link "Find it"` {
		t.Errorf("the focus is at %s", focus)
	}

	visitor.Goto("/@alice_road_trip?find=2")
	visitor.Sees("Sinnerman")
	expect("Bandcamp", "MusicBrainz", "Discogs")
	visitor.Select("Show my shop first", "None")
	expect("Bandcamp", "MusicBrainz")
}

func TestWithoutScriptATrackIsFoundOnAPage(t *testing.T) {
	t.Parallel()
	w := setup(t)
	visitor := browsertest.Open(t, w.server.URL, browsertest.Options{NoScript: true})
	visitor.Goto("/@alice_quiet")
	visitor.TabTo("Find it")
	visitor.Press("Enter")
	visitor.Sees("Qobuz")
	visitor.SeesNot("My shop")
	visitor.EachLook("where a track is found, without script")
	visitor.Click("Back to the playlist")
	visitor.Sees("2 tracks")
}
