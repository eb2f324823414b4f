package web_test

import (
	"encoding/json"
	"encoding/xml"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/songferry/songferry/playlists"
)

// hostileTexts are names that try to be something else in one of the formats that a page has beside HTML.
var hostileTexts = []string{`</script><script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `]](javascript:alert(1))[`, "]]>&lt;b>&#60;", `\u003cscript>`, "a\u2028b", `{{.}}`, `" onload="x`}

// publishNamed publishes a playlist all of whose words are name.
func (w *world) publishNamed(name string) playlists.Publication {
	w.t.Helper()
	id := w.record(playlists.Playlist{Name: name, Summary: name, Tracks: []playlists.Track{{Title: name, Artist: name, Album: name, Note: name, MBID: "b97670e0-08fc-4b2c-b1e7-3a5d2a1e6c11"}}})
	pub, err := w.store.Publish(w.t.Context(), id, playlists.Public)
	if err != nil {
		w.t.Fatal(err)
	}
	return pub
}

func TestSearchEnginesReadAMusicPlaylist(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.cover(w.published[playlists.Public])
	var ld struct {
		Context   string `json:"@context"`
		Type      string `json:"@type"`
		Name, URL string
		Image     string
		NumTracks int
		Creator   struct{ Name, URL string }
		Track     struct {
			Items []struct {
				Position int
				Item     struct {
					Type     string `json:"@type"`
					Name     string
					Duration string
					ISRC     string                `json:"isrcCode"`
					By       struct{ Name string } `json:"byArtist"`
				}
			} `json:"itemListElement"`
		}
	}
	page := w.get("/@alice_road_trip")
	if err := json.Unmarshal([]byte(linkedData(page)), &ld); err != nil {
		t.Fatal(err)
	}
	first := ld.Track.Items[0]
	if ld.Context != "https://schema.org" || ld.Type != "MusicPlaylist" || ld.Name != "Road trip" || ld.URL != "https://b.example/@alice_road_trip" || ld.NumTracks != 2 ||
		ld.Creator.URL != "https://b.example/@alice" || !strings.HasPrefix(ld.Image, "https://b.example/@alice_road_trip.jpg?") || len(ld.Track.Items) != 2 ||
		first.Position != 1 || first.Item.Type != "MusicRecording" || first.Item.Name != "Jóga of Road trip" || first.Item.By.Name != "Björk" || first.Item.Duration != "PT5M5S" || first.Item.ISRC != "GBAYE9700001" {
		t.Errorf("%+v", ld)
	}
	if strings.Contains(linkedData(w.get(w.path(playlists.Link))), "@alice") {
		t.Error("a page for those with the link names its curator's page")
	}
	if len(w.get(w.path(playlists.Followers)).all("script[type='application/ld+json'], link[type='application/json+oembed'], link[type='application/atom+xml'], meta[property^='music:']")) != 0 {
		t.Error("the card for followers tells programs about tracks")
	}
}

func linkedData(a answer) string {
	a.t.Helper()
	found := a.all("head > script[type='application/ld+json']")
	if len(found) != 1 || found[0].FirstChild == nil {
		a.t.Fatalf("%d descriptions", len(found))
	}
	return found[0].FirstChild.Data
}

func TestEverySiteCanFrameAPublicPlaylist(t *testing.T) {
	t.Parallel()
	w := setup(t)
	page := w.get("/@alice_road_trip")
	frame := page.one("#frame")
	if frame != `<iframe src="https://b.example/embed/@alice_road_trip" width="480" height="380" frameborder="0"></iframe>` {
		t.Errorf("HTML to copy: %s", frame)
	}
	if got := page.one("#markdown"); got != `[Road trip · Alice](https://b.example/@alice_road_trip)` {
		t.Errorf("Markdown to copy: %s", got)
	}
	inside := w.get("/embed/@alice_road_trip")
	policy := inside.Header.Get("Content-Security-Policy")
	if inside.StatusCode != 200 || !strings.Contains(policy, "frame-ancestors *") || strings.Contains(policy, "script-src") || len(inside.all("script, form, input")) != 0 || len(inside.Cookies()) != 0 {
		t.Errorf("%d %v\n%s", inside.StatusCode, inside.Header, inside.text)
	}
	for _, a := range inside.all("a") {
		if attr(a, "href") != "/@alice_road_trip" || attr(a, "target") != "_blank" || attr(a, "rel") != "noopener" {
			t.Errorf("a link leads to %q inside the frame", attr(a, "href"))
		}
	}
	for path, status := range map[string]int{w.path(playlists.Unlisted)[1:]: 200, w.path(playlists.Followers)[1:]: 404, "@alice": 404, "@alice_private_diary": 404, "@alice_old_times": 410, "@ALICE_ROAD_TRIP": 200} {
		a := w.get("/embed/" + path)
		if a.StatusCode != status || (status != 200) != strings.Contains(a.Header.Get("Content-Security-Policy"), "frame-ancestors 'none'") {
			t.Errorf("/embed/%s: %d %s", path, a.StatusCode, a.Header.Get("Content-Security-Policy"))
		}
	}
	for _, path := range []string{"/@alice_road_trip", "/", "/@alice", "/oembed?url=x"} {
		if !strings.Contains(w.get(path).Header.Get("Content-Security-Policy"), "frame-ancestors 'none'") {
			t.Errorf("%s can be framed", path)
		}
	}
}

