package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/songferry/songferry/playlists"
)

// filled returns what a browser sends when the only form of a page that has a title field is sent as it is.
func (a answer) filled() url.Values {
	form := url.Values{}
	for _, n := range a.all("form.wide input, form.wide textarea, form.wide select") {
		name, value := attr(n, "name"), attr(n, "value")
		switch {
		case n.Data == "textarea":
			if n.FirstChild != nil {
				value = strings.ReplaceAll(n.FirstChild.Data, "\n", "\r\n")
			}
		case n.Data == "select":
			value = ""
			for c := range n.Descendants() {
				if c.Type == html.ElementNode && hasAttr(c, "selected") {
					value = attr(c, "value")
				}
			}
		case attr(n, "type") == "checkbox" && !hasAttr(n, "checked"):
			continue
		}
		form.Add(name, value)
	}
	return form
}

func hasAttr(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}

func (h *home) submit(path string, form url.Values) answer {
	h.t.Helper()
	return h.send(http.MethodPost, path, strings.NewReader(form.Encode()), "Content-Type", "application/x-www-form-urlencoded", "Sec-Fetch-Site", "same-origin")
}

func TestAnOwnerEditsWhatOthersSee(t *testing.T) {
	t.Parallel()
	h, alice := member(t)
	page := h.page(alice.ID)
	form := h.get(page + "/edit").filled()
	if len(form["key"]) != 2 || form.Get("title") != "" || form.Get("cover") != "" {
		t.Fatalf("the form: %v", form)
	}
	form.Set("title", "Road trip <b>2026</b>")
	form.Set("liner", "For *Nina*.\r\n\r\nLoud.")
	form.Set("language", "is")
	form.Set("cover", "yes")
	form["note"][0] = "because\r\nit rained"
	form.Set("out", "1")
	h.follow(h.submit(page+"/edit", form))

	p, err := h.store.Get(t.Context(), h.list(alice.ID).ID)
	h.ok(err)
	if p.Name != "Road trip <b>2026</b>" || p.Summary != "For *Nina*.\n\nLoud." || p.Language != "is" || len(p.Tracks) != 1 || p.Tracks[0].Note != "because\nit rained" {
		t.Errorf("others see %+v", p)
	}
	if wanted, err := h.store.CoverWanted(t.Context(), p.ID); !wanted || err != nil {
		t.Errorf("a cover is wanted: %v %v", wanted, err)
	}
	seen := h.get(page + "/preview")
	if seen.one("h1") != "Road trip <b>2026</b>" || len(seen.all("ol.tracks li")) != 1 || !strings.Contains(seen.one(".note"), "because it rained") || len(seen.all("main form")) != 0 {
		t.Errorf("preview:\n%s", seen.text)
	}
	if !strings.HasPrefix(seen.Header.Get("X-Robots-Tag"), "noindex,") {
		t.Errorf("preview: %v", seen.Header)
	}

	again := h.get(page + "/edit").filled()
	before := p.Revision
	h.follow(h.submit(page+"/edit", again))
	if p, err = h.store.Get(t.Context(), p.ID); err != nil || p.Revision != before {
		t.Errorf("sending the form as it is makes version %d of %d, %v", p.Revision, before, err)
	}
	again.Del("out")
	again.Set("title", "")
	h.follow(h.submit(page+"/edit", again))
	if p, err = h.store.Get(t.Context(), p.ID); err != nil || p.Name != "Road trip" || len(p.Tracks) != 2 || p.Tracks[0].Note != "because\nit rained" {
		t.Errorf("taken back: %+v, %v", p, err)
	}
}

