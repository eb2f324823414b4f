package web_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/songferry/songferry/playlists"
)

func TestEachTrackLeadsToWhereItIsFound(t *testing.T) {
	t.Parallel()
	w := setup(t)
	for _, path := range []string{w.path(playlists.Public), w.path(playlists.Link)} {
		links := w.get(path).all("ol.tracks li > a")
		if len(links) != 2 {
			t.Fatalf("%s: %d links", path, len(links))
		}
		page := w.get(path + attr(links[1], "href"))
		if page.StatusCode != http.StatusOK || page.one("h1") != "Sinnerman" || page.one(".lead") != "Nina Simone" || page.Header.Get("X-Robots-Tag") != "noindex, nofollow, noai, noimageai" {
			t.Errorf("%d %v\n%s", page.StatusCode, page.Header, page.text)
		}
		if page.one(".lead + .links") != "Bandcamp MusicBrainz" || len(page.all(".links a[data-shop]")) < 5 {
			t.Errorf("it leads to %q", page.one(".lead + .links"))
		}
		for _, n := range page.all(".links a") {
			if href := attr(n, "href"); !strings.HasPrefix(href, "https://") || !strings.Contains(href, "Nina") || attr(n, "rel") != "nofollow noreferrer" {
				t.Errorf("a link to %s, %s", href, attr(n, "rel"))
			}
		}
		if back := page.all("a[data-close]"); len(back) != 1 || attr(back[0], "href") != path {
			t.Errorf("back to %v", back)
		}
	}
}

func TestWhereThereIsNoTrackNothingIsFound(t *testing.T) {
	t.Parallel()
	w := setup(t)
	for _, path := range []string{w.path(playlists.Public), w.path(playlists.Followers)} {
		for _, n := range []string{"0", "3", "-1", "", "x", "99999999999999999999"} {
			if a := w.get(path + "?find=" + n); a.StatusCode != http.StatusNotFound {
				t.Errorf("%s?find=%s: %d", path, n, a.StatusCode)
			}
		}
	}
	if a := w.get(w.path(playlists.Followers) + "?find=1"); a.StatusCode != http.StatusNotFound {
		t.Errorf("a track that is for approved followers: %d\n%s", a.StatusCode, a.text)
	}
}

func TestWhoLooksForATrackIsNoSecondVisitor(t *testing.T) {
	t.Parallel()
	w := setup(t)
	path := w.path(playlists.Link)
	for _, p := range []string{path, path + "?find=1", path + "?find=2"} {
		w.get(p)
	}
	pub, err := w.store.PublicationByToken(t.Context(), strings.TrimPrefix(path, "/s/"))
	if err != nil || pub.Visits != 1 {
		t.Errorf("%d visits, %v", pub.Visits, err)
	}
}

func TestATrackThatAChildSharesLeadsToNoShop(t *testing.T) {
	t.Parallel()
	h, alice := member(t)
	cleo, err := h.store.AddAccount(t.Context(), playlists.Account{Name: "Cleo"})
	h.ok(err)
	list := playlists.Playlist{ID: playlists.NewID(), Owner: cleo.ID, Origin: playlists.Local, Name: "Bus", Tracks: []playlists.Track{{Title: "Jóga", Artist: "Björk"}}}
	_, _, err = h.store.Record(t.Context(), list)
	h.ok(err)
	pub, err := h.store.Publish(t.Context(), list.ID, playlists.Link)
	h.ok(err)
	h.ok(h.store.SetPerson(t.Context(), cleo.ID, playlists.PersonRules{MaxAudience: playlists.Link, Child: true, Guardian: alice.ID}))
	page := h.get("/s/" + pub.Token + "?find=1")
	if page.StatusCode != http.StatusOK || page.one(".links") != "MusicBrainz" || len(page.all("[data-my-shop], main a[rel]")) != 1 {
		t.Errorf("%d\n%s", page.StatusCode, page.text)
	}
}
