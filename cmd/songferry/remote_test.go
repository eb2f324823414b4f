package main

import (
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

var (
	goesOn  = regexp.MustCompile(`<a class="button primary" href="([^"]*)"`)
	command = regexp.MustCompile(`songferry (follow|import) --account NAME &#39;([^&]*)&#39;`)
)

// Bob has a browser without scripts. He opens Alice's page, is sent to his own bridge, and does there what it says.
func TestAVisitorGoesFromThePageToTheirOwnBridge(t *testing.T) {
	t.Parallel()
	alice := newPerson(t, "alice", subsonictest.Navidrome, harbour, boats)
	bob := newPerson(t, "bob", subsonictest.Navidrome, harbour)
	alice.music.AddPlaylist("alice", "Road trip", alice.ids("Harbour Lights", "Paper Boats")...)
	alice.publish("Road trip", playlists.Public)
	for do, copies := range map[string]playlists.Mode{"follow": playlists.Sync, "import": playlists.Once} {
		page := submit(t, alice.origin().String()+"/remote", "playlist", "/@alice_road_trip", "address", "@bob@"+bob.origin().Host, "do", do)
		m := goesOn.FindStringSubmatch(page)
		if m == nil || !strings.HasPrefix(m[1], bob.origin().String()+"/") {
			t.Fatalf("%s: no link to Bob's bridge:\n%s", do, page)
		}
		_, said, err := get(m[1], "text/html")
		if err != nil {
			t.Fatal(err)
		}
		told := command.FindStringSubmatch(said)
		if told == nil || told[1] != do {
			t.Fatalf("%s: Bob's bridge says\n%s", do, said)
		}
		found, err := bob.fed.Lookup(t.Context(), bob.account.ID, told[2])
		if err != nil || found.Playlist.Name != "Road trip" {
			t.Fatalf("%s: %+v, %v", told[2], found, err)
		}
		if _, err := bob.fed.Subscribe(t.Context(), bob.account.ID, found, told[2], copies, playlists.Keep); err != nil {
			t.Errorf("%s: %v", do, err)
		}
	}
}

// submit sends a form as a browser does that stands on the page with it.
func submit(t *testing.T, address string, fields ...string) string {
	t.Helper()
	form := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	res, err := http.PostForm(address, form)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func TestTheVocabularyIsAtItsAddressForPeopleAndPrograms(t *testing.T) {
	t.Parallel()
	alice := newPerson(t, "alice", subsonictest.Navidrome)
	for accept, want := range map[string]string{"text/html": `id="artist_credit"`, "application/ld+json": `"artist_credit":"https://funkwhale.audio/ns#artist_credit"`} {
		if _, body, err := get(alice.origin().String()+"/ns", accept); err != nil || !strings.Contains(body, want) {
			t.Errorf("%s: %v\n%s", accept, err, body)
		}
	}
}
