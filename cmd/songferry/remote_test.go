package main

import (
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

var (
	goesOn = regexp.MustCompile(`<a class="button primary" href="([^"]*)"`)
	hidden = regexp.MustCompile(`name="(?:next|target)" value="([^"]*)"`)
	looked = regexp.MustCompile(`action="(/lookups/[^"]*)"`)
)

// Bob has a browser without scripts. He opens Alice's page, is sent to his own bridge, signs in there, sees what he has of
// the playlist, and presses one button.
func TestAVisitorGoesFromThePageToTheirOwnBridge(t *testing.T) {
	t.Parallel()
	alice := newPerson(t, "alice", subsonictest.Navidrome, harbour, boats)
	bob := newPerson(t, "bob", subsonictest.Navidrome, harbour)
	alice.music.AddPlaylist("alice", "Road trip", alice.ids("Harbour Lights", "Paper Boats")...)
	alice.publish("Road trip", playlists.Public)
	for _, do := range []string{"follow", "import"} {
		b := newVisitor(t)
		page := b.submits(alice.origin().String()+"/remote", "playlist", "/@alice_road_trip", "address", "@bob@"+bob.origin().Host, "do", do)
		there := b.finds(goesOn, page)
		if !strings.HasPrefix(there, bob.origin().String()+"/") {
			t.Fatalf("%s leads to %s", do, there)
		}
		signIn := bob.origin().String() + b.finds(goesOn, b.opens(there))
		page = b.submits(bob.origin().String()+"/signin", "name", "bob", "password", "secret", "next", b.finds(hidden, b.opens(signIn)))
		b.submits(bob.origin().String()+"/follow", "target", b.finds(hidden, page))
		settle(alice, bob)
		page = b.opens(b.at)
		bob.hears(page, "Road trip", "<strong>1</strong> found", "<strong>1</strong> new to you")
		b.submits(bob.origin().String()+b.finds(looked, page), "mode", map[string]string{"follow": "sync", "import": "once"}[do])
		settle(alice, bob)
		bob.hears(b.opens(b.at), "Road trip · alice", "1 of 2")
	}
	bob.holds("Road trip · alice", "Harbour Lights")
	wants, err := bob.store.AccountWants(t.Context(), bob.account.ID)
	if err != nil || len(wants) != 2 || wants[0].Mode != playlists.Once || wants[1].Mode != playlists.Sync {
		t.Errorf("%+v, %v", wants, err)
	}
}

// visitor is a browser that keeps cookies and follows redirects.
type visitor struct {
	t      *testing.T
	client *http.Client
	at     string // the page that it shows
}

func newVisitor(t *testing.T) *visitor {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &visitor{t: t, client: &http.Client{Jar: jar}}
}

func (v *visitor) opens(address string) string {
	v.t.Helper()
	return v.shows(v.client.Get(address))
}

// submits sends a form as a browser does that stands on the page with it.
func (v *visitor) submits(address string, fields ...string) string {
	v.t.Helper()
	form := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	return v.shows(v.client.PostForm(address, form))
}

func (v *visitor) shows(res *http.Response, err error) string {
	v.t.Helper()
	if err != nil {
		v.t.Fatal(err)
	}
	defer res.Body.Close()
	v.at = res.Request.URL.String()
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		v.t.Fatalf("%s: %s, %v\n%s", v.at, res.Status, err, body)
	}
	return string(body)
}

// finds returns what a page has in the place that a pattern describes.
func (v *visitor) finds(pattern *regexp.Regexp, page string) string {
	v.t.Helper()
	m := pattern.FindStringSubmatch(page)
	if m == nil {
		v.t.Fatalf("no %s on %s:\n%s", pattern, v.at, page)
	}
	return html.UnescapeString(m[1])
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
