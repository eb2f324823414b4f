package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/songferry/songferry/federation/federationtest"
	"github.com/songferry/songferry/playlists"
)

// Relations of WebFinger links (OStatus; FEP-3b86).
const (
	subscribe = "http://ostatus.org/schema/1.0/subscribe"
	add       = "https://w3id.org/fep/3b86/Add"
)

// theirs is the server of a visitor, bob: like Mastodon it has a page for following, like a bridge one for importing.
type theirs struct {
	*federationtest.Instance
	bob string // his handle
}

func newTheirs(t testing.TB) theirs {
	their := theirs{Instance: federationtest.New(t)}
	their.bob = "@bob@" + their.Host()
	their.answersAboutBob(subscribe, their.URL+"/authorize_interaction?uri={uri}", add, their.URL+"/import?url={object}")
	their.Fail("/.well-known/nodeinfo", federationtest.Answer("application/json", `{"links":[{"rel":"http://nodeinfo.diaspora.software/ns/schema/2.1","href":"`+their.URL+`/nodeinfo"}]}`))
	their.Fail("/nodeinfo", federationtest.Answer("application/json", `{"software":{"name":"another"},"metadata":{"features":["playlist-import"]}}`))
	return their
}

// answersAboutBob says by which pages bob can go on. templates: relation, template, …
func (their theirs) answersAboutBob(templates ...string) {
	links := []string{}
	for i := 0; i < len(templates); i += 2 {
		links = append(links, fmt.Sprintf(`{"rel":%q,"template":%q}`, templates[i], templates[i+1]))
	}
	resource := "acct:" + strings.TrimPrefix(their.bob, "@")
	their.Fail("/.well-known/webfinger?resource="+url.QueryEscape(resource),
		federationtest.Answer("application/jrd+json", fmt.Sprintf(`{"subject":%q,"links":[%s]}`, resource, strings.Join(links, ","))))
}

// goOn sends the form of a playlist's page.
func (w *world) goOn(path, address, do string) answer {
	w.t.Helper()
	return w.post("/remote", "playlist", path, "address", address, "do", do)
}

func TestTheFormOfAPlaylistPageNeedsNoScript(t *testing.T) {
	t.Parallel()
	w := setup(t)
	for audience, buttons := range map[playlists.Audience]string{playlists.Public: "follow import", playlists.Unlisted: "follow import", playlists.Followers: "follow", playlists.Link: "import"} {
		page := w.get(w.path(audience))
		var does []string
		for _, b := range page.all(`form[method=post][action="/remote"] button[name=do]`) {
			does = append(does, attr(b, "value"))
		}
		if strings.Join(does, " ") != buttons {
			t.Errorf("%s: buttons %v", audience, does)
		}
		if in := page.all("form input[type=hidden][name=playlist]"); len(in) != 1 || attr(in[0], "value") != w.path(audience) {
			t.Errorf("%s: the form does not say which playlist", audience)
		}
		if page.one("form label[for=address]") == "" || len(page.all("form input#address[name=address][aria-describedby=address-hint]")) != 1 {
			t.Errorf("%s: the field has no name", audience)
		}
	}
	for _, path := range []string{"/", "/@alice", "/@alice_old_times"} {
		if len(w.get(path).all("form")) != 0 {
			t.Errorf("%s has a form", path)
		}
	}
	w = setup(t, withoutAddress)
	if len(w.get("/@alice_road_trip").all("form")) != 0 || w.goOn("/@alice_road_trip", "@bob@m.example", "follow").StatusCode != http.StatusNotFound {
		t.Error("a bridge without an address sends visitors on")
	}
}

func TestAVisitorIsShownWhereTheyGoOn(t *testing.T) {
	t.Parallel()
	w := setup(t)
	their := newTheirs(t)
	for _, c := range []struct {
		audience playlists.Audience
		do, link string
	}{
		{playlists.Public, "follow", "Follow"},
		{playlists.Public, "import", "Import"},
		{playlists.Public, "", "Follow"},
		{playlists.Followers, "import", "Follow"},
		{playlists.Link, "follow", "Import"},
	} {
		a := w.goOn(w.path(c.audience), " "+their.bob+"\n", c.do)
		if a.StatusCode != http.StatusOK || a.Header.Get("Cache-Control") != "no-store" || a.Header.Get("Referrer-Policy") != "same-origin" || a.Header.Get("Location") != "" {
			t.Errorf("%s: %d %v", c.audience, a.StatusCode, a.Header)
		}
		object := "https://b.example/ap/actors/" + w.published[c.audience].PublicID
		if c.audience == playlists.Link {
			object = "https://b.example" + w.path(c.audience)
		}
		where := their.URL + "/authorize_interaction?uri=" + url.QueryEscape(object)
		if c.link == "Import" {
			where = their.URL + "/import?url=" + url.QueryEscape(object)
		}
		link := a.all("main a.button")
		if len(link) != 1 || attr(link[0], "href") != where || textOf(link[0]) != c.link+" at "+their.Host() || !strings.Contains(a.one("h1"), their.Host()) {
			t.Errorf("%s, %s: want %s\n%s", c.audience, c.do, where, a.text)
		}
	}
}