func TestWhatIsWrongIsShownAgainAsItWasWritten(t *testing.T) {
	t.Parallel()
	h, alice := member(t)
	page := h.page(alice.ID)
	form := h.get(page + "/edit").filled()
	form["note"][1] = strings.Repeat("é", 1001)
	form.Set("liner", "</textarea><script>alert(1)</script>")
	a := h.submit(page+"/edit", form)
	if a.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(a.one("[role=alert]"), "longer than 1000 characters, by 1") {
		t.Fatalf("%d\n%s", a.StatusCode, a.text)
	}
	if shown := a.filled(); shown["note"][1] != form["note"][1] || shown.Get("liner") != form.Get("liner") || len(a.all("main script")) != 0 {
		t.Errorf("shown again: %v", shown)
	}
	for name, broken := range map[string]url.Values{
		"a key that is none":  {"key": {"x"}, "note": {"y"}},
		"a language":          {"language": {"<script>"}},
		"a title for a novel": {"title": {strings.Repeat("x", 501)}},
	} {
		if a := h.submit(page+"/edit", broken); a.StatusCode != http.StatusUnprocessableEntity || len(a.all("[role=alert]")) != 1 {
			t.Errorf("%s: %d", name, a.StatusCode)
		}
	}
	if p, err := h.store.Get(t.Context(), h.list(alice.ID).ID); err != nil || p.Revision != 1 {
		t.Errorf("%+v, %v", p, err)
	}
}

func TestALongPlaylistIsEditedInParts(t *testing.T) {
	t.Parallel()
	h, alice := member(t)
	var songs []string
	for i := range 620 {
		songs = append(songs, h.music.AddSong(playlists.Track{Title: fmt.Sprintf("Song %d", i), Artist: "Copper Kites", Duration: 200}))
	}
	h.music.SetPlaylist(h.music.Playlists()[0].ID, songs...)
	h.ok(h.bridge.PollAccount(t.Context(), alice.ID))
	page := h.page(alice.ID)

	first := h.get(page + "/edit")
	form := first.filled()
	if n := len(form["key"]); n != 500 || len(first.text) > 700<<10 {
		t.Fatalf("%d tracks in %d bytes", n, len(first.text))
	}
	form["note"][3] = "the fourth"
	h.follow(h.submit(page+"/edit", form))
	rest := h.get(page + "/edit?page=2")
	form = rest.filled()
	if len(form["key"]) != 120 || attr(rest.all("ol.edit li")[0], "value") != "501" {
		t.Fatalf("%d tracks more", len(form["key"]))
	}
	form["note"][119] = "the last"
	h.follow(h.submit(page+"/edit?page=2", form))

	p, err := h.store.Get(t.Context(), h.list(alice.ID).ID)
	h.ok(err)
	if len(p.Tracks) != 620 || p.Tracks[3].Note != "the fourth" || p.Tracks[619].Note != "the last" {
		t.Errorf("%d tracks, notes %q and %q", len(p.Tracks), p.Tracks[3].Note, p.Tracks[619].Note)
	}
}

func TestTracksWithoutArtistAreMarked(t *testing.T) {
	t.Parallel()
	h, alice := member(t)
	song := h.music.AddSong(playlists.Track{Title: "Track 07", Duration: 240})
	h.music.SetPlaylist(h.music.Playlists()[0].ID, h.songs["Jóga"], song)
	h.ok(h.bridge.PollAccount(t.Context(), alice.ID))
	if a := h.get(h.page(alice.ID)); !strings.Contains(a.one("p.notice"), "1 track names no artist") {
		t.Errorf("its page:\n%s", a.text)
	}
	if a := h.get(h.page(alice.ID) + "/edit"); !strings.Contains(a.one("ol.edit .warn"), "names no artist") {
		t.Errorf("the form:\n%s", a.text)
	}
}

func TestHostileNamesOfAnOwnersPlaylistAreOnlyText(t *testing.T) {
	t.Parallel()
	h, alice := member(t)
	const hostile = `"><script>alert(1)</script>&amp;'` + "\u202e{{.}}"
	h.music.Rename(h.music.Playlists()[0].ID, hostile)
	song := h.music.AddSong(playlists.Track{Title: hostile, Artist: hostile, Album: hostile})
	h.music.SetPlaylist(h.music.Playlists()[0].ID, song)
	h.ok(h.bridge.PollAccount(t.Context(), alice.ID))
	page := h.page(alice.ID)
	h.post(page+"/who", "audience", "followers")
	for _, path := range []string{"/playlists", page, page + "/edit", page + "/preview", "/followers"} {
		a := h.get(path)
		if a.StatusCode != http.StatusOK || len(a.all("main script")) != 0 || strings.Contains(a.text, "\u202e") || !strings.Contains(a.one("main"), "<script>alert(1)</script>") {
			t.Errorf("%s: %d\n%s", path, a.StatusCode, a.text)
		}
	}
}
