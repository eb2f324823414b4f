package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/songferry/songferry/migrations/migrationstest"
	"github.com/songferry/songferry/playlists"
)

// foreignScript selects scripts that are not the pages' own. JSON-LD is data and not run.
const foreignScript = `script:not([src^="/static/app.js?v="]):not([type="application/ld+json"])`

func TestEveryAnswerForbidsForeignScriptsAndContent(t *testing.T) {
	t.Parallel()
	w := setup(t)
	for _, path := range []string{"/", "/@alice", "/@alice_road_trip", "/@alice_road_trip.csv", w.path(playlists.Link), "/@nobody", "/@alice_old_times", "/livez", "/static/style.css", "/nowhere",
		"/authorize_interaction?uri=@a@b.example", "/import?url=@a@b.example", "/import", "/ns", "/remote"} {
		a := w.get(path)
		csp := a.Header.Get("Content-Security-Policy")
		if !strings.HasPrefix(csp, "default-src 'none';") || strings.Contains(csp, "unsafe") || !strings.Contains(csp, "script-src 'self';") || a.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %v", path, a.Header)
		}
		if !strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") {
			continue
		}
		for _, n := range a.all("link[rel=stylesheet], link[rel=icon], img, script:not([type='application/ld+json']), iframe, [style]") {
			if from := attr(n, "href") + attr(n, "src"); !strings.HasPrefix(from, "/static/") && from != path+".svg" {
				t.Errorf("%s loads <%s> %q", path, n.Data, from)
			}
		}
		for _, n := range a.all("form") {
			if attr(n, "action") != "/remote" {
				t.Errorf("%s has a form for %q", path, attr(n, "action"))
			}
		}
		if a.Header.Get("Set-Cookie") != "" {
			t.Errorf("%s sets a cookie", path)
		}
	}
}

func TestSearchEnginesAreKeptOut(t *testing.T) {
	t.Parallel()
	w := setup(t)
	for a := range w.published {
		for _, suffix := range append([]string{"", ".atom", ".svg"}, extensions...) {
			if got := w.get(w.path(a) + suffix).Header.Get("X-Robots-Tag"); got != "noindex, nofollow, noai, noimageai" {
				t.Errorf("%s%s: X-Robots-Tag %q", a, suffix, got)
			}
		}
	}
}

func TestAnUnchangedPageIsNotSentTwice(t *testing.T) {
	t.Parallel()
	w := setup(t)
	for _, path := range []string{"/", "/@alice", "/@alice_road_trip", "/@alice_road_trip.xspf", w.path(playlists.Link)} {
		first := w.get(path)
		tag := first.Header.Get("ETag")
		again := w.get(path, "If-None-Match", tag)
		if tag == "" || again.StatusCode != http.StatusNotModified || again.text != "" {
			t.Errorf("%s: ETag %q, then %d", path, tag, again.StatusCode)
		}
		if changed := first.Header.Get("Last-Modified"); changed != "" && w.get(path, "If-Modified-Since", changed).StatusCode != http.StatusNotModified {
			t.Errorf("%s: sent again though not changed since %s", path, changed)
		}
	}
}

func TestAPlaylistThatLeavesTheAccountPageIsNotHeldByACache(t *testing.T) {
	t.Parallel()
	w := setup(t)
	before := w.get("/@alice")
	w.withdraw(w.published[playlists.Public])
	after := w.get("/@alice", "If-None-Match", before.Header.Get("ETag"), "If-Modified-Since", now.Format(http.TimeFormat))
	if after.StatusCode != http.StatusOK || strings.Contains(after.text, "Road trip") {
		t.Errorf("%d\n%s", after.StatusCode, after.text)
	}
}

func TestHeadAnswersLikeGet(t *testing.T) {
	t.Parallel()
	w := setup(t)
	for _, path := range []string{"/", "/@alice", "/@alice_road_trip", "/@alice_road_trip.csv", "/@nobody", "/livez"} {
		get, head := w.get(path), w.do(http.MethodHead, path)
		if head.StatusCode != get.StatusCode || head.text != "" || head.Header.Get("ETag") != get.Header.Get("ETag") || head.Header.Get("Content-Type") != get.Header.Get("Content-Type") {
			t.Errorf("%s: GET %d %v, HEAD %d %v", path, get.StatusCode, get.Header, head.StatusCode, head.Header)
		}
	}
	if a := w.do(http.MethodPost, "/@alice"); a.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("POST: %d", a.StatusCode)
	}
}

