package web_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/songferry/songferry/playlists"
)

func TestAPlaylistPageTellsWhatItIs(t *testing.T) {
	t.Parallel()
	w := setup(t)
	page := w.get("/@alice_road_trip")
	for selector, want := range map[string]string{
		"title":                        "Road trip · a playlist by Alice",
		"h1":                           "Road trip",
		".masthead a[rel~=author]":     "Alice",
		".masthead .quiet":             "2 tracks · 15 min · updated 1 May 2026",
		".liner p:nth-of-type(1)":      "Driving songs. For May.",
		".liner p:nth-of-type(2)":      "Second paragraph.",
		".chip":                        "@alice_road_trip@b.example",
		"ol.tracks li:first-child":     "Jóga of Road trip Björk · Homogenic 5:05 Find it",
		"ol.tracks li:last-child":      "Sinnerman Nina Simone because it is long 10:22 Find it",
		`time[datetime="PT5M5S"]`:      "5:05",
		`.files a[href$=".xspf"]`:      "XSPF",
		`a.skip[href="#content"]`:      "Skip to the content",
		`header.top + main#content h1`: "Road trip",
	} {
		if got := page.one(selector); got != want {
			t.Errorf("%s: %q, want %q", selector, got, want)
		}
	}
	for selector, want := range map[string]string{
		`link[type="application/activity+json"]`: "https://b.example/ap/actors/" + w.published[playlists.Public].PublicID,
		`link[rel=canonical]`:                    "https://b.example/@alice_road_trip",
		`link[type="application/xspf+xml"]`:      "/@alice_road_trip.xspf",
		`meta[name="fediverse:creator"]`:         "@alice@b.example",
		`meta[property="og:type"]`:               "music.playlist",
		`meta[property="og:url"]`:                "https://b.example/@alice_road_trip",
		`meta[property="og:title"]`:              "Road trip · a playlist by Alice",
		`meta[property="og:description"]`:        "2 tracks · 15 min. Driving songs. For May. Second paragraph.",
	} {
		nodes := page.all(selector)
		if len(nodes) != 1 || attr(nodes[0], "href")+attr(nodes[0], "content") != want {
			t.Errorf("%s: %d found, want %q\n%s", selector, len(nodes), want, page.text)
		}
	}
}

func TestALinkPageNamesItselfOnly(t *testing.T) {
	t.Parallel()
	w := setup(t)
	path := w.path(playlists.Link)
	page := w.get(path)
	if got := page.one(".chip"); got != "https://b.example"+path {
		t.Errorf("address to copy: %q", got)
	}
	if alt := page.all(`link[type="application/activity+json"]`); len(alt) != 1 || attr(alt[0], "href") != "https://b.example"+path {
		t.Errorf("alternate: %v", alt)
	}
	for _, name := range []string{"@alice", "fediverse:creator", w.published[playlists.Link].PublicID} {
		if strings.Contains(page.text, name) || strings.Contains(w.get(path+".jspf").text, name) {
			t.Errorf("a page for those with the link tells %q", name)
		}
	}
	for _, p := range []string{path, path + ".xspf", "/s/unknown"} {
		if got := w.get(p).Header.Get("Referrer-Policy"); got != "same-origin" { // nothing for others; with no-referrer the form of a locked link would come from nowhere
			t.Errorf("%s: Referrer-Policy %q", p, got)
		}
	}
}

func TestAnAccountPageTellsHowToFollow(t *testing.T) {
	t.Parallel()
	w := setup(t)
	page := w.get("/@alice")
	if page.one("h1") != "Alice" || page.one(".chip") != "@alice@b.example" || page.one(".card strong") != "Road trip" {
		t.Errorf("page:\n%s", page.text)
	}
	if alt := page.all(`link[type="application/activity+json"]`); len(alt) != 1 || attr(alt[0], "href") != "https://b.example/ap/actors/"+w.alice.PublicID {
		t.Errorf("alternate: %v", alt)
	}
}

func TestTheLandingPageExplainsAndListsNobody(t *testing.T) {
	t.Parallel()
	w := setup(t)
	page := w.get("/")
	if page.StatusCode != http.StatusOK || len(page.all(`a[href="https://github.com/songferry/songferry"]`)) == 0 {
		t.Errorf("%d\n%s", page.StatusCode, page.text)
	}
	if strings.Contains(page.text, "Alice") || strings.Contains(page.text, "Road trip") {
		t.Error("the landing page names people or playlists")
	}
}

func TestWithoutAPublicOriginNoAddressIsInvented(t *testing.T) {
	t.Parallel()
	w := setup(t, withoutAddress)
	for _, path := range []string{"/", "/@alice", "/@alice_road_trip", w.path(playlists.Link)} {
		page := w.get(path)
		host := strings.TrimPrefix(w.server.URL, "http://")
		if page.StatusCode != http.StatusOK || strings.Contains(page.text, host) || len(page.all(".chip, link[rel=canonical], link[type='application/activity+json']")) != 0 {
			t.Errorf("%s: %d\n%s", path, page.StatusCode, page.text)
		}
	}
}