func TestOEmbedAnswersAsItsSpecificationSays(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.cover(w.published[playlists.Public])
	for _, c := range []struct {
		query  string
		status int
	}{
		{"url=https%3A%2F%2Fb.example%2F%40alice_road_trip", 200},
		{"url=http://b.example/@Alice_Road_Trip&format=json&maxwidth=x&maxheight=-1", 200},
		{"url=https://b.example/@alice_quiet", 200},
		{"url=https://b.example/@alice_road_trip&format=xml", 501},
		{"url=https://b.example/@alice_friends", 401},
		{"url=https://b.example/@alice_old_times", 404},
		{"url=https://b.example/@alice_private_diary", 404},
		{"url=https://b.example/@alice", 404},
		{"url=https://b.example" + w.path(playlists.Link), 404},
		{"url=https://evil.example/@alice_road_trip", 404},
		{"url=javascript://b.example/@alice_road_trip", 404},
		{"url=https://b.example/@alice_road_trip/x", 404},
		{"url=%00", 404},
		{"", 404},
	} {
		if a := w.get("/oembed?" + c.query); a.StatusCode != c.status {
			t.Errorf("%s: %d, want %d", c.query, a.StatusCode, c.status)
		}
	}
	link := w.get("/@alice_road_trip").all("link[type='application/json+oembed']")
	path, ours := strings.CutPrefix(attr(link[0], "href"), "https://b.example")
	for _, c := range []struct {
		limits                   string
		width, height, thumbnail int
	}{{"", 480, 380, 600}, {"&maxwidth=300&maxheight=200", 300, 200, 0}, {"&maxwidth=700", 480, 380, 600}, {"&maxwidth=1", 1, 380, 0}} {
		a := w.get(path + c.limits)
		var e struct {
			Version, Type, HTML            string
			Width, Height, Thumbnail_width int
		}
		if err := json.Unmarshal([]byte(a.text), &e); err != nil || !ours || a.Header.Get("Content-Type") != "application/json" {
			t.Fatalf("%v, %v", err, a.Header)
		}
		if e.Version != "1.0" || e.Type != "rich" || e.Width != c.width || e.Height != c.height || e.Thumbnail_width != c.thumbnail || !strings.Contains(e.HTML, `src="https://b.example/embed/@alice_road_trip"`) {
			t.Errorf("%s: %+v", c.limits, e)
		}
	}
}

