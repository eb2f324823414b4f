package web_test

import (
	"context"
	"maps"
	"strings"
	"testing"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/web"
)

const bob = "https://m.example/users/bob"

// personal sets up the page of Alice's playlist for followers that is Bob's own.
func personal(t *testing.T, reads func(playlists.PersonalLink) (bool, error)) (*world, string) {
	t.Helper()
	w := setup(t, func(c *web.Config) {
		c.Reads = func(_ context.Context, l playlists.PersonalLink) (bool, error) { return reads(l) }
	})
	l, err := w.store.PersonalLink(t.Context(), w.published[playlists.Followers].PublicID, bob)
	if err != nil {
		t.Fatal(err)
	}
	return w, "/s/" + l.Token
}

func TestAnApprovedFollowerSeesThePlaylistAtALinkOfTheirOwn(t *testing.T) {
	t.Parallel()
	w, path := personal(t, func(l playlists.PersonalLink) (bool, error) { return l.Follower == bob, nil })
	page := w.get(path)
	if page.StatusCode != 200 || !strings.Contains(page.text, "Jóga of Friends") || !strings.Contains(page.one(".notice"), "This page is for you") {
		t.Errorf("%d\n%s", page.StatusCode, page.text)
	}
	for name, want := range map[string]string{"Referrer-Policy": "same-origin", "Cache-Control": "private, no-cache", "X-Robots-Tag": "noindex, nofollow, noai, noimageai"} {
		if got := page.Header.Get(name); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
	if strings.Contains(page.text, "activity+json") || strings.Contains(page.text, bob) {
		t.Errorf("the page tells too much:\n%s", page.text)
	}
	for _, ext := range extensions {
		file := w.get(path + ext)
		if file.StatusCode != 200 || !strings.Contains(file.text, "Jóga") {
			t.Errorf("%s: %d", ext, file.StatusCode)
		}
		if strings.Contains(file.text, path) {
			t.Errorf("%s, which is passed on, holds the secret address", ext)
		}
	}
	if card := w.get(w.path(playlists.Followers)); strings.Contains(card.text, "Jóga") {
		t.Error("the card for everybody shows the tracks")
	}
}

func TestALinkThatHasEndedIsLikeOneThatNeverWas(t *testing.T) {
	t.Parallel()
	for name, reads := range map[string]func(playlists.PersonalLink) (bool, error){
		"no follower":   func(playlists.PersonalLink) (bool, error) { return false, nil },
		"revoked later": func(playlists.PersonalLink) (bool, error) { return true, nil },
	} {
		w, path := personal(t, reads)
		if name == "revoked later" {
			if _, err := w.store.Publish(t.Context(), w.published[playlists.Followers].Playlist, playlists.Unlisted); err != nil {
				t.Fatal(err)
			}
		}
		for _, suffix := range append([]string{""}, extensions...) {
			ended, never := w.get(path+suffix), w.get("/s/abcdefghijklmnopqrstuvwxyz"+suffix)
			ended.Header.Del("Date")
			never.Header.Del("Date")
			if ended.StatusCode != 404 || ended.text != never.text || !maps.EqualFunc(ended.Header, never.Header, equalValues) {
				t.Errorf("%s%s: %d %v\n%s", name, suffix, ended.StatusCode, ended.Header, ended.text)
			}
		}
	}
}
