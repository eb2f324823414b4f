package web_test

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/web"
)

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
	w = setup(t, func(c *web.Config) { c.BaseURL = func() *url.URL { return nil } })
	if len(w.get("/@alice_road_trip").all("form")) != 0 || w.goOn("/@alice_road_trip", "@bob@m.example", "follow").StatusCode != http.StatusNotFound {
		t.Error("a bridge without an address sends visitors on")
	}
}

func TestAVisitorIsShownWhereTheyGoOn(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.visitors.to = web.Destination{Host: "m.example", Address: "https://m.example/authorize_interaction?uri=https%3A%2F%2Fb.example%2Fx&y=%22"}
	for _, c := range []struct {
		path, do, link string
		visit          web.Visit
	}{
		{w.path(playlists.Public), "follow", "Follow at m.example", web.Visit{Object: "actor", Handle: "@alice_road_trip@b.example"}},
		{w.path(playlists.Public), "import", "Import at m.example", web.Visit{Object: "actor", Handle: "@alice_road_trip@b.example", Import: true}},
		{w.path(playlists.Public), "", "Follow at m.example", web.Visit{Object: "actor", Handle: "@alice_road_trip@b.example"}},
		{w.path(playlists.Followers), "import", "Follow at m.example", web.Visit{Object: "actor", Handle: "@alice_friends@b.example"}},
		{w.path(playlists.Link), "follow", "Import at m.example", web.Visit{Object: "https://b.example" + w.path(playlists.Link), Import: true}},
	} {
		w.visitors.came = nil
		a := w.goOn(c.path, " @bob@m.example\n", c.do)
		if a.StatusCode != http.StatusOK || a.Header.Get("Cache-Control") != "no-store" || a.Header.Get("Referrer-Policy") != "same-origin" || a.Header.Get("Location") != "" {
			t.Errorf("%s: %d %v", c.path, a.StatusCode, a.Header)
		}
		link := a.all("main a.button")
		if len(link) != 1 || attr(link[0], "href") != w.visitors.to.Address || textOf(link[0]) != c.link || !strings.Contains(a.one("h1"), "m.example") {
			t.Errorf("%s, %s:\n%s", c.path, c.do, a.text)
		}
		if c.visit.Object == "actor" {
			for audience := range w.published {
				if w.path(audience) == c.path {
					c.visit.Object = "https://b.example/ap/actors/" + w.published[audience].PublicID
				}
			}
		}
		c.visit.Visitor = "@bob@m.example"
		if len(w.visitors.came) != 1 || w.visitors.came[0] != c.visit {
			t.Errorf("%s, %s asked for %+v, want %+v", c.path, c.do, w.visitors.came, c.visit)
		}
	}
}

func TestAVisitorIsToldHonestlyWhatTheirServerCannot(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.visitors.to = web.Destination{Host: "gts.example"}
	if a := w.goOn("/@alice_road_trip", "@bob@gts.example", "follow"); a.StatusCode != http.StatusOK || a.one("h1") != "gts.example offers no page for this" || a.one(".chip") != "@alice_road_trip@b.example" {
		t.Errorf("follow: %d\n%s", a.StatusCode, a.text)
	}
	a := w.goOn("/@alice_road_trip", "@bob@gts.example", "import")
	if a.StatusCode != http.StatusOK || a.one("h1") != "gts.example cannot import playlists" || attr(a.all("a[download]")[0], "href") != "/@alice_road_trip.xspf" || len(a.all("button[value=follow]")) != 1 {
		t.Errorf("import: %d\n%s", a.StatusCode, a.text)
	}

	w.visitors.to = web.Destination{Host: "evil.example", Address: "https://evil.example/?uri=x", Foreign: true}
	a = w.goOn("/@alice_road_trip", "@bob@gts.example", "follow")
	if a.StatusCode != http.StatusOK || len(a.all(`a[href*="evil.example"]`)) != 0 || !strings.Contains(a.text, "evil.example") {
		t.Errorf("foreign: %d\n%s", a.StatusCode, a.text)
	}

	w.visitors.to = web.Destination{}
	for code, status := range map[playlists.Code]int{playlists.Invalid: 400, playlists.NotFound: 400, playlists.Unavailable: 503} {
		w.visitors.err = playlists.Problemf(code, errors.New("secret"), "Check <the> spelling.")
		a := w.goOn("/@alice_road_trip", `"><script>`, "import")
		if a.StatusCode != status || a.one("[role=alert]") != "Check <the> spelling." || attr(a.all("#address")[0], "value") != `"><script>` || len(a.all(foreignScript)) != 0 || strings.Contains(a.text, "secret") {
			t.Errorf("%s: %d\n%s", code, a.StatusCode, a.text)
		}
	}
	w.visitors.err = errors.New("secret")
	if a := w.goOn("/@alice_road_trip", "@bob@gts.example", "follow"); a.StatusCode != 500 || strings.Contains(a.text, "secret") {
		t.Errorf("%d\n%s", a.StatusCode, a.text)
	}
}

