package web_test

import (
	"encoding/xml"
	"strings"
	"testing"
	"time"

	"github.com/songferry/songferry/playlists"
)

// feed is what a feed reader reads.
type feed struct {
	Lang    string `xml:"lang,attr"`
	ID      string `xml:"id"`
	Title   string `xml:"title"`
	Updated string `xml:"updated"`
	Author  string `xml:"author>name"`
	Links   []struct {
		Rel  string `xml:"rel,attr"`
		Href string `xml:"href,attr"`
	} `xml:"link"`
	Entries []struct {
		ID      string `xml:"id"`
		Title   string `xml:"title"`
		Updated string `xml:"updated"`
		Content string `xml:"content"`
	} `xml:"entry"`
}

func (w *world) feed(path string) (f feed) {
	w.t.Helper()
	a := w.get(path)
	if err := xml.Unmarshal([]byte(a.text), &f); err != nil || a.StatusCode != 200 || !strings.HasPrefix(a.Header.Get("Content-Type"), "application/atom+xml") {
		w.t.Fatalf("%s: %d %v %v\n%s", path, a.StatusCode, a.Header, err, a.text)
	}
	return f
}

// change records a playlist anew with other tracks.
func (w *world) change(pub playlists.Publication, change func(*playlists.Playlist)) {
	w.t.Helper()
	p, err := w.store.Get(w.t.Context(), pub.Playlist)
	if err != nil {
		w.t.Fatal(err)
	}
	change(&p)
	if _, _, err := w.store.Record(w.t.Context(), p); err != nil {
		w.t.Fatal(err)
	}
}

func TestAFeedTellsEachChangeOnce(t *testing.T) {
	t.Parallel()
	w := setup(t)
	pub := w.published[playlists.Public]
	before := w.feed("/@alice_road_trip.atom")
	if before.ID != "https://b.example/@alice_road_trip" || before.Title != "Road trip" || before.Author != "Alice" || before.Lang != "en" || before.Links[0].Rel != "self" ||
		before.Links[0].Href != "https://b.example/@alice_road_trip.atom" || len(before.Entries) != 1 || before.Entries[0].Title != "Shared, with 2 tracks" {
		t.Fatalf("%+v", before)
	}
	w.storeClock.forward(time.Minute)
	w.change(pub, func(p *playlists.Playlist) {
		p.Tracks = append([]playlists.Track{{Title: "<b>Hunter</b>", Artist: "Björk"}, {Title: "One"}, {Title: "Two"}}, p.Tracks[1:]...)
	})
	w.storeClock.forward(time.Minute)
	w.change(pub, func(p *playlists.Playlist) { p.Name, p.Summary = "Road trips", "Other words" })
	w.storeClock.forward(time.Minute)
	w.change(pub, func(p *playlists.Playlist) { p.Summary = "Words" })
	f := w.feed("/@alice_road_trip.atom")
	var titles []string
	ids := map[string]bool{}
	for _, e := range f.Entries {
		titles = append(titles, e.Title)
		ids[e.ID] = true
	}
	if got := strings.Join(titles, " | "); got != "details changed | renamed | 3 added, 1 removed | Shared, with 2 tracks" || len(ids) != 4 || !ids[before.Entries[0].ID] {
		t.Errorf("%s, %v", got, ids)
	}
	if c := f.Entries[2].Content; !strings.Contains(c, "<li>Björk – &lt;b&gt;Hunter&lt;/b&gt;</li>") || !strings.Contains(c, "<li>Björk – Jóga of Road trip</li>") {
		t.Errorf("content: %s", c)
	}
	tag := w.get("/@alice_road_trip.atom").Header.Get("ETag")
	if a := w.get("/@alice_road_trip.atom", "If-None-Match", tag); a.StatusCode != 304 {
		t.Errorf("an unchanged feed: %d", a.StatusCode)
	}
}

func TestAFeedTellsNothingOfBeforeItWasSharedSo(t *testing.T) {
	t.Parallel()
	w := setup(t)
	pub := w.published[playlists.Followers]
	w.storeClock.forward(time.Minute)
	w.change(pub, func(p *playlists.Playlist) { p.Tracks = p.Tracks[1:] })
	w.storeClock.forward(time.Minute)
	if _, err := w.store.Publish(t.Context(), pub.Playlist, playlists.Public); err != nil {
		t.Fatal(err)
	}
	f := w.feed(w.path(playlists.Followers) + ".atom")
	if len(f.Entries) != 1 || f.Entries[0].Title != "Shared, with 1 track" {
		t.Errorf("%+v", f.Entries)
	}
}