func TestHostileNamesAreOnlyText(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `' onmouseover='alert(1)`, `{{.Store}}`, `javascript:alert(1)`, `=cmd|' /C calc'!A0`,
		"\u202egnp.exe", "سلام", "../../etc/passwd", strings.Repeat("ő", 500), strings.Repeat("W", 500), "a\r\nX-Evil: 1", `"; filename="evil.exe`,
	} {
		w := setup(t)
		id := w.record(playlists.Playlist{Name: name, Summary: name, Tracks: []playlists.Track{{Title: name, Artist: name, Album: name, Note: name}}})
		pub, err := w.store.Publish(t.Context(), id, playlists.Public)
		if err != nil {
			t.Fatal(err)
		}
		want := strings.Join(strings.Fields(playlists.CleanText(name, playlists.MaxText)), " ")
		page := w.get("/@" + pub.Handle)
		for _, selector := range []string{"h1", ".liner p", "ol.tracks li > bdi", "ol.tracks p > bdi", "ol.tracks cite", ".note"} {
			if got := page.one(selector); got != want {
				t.Errorf("%q in %s became %q", name, selector, got)
			}
		}
		if len(page.all(foreignScript+", style, iframe, main img:not(.qr), [onerror], [onmouseover], [style]")) != 0 {
			t.Errorf("%q became markup:\n%s", name, page.text)
		}
		if got := w.get("/@alice").all(".card strong"); len(got) != 2 {
			t.Errorf("%q broke the account page", name)
		}
		for _, ext := range extensions {
			file := w.get("/@" + pub.Handle + ext)
			disposition := file.Header.Get("Content-Disposition")
			if file.StatusCode != http.StatusOK || strings.ContainsAny(disposition, "/\\<>\r\n") || file.Header.Get("X-Evil") != "" || strings.Contains(disposition, "evil.exe") {
				t.Errorf("%q%s: %d, %q", name, ext, file.StatusCode, disposition)
			}
		}
	}
}

func TestG115PreviewsHoldNamesAsText(t *testing.T) {
	t.Parallel()
	w, their := setup(t), newTheirs(t)
	for _, name := range []string{
		`</title></script><script>alert(1)</script>`, `"><meta http-equiv=refresh content="0;url=https://evil.example">`, `' onload='x`, "{{.}} ${x} <!--", "\u202eevil\u2066 سلام", "a\u2028b\x00c", "</script>",
	} {
		pub, err := w.store.Publish(t.Context(), w.record(playlists.Playlist{Name: name, Summary: name, Tracks: []playlists.Track{{Title: name}}}), playlists.Public)
		if err != nil {
			t.Fatal(err)
		}
		clean := playlists.CleanText(name, playlists.MaxText)
		page := w.get("/@" + pub.Handle)
		if got := page.one("head > title"); got != strings.Join(strings.Fields(clean), " ")+" · a playlist by Alice" {
			t.Errorf("%q: title %q", name, got)
		}
		for selector, want := range map[string]string{`meta[property="og:title"]`: clean + " · a playlist by Alice", `meta[property="og:description"]`: "1 track. " + clean, `meta[name=description]`: "1 track. " + clean} {
			if n := page.all("head > " + selector); len(n) != 1 || attr(n[0], "content") != want {
				t.Errorf("%q: %s is not %q\n%s", name, selector, want, page.text)
			}
		}
		for _, a := range []answer{page, w.goOn("/@"+pub.Handle, their.bob, "follow")} {
			if a.StatusCode != http.StatusOK || len(a.all(foreignScript+", meta[http-equiv], [onload]")) != 0 || strings.ContainsAny(a.text, "\u202e\u2066\x00") {
				t.Errorf("%q: %d\n%s", name, a.StatusCode, a.text)
			}
		}
	}
}

func TestPublicPagesAndFeedsSpeakFrenchToo(t *testing.T) {
	t.Parallel()
	w := setup(t)
	page := w.get("/@alice_road_trip", "Accept-Language", "fr")
	if attr(page.all("html")[0], "lang") != "fr" || page.one("#tracks") != "Morceaux" || page.one(".masthead p:first-of-type") != "Une liste faite par Alice" {
		t.Errorf("%s", page.text)
	}
	if missing := w.get("/@nobody", "Accept-Language", "fr"); missing.one("h1") != "Il n’y a rien ici" || missing.one("title") != "Il n’y a rien ici" {
		t.Errorf("%s", missing.text)
	}
	// A feed is the same for all its readers, in its curator's language.
	w.change(w.published[playlists.Public], func(p *playlists.Playlist) { p.Language, p.Summary = "fr", "Pour la route." })
	if n := w.get("/@alice_road_trip").all("h1 bdi[lang=fr], .liner[lang=fr]"); len(n) != 2 {
		t.Error("the page does not say that the curator's words are French")
	}
	if f := w.feed("/@alice_road_trip.atom"); f.Lang != "fr" || !strings.HasPrefix(f.Entries[len(f.Entries)-1].Title, "Partagée, avec ") {
		t.Errorf("%+v", f)
	}
}