func TestActivityPubClientsAreAnsweredOnSharedAddresses(t *testing.T) {
	t.Parallel()
	w := setup(t)
	for _, path := range []string{"/@alice", "/@alice_road_trip", "/@nobody", "/ns", w.path(playlists.Link), w.path(playlists.Link) + "/items/a"} {
		machine, person := w.get(path, "Accept", "application/activity+json"), w.get(path, "Accept", "text/html")
		if strings.HasPrefix(machine.Header.Get("Content-Type"), "text/html") || !strings.HasPrefix(person.Header.Get("Content-Type"), "text/html") {
			t.Errorf("%s: %v to programs, %v to people", path, machine.Header, person.Header)
		}
		for _, a := range []answer{machine, person} {
			if got := a.Header.Get("Vary"); got != "Accept, Signature, Signature-Input" {
				t.Errorf("%s: Vary %q", path, got)
			}
		}
	}
}

// Mastodon looks for the Link header before it reads a page (fetch_resource_service.rb), and uses the first one only.
func TestAPageNamesItsDocumentInItsHeaderToo(t *testing.T) {
	t.Parallel()
	w := setup(t)
	actor := "https://b.example/ap/actors/"
	for path, document := range map[string]string{
		"/@alice": actor + w.alice.PublicID, w.path(playlists.Public): actor + w.published[playlists.Public].PublicID,
		w.path(playlists.Followers): actor + w.published[playlists.Followers].PublicID, w.path(playlists.Link): "https://b.example" + w.path(playlists.Link),
	} {
		for _, a := range []answer{w.get(path), w.do(http.MethodHead, path)} {
			if got := a.Header.Values("Link"); len(got) != 1 || got[0] != "<"+document+`>; rel="alternate"; type="application/activity+json"` {
				t.Errorf("%s: %q", path, got)
			}
		}
	}
	for _, path := range []string{"/", "/@nobody", "/@alice_old_times", "/ns"} {
		if got := w.get(path).Header.Get("Link"); got != "" {
			t.Errorf("%s: %q", path, got)
		}
	}
}

func TestHandlesInCapitalsLeadToThePage(t *testing.T) {
	t.Parallel()
	w := setup(t)
	for from, to := range map[string]string{"/@Alice": "/@alice", "/@ALICE_road_trip.XSPF": "/@alice_road_trip.xspf", "/@NoBody": "/@nobody"} {
		if a := w.get(from); a.StatusCode != http.StatusPermanentRedirect || a.Header.Get("Location") != to {
			t.Errorf("%s: %d to %q", from, a.StatusCode, a.Header.Get("Location"))
		}
	}
}

func TestTheStyleSheetHasAnAddressOfItsContent(t *testing.T) {
	t.Parallel()
	w := setup(t)
	href := attr(w.get("/").all("link[rel=stylesheet]")[0], "href")
	a := w.get(href)
	if a.StatusCode != http.StatusOK || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/css") || !strings.Contains(a.Header.Get("Cache-Control"), "immutable") {
		t.Errorf("%s: %d %v", href, a.StatusCode, a.Header)
	}
	for _, path := range []string{"/static/", "/static/..%2ftemplates%2flayout.html", "/static/%2e%2e/templates/layout.html", "/static/none.css"} {
		if a := w.get(path); a.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", path, a.StatusCode)
		}
	}
}

func TestAnErrorOfOursIsLoggedAndTellsNothing(t *testing.T) {
	t.Parallel()
	w := setup(t, func(c *config) { c.Store = closedStore(t) })
	token := w.published[playlists.Link].Token
	a := w.get("/s/" + token)
	if a.StatusCode != http.StatusInternalServerError || a.one("h1") != "Something went wrong on this bridge" || strings.Contains(a.text, "database is closed") {
		t.Errorf("%d\n%s", a.StatusCode, a.text)
	}
	if log := w.log.String(); !strings.Contains(log, "database is closed") || !strings.Contains(log, "/s/{token}") || strings.Contains(log, token) {
		t.Errorf("log: %s", log)
	}
}

// A crawler, a feed reader and a browser come again after 503; after 500 some do not.
func TestADatabaseThatIsAwayIsNoFaultOfOurs(t *testing.T) {
	t.Parallel()
	away := false
	h, _ := member(t, func(c *config) { c.Unusable = func(error) bool { return away } })
	away = true
	if err := h.db.Close(); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/@alice", "/@alice_road_trip.jspf", "/playlists", "/settings"} {
		if a := h.get(path); a.StatusCode != http.StatusServiceUnavailable || a.Header.Get("Retry-After") == "" || a.one("h1") != "Not just now" {
			t.Errorf("%s: %d %v\n%s", path, a.StatusCode, a.Header, a.text)
		}
	}
	if log := h.log.String(); strings.Contains(log, "level=ERROR") {
		t.Errorf("log: %s", log)
	}
}

// closedStore fails whatever it is asked.
func closedStore(t *testing.T) *playlists.Store {
	t.Helper()
	db := migrationstest.Open(t)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return playlists.New(db, time.Now)
}