func TestAVisitorIsToldHonestlyWhatTheirServerCannot(t *testing.T) {
	t.Parallel()
	w := setup(t)
	their := newTheirs(t)
	host := their.Host()
	their.answersAboutBob()
	if a := w.goOn("/@alice_road_trip", their.bob, "follow"); a.StatusCode != http.StatusOK || a.one("h1") != host+" offers no page for this" || a.one(".chip") != "@alice_road_trip@b.example" {
		t.Errorf("follow: %d\n%s", a.StatusCode, a.text)
	}
	a := w.goOn("/@alice_road_trip", their.bob, "import")
	if a.StatusCode != http.StatusOK || a.one("h1") != host+" cannot import playlists" || attr(a.all("a[download]")[0], "href") != "/@alice_road_trip.xspf" || len(a.all("button[value=follow]")) != 1 {
		t.Errorf("import: %d\n%s", a.StatusCode, a.text)
	}

	their.answersAboutBob(subscribe, "https://evil.example/?uri={uri}")
	a = w.goOn("/@alice_road_trip", their.bob, "follow")
	if a.StatusCode != http.StatusOK || len(a.all(`a[href*="evil.example"]`)) != 0 || !strings.Contains(a.text, "evil.example") {
		t.Errorf("foreign: %d\n%s", a.StatusCode, a.text)
	}
}

func TestAVisitorIsToldWhatIsWrongWithWhatTheyTyped(t *testing.T) {
	t.Parallel()
	w := setup(t)
	their := newTheirs(t)
	silent := federationtest.New(t)
	silent.Fail("", federationtest.Status(http.StatusBadGateway))
	for typed, want := range map[string]struct {
		status int
		say    string
	}{
		`"><script>`:             {400, "Write the whole address, such as @bob@songs.example"},
		"@carol@" + their.Host(): {400, "knows nobody called @carol@" + their.Host()},
		"@bob@" + silent.Host():  {503, silent.Host()},
	} {
		a := w.goOn("/@alice_road_trip", typed, "import")
		if a.StatusCode != want.status || !strings.Contains(a.one("[role=alert]"), want.say) || attr(a.all("#address")[0], "value") != typed || len(a.all(foreignScript)) != 0 || strings.Contains(a.text, "502") {
			t.Errorf("%s: %d\n%s", typed, a.StatusCode, a.text)
		}
	}
}

// The form is no way to learn of what one may not see, and no way to make this bridge fetch for others.
func TestG114FormsThatAreRefused(t *testing.T) {
	t.Parallel()
	w := setup(t)
	their := newTheirs(t)
	for path, status := range map[string]int{
		"": 404, "/@nobody": 404, "/@alice": 404, "/@alice_private_diary": 404, "/s/unknown": 404, "/@alice_old_times": 410, "/s/" + w.goneToken: 410,
		"/@../../etc": 404, "https://evil.example/": 404, "/@" + strings.Repeat("x", 8000): 404,
	} {
		if a := w.goOn(path, their.bob, "follow"); a.StatusCode != status {
			t.Errorf("%.40s: %d", path, a.StatusCode)
		}
		w.forget()
	}
	if a := w.goOn("/@alice_road_trip", strings.Repeat("a", 1<<20), "follow"); a.StatusCode != 400 {
		t.Errorf("1 MB: %d", a.StatusCode)
	}
	for name, header := range map[string][]string{
		"another site":   {"Sec-Fetch-Site", "cross-site"},
		"another origin": {"Origin", "https://evil.example"},
		"a sibling":      {"Sec-Fetch-Site", "same-site"},
	} {
		a := w.do(http.MethodPost, "/remote", header...)
		if a.StatusCode != http.StatusForbidden || a.one("h1") != "This form was sent from another page" {
			t.Errorf("%s: %d\n%s", name, a.StatusCode, a.text)
		}
	}
	w.forget()
	for _, contentType := range []string{"application/json", "text/plain", "multipart/form-data; boundary=x"} {
		a := w.send(http.MethodPost, "/remote", strings.NewReader(`{"playlist":"/@alice_road_trip"}`), "Content-Type", contentType)
		if a.StatusCode != 404 && a.StatusCode != 400 {
			t.Errorf("%s: %d", contentType, a.StatusCode)
		}
	}
	if a := w.post("/remote?playlist=/@alice_road_trip&address="+their.bob, "do", "follow"); a.StatusCode != 404 {
		t.Errorf("by query: %d", a.StatusCode)
	}
	if a := w.get("/remote?playlist=/@alice_road_trip&address=" + their.bob); a.StatusCode != 404 {
		t.Errorf("GET: %d", a.StatusCode)
	}
	if asked := their.Requests(""); len(asked) != 0 {
		t.Errorf("bob's server was asked: %+v", asked)
	}
}