// The form is no way to learn of what one may not see, and no way to make this bridge fetch for others.
func TestG114FormsThatAreRefused(t *testing.T) {
	t.Parallel()
	w := setup(t)
	for path, status := range map[string]int{
		"": 404, "/@nobody": 404, "/@alice": 404, "/@alice_private_diary": 404, "/s/unknown": 404, "/@alice_old_times": 410, "/s/" + w.goneToken: 410,
		"/@../../etc": 404, "https://evil.example/": 404, "/@" + strings.Repeat("x", 8000): 404,
	} {
		if a := w.goOn(path, "@bob@m.example", "follow"); a.StatusCode != status {
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
	if a := w.post("/remote?playlist=/@alice_road_trip&address=@bob@m.example", "do", "follow"); a.StatusCode != 404 {
		t.Errorf("by query: %d", a.StatusCode)
	}
	if a := w.get("/remote?playlist=/@alice_road_trip&address=@bob@m.example"); a.StatusCode != 404 {
		t.Errorf("GET: %d", a.StatusCode)
	}
	if len(w.visitors.came) != 0 {
		t.Errorf("other servers were asked: %+v", w.visitors.came)
	}
}

// forget lets so much time pass that nobody has asked too often.
func (w *world) forget() { w.clock.forward(time.Hour) }

func TestVisitorsMayNotAskWithoutEnd(t *testing.T) {
	t.Parallel()
	w := setup(t, trustLoopback)
	from := func(client string) answer {
		return w.send(http.MethodPost, "/remote", strings.NewReader("playlist=/%40alice_road_trip&address=@bob@m.example"),
			"Content-Type", "application/x-www-form-urlencoded", "X-Forwarded-For", client)
	}
	for n := range 10 {
		if a := from("192.0.2.1"); a.StatusCode != 200 {
			t.Fatalf("request %d: %d", n, a.StatusCode)
		}
	}
	a := from("192.0.2.1")
	if a.StatusCode != http.StatusTooManyRequests || a.one("h1") != "Too many tries in a short time" || a.Header.Get("Retry-After") != "6" {
		t.Errorf("%d %v\n%s", a.StatusCode, a.Header, a.text)
	}
	if from("203.0.113.9, 192.0.2.1").StatusCode != 429 {
		t.Error("a client gets more by writing addresses into the header")
	}
	if from("192.0.2.2").StatusCode != 200 || w.get("/@alice_road_trip").StatusCode != 200 {
		t.Error("others suffer, or pages")
	}
	w.clock.forward(6 * time.Second)
	if from("192.0.2.1").StatusCode != 200 || from("192.0.2.1").StatusCode != 429 {
		t.Error("after six seconds there is one more")
	}
	// All together.
	asked := len(w.visitors.came)
	for n := range 200 {
		from("2001:db8:" + string(rune('a'+n%6)) + ":" + string(rune('0'+n/6%10)) + "::1")
	}
	if got := len(w.visitors.came) - asked; got < 40 || got > 60 {
		t.Errorf("%d of 200 clients were served at once", got)
	}
}

func TestAProxyThatIsNotTrustedIsNamedInTheLogOnce(t *testing.T) {
	t.Parallel()
	w := setup(t)
	for range 3 {
		w.do(http.MethodPost, "/remote", "X-Forwarded-For", "192.0.2.1")
	}
	if n := strings.Count(w.log.String(), "SONGFERRY_TRUSTED_PROXIES"); n != 1 {
		t.Errorf("%d times:\n%s", n, w.log)
	}
}
