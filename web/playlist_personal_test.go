package web_test

import (
	"maps"
	"strings"
	"testing"
)

// personal is the page of alice's playlist that is carol's own.
func (f friends) personal() string {
	f.t.Helper()
	l, err := f.store.PersonalLink(f.t.Context(), f.pub.PublicID, f.carol.ID)
	f.ok(err)
	return "/s/" + l.Token
}

func TestAnApprovedFollowerSeesThePlaylistAtALinkOfTheirOwn(t *testing.T) {
	t.Parallel()
	f := newFriends(t)
	f.post("/followers", "approve", f.choice(f.carol.ID))
	path := f.personal()
	f.client = browser(t)
	page := f.get(path)
	if page.StatusCode != 200 || !strings.Contains(page.text, "Jóga") || !strings.Contains(page.one(".notice"), "This page is for you") {
		t.Errorf("%d\n%s", page.StatusCode, page.text)
	}
	for name, want := range map[string]string{"Referrer-Policy": "same-origin", "Cache-Control": "private, no-cache", "X-Robots-Tag": "noindex, nofollow, noai, noimageai"} {
		if got := page.Header.Get(name); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
	if strings.Contains(page.text, "activity+json") || strings.Contains(page.text, f.carol.ID) {
		t.Errorf("the page tells too much:\n%s", page.text)
	}
	for _, ext := range extensions {
		file := f.get(path + ext)
		if file.StatusCode != 200 || !strings.Contains(file.text, "Jóga") {
			t.Errorf("%s: %d", ext, file.StatusCode)
		}
		if strings.Contains(file.text, path) {
			t.Errorf("%s, which is passed on, holds the secret address", ext)
		}
	}
	if card := f.get("/@" + f.pub.Handle); strings.Contains(card.text, "Jóga") {
		t.Error("the card for everybody shows the tracks")
	}
}

func TestALinkThatHasEndedIsLikeOneThatNeverWas(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(friends){
		"not approved": func(friends) {},
		"removed later": func(f friends) {
			f.post("/followers", "approve", f.choice(f.carol.ID))
			f.ok(f.fed.Decide(t.Context(), f.pub.PublicID, f.carol.ID, false))
		},
		"shared with others later": func(f friends) {
			f.post("/followers", "approve", f.choice(f.carol.ID))
			f.post(f.page(f.alice.ID)+"/who", "audience", "public", "unlisted", "yes")
		},
	} {
		f := newFriends(t)
		path := f.personal()
		end(f)
		f.client = browser(t)
		for _, suffix := range append([]string{""}, extensions...) {
			ended, never := f.get(path+suffix), f.get("/s/abcdefghijklmnopqrstuvwxyz"+suffix)
			ended.Header.Del("Date")
			never.Header.Del("Date")
			if ended.StatusCode != 404 || ended.text != never.text || !maps.EqualFunc(ended.Header, never.Header, equalValues) {
				t.Errorf("%s%s: %d %v\n%s", name, suffix, ended.StatusCode, ended.Header, ended.text)
			}
		}
	}
}