func TestPagesThatCanBePassedOnHaveAQRCode(t *testing.T) {
	t.Parallel()
	w := setup(t)
	for _, a := range []playlists.Audience{playlists.Public, playlists.Link} {
		code := w.get(w.path(a) + ".svg")
		if code.StatusCode != 200 || code.Header.Get("Content-Type") != "image/svg+xml" || xml.Unmarshal([]byte(code.text), new(struct{})) != nil || !strings.Contains(code.Header.Get("Content-Security-Policy"), "sandbox") {
			t.Errorf("%s: %d %v", a, code.StatusCode, code.Header)
		}
	}
	if w.get(w.path(playlists.Public)+".svg").text == w.get(w.path(playlists.Unlisted)+".svg").text {
		t.Error("two pages have one code")
	}
	for _, path := range []string{w.path(playlists.Followers), "/@alice_old_times", "/@alice", "/s/" + w.goneToken, "/s/unknown"} {
		for _, ext := range []string{".svg", ".atom"} {
			if a := w.get(path + ext); a.StatusCode != 404 && a.StatusCode != 410 {
				t.Errorf("%s%s: %d", path, ext, a.StatusCode)
			}
		}
	}
}

func TestNoWordBecomesMarkupForMachines(t *testing.T) {
	t.Parallel()
	w := setup(t)
	for _, name := range hostileTexts {
		pub := w.publishNamed(name)
		clean := playlists.CleanText(name, playlists.MaxText)
		page := w.get("/@" + pub.Handle)
		var ld struct{ Name string }
		if err := json.Unmarshal([]byte(linkedData(page)), &ld); err != nil || ld.Name != clean {
			t.Errorf("JSON-LD: %q became %q, %v", name, ld.Name, err)
		}
		for _, a := range []answer{page, w.get("/embed/@" + pub.Handle)} {
			if len(a.all(foreignScript+", [onerror], [onload], main img:not(.qr), a[href^='javascript']")) != 0 || a.one("h1") != strings.Join(strings.Fields(clean), " ") {
				t.Errorf("%q became markup:\n%s", name, a.text)
			}
		}
		var e struct{ Title, HTML string }
		o := w.get("/oembed?url=" + url.QueryEscape("https://b.example/@"+pub.Handle))
		if err := json.Unmarshal([]byte(o.text), &e); err != nil || e.Title != clean || strings.Count(e.HTML, "<") != 2 || strings.ContainsAny(o.text, "<>") {
			t.Errorf("oEmbed: %q became %s, %v", name, o.text, err)
		}
		var f struct {
			Title string `xml:"title"`
		}
		atom := w.get("/@" + pub.Handle + ".atom")
		if err := xml.Unmarshal([]byte(atom.text), &f); err != nil || f.Title != clean {
			t.Errorf("Atom: %q became %q, %v", name, f.Title, err)
		}
	}
}

func TestOwnersAndNobodyElseLetSearchEnginesIn(t *testing.T) {
	t.Parallel()
	w := setup(t)
	for _, a := range []playlists.Audience{playlists.Public, playlists.Unlisted, playlists.Link, playlists.Followers} {
		if err := w.store.SetIndexed(t.Context(), w.published[a].Playlist, true); err != nil {
			t.Fatal(err)
		}
		robots := w.get(w.path(a)).Header.Get("X-Robots-Tag")
		if strings.Contains(robots, "noindex") != (a != playlists.Public) || !strings.Contains(robots, "noai") {
			t.Errorf("%s: %s", a, robots)
		}
		if file := w.get(w.path(a) + ".csv"); !strings.Contains(file.Header.Get("X-Robots-Tag"), "noindex") {
			t.Errorf("%s: its files are listed", a)
		}
	}
	txt := w.get("/robots.txt")
	groups := strings.Split(txt.text, "\n\n")
	if txt.StatusCode != http.StatusOK || len(groups) != 2 || !strings.Contains(groups[0], "User-agent: GPTBot\n") || !strings.HasSuffix(groups[0], "\nDisallow: /") || groups[1] != "User-agent: *\nDisallow:\n" {
		t.Errorf("robots.txt:\n%s", txt.text)
	}
}
