package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/songferry/songferry/playlists"
)

func TestAnOwnerChoosesWhoMaySeeAPlaylist(t *testing.T) {
	t.Parallel()
	h, alice := member(t)
	page := h.page(alice.ID)
	for _, c := range []struct {
		fields []string
		want   playlists.Audience
		says   string
	}{
		{[]string{"audience", "link", "unlisted", "yes"}, playlists.Link, "Anyone with the link"},
		{[]string{"audience", "followers"}, playlists.Followers, "Followers you approve"},
		{[]string{"audience", "public", "unlisted", "yes"}, playlists.Unlisted, "Everyone, not listed"},
		{[]string{"audience", "public"}, playlists.Public, "Everyone"},
		{[]string{"audience", "private"}, playlists.Private, "Only you"},
	} {
		a := h.follow(h.post(page+"/who", c.fields...))
		if got := h.audience(alice.ID); got != c.want || !strings.HasSuffix(a.one(".masthead .quiet"), "· "+c.says) || len(a.all("[role=status]")) != 1 {
			t.Errorf("%v: %s\n%s", c.fields, got, a.text)
		}
		var checked []string
		for _, n := range a.all("form[action$='/who'] input[checked]") {
			checked = append(checked, attr(n, "value"))
		}
		want := []string{string(c.want)}
		if c.want == playlists.Unlisted {
			want = []string{"public", "yes"}
		}
		if fmt.Sprint(checked) != fmt.Sprint(want) {
			t.Errorf("%v: checked %v", c.fields, checked)
		}
	}
	if a := h.post(page+"/who", "audience", "the world"); a.StatusCode != http.StatusUnprocessableEntity || len(a.all("[role=alert]")) != 1 {
		t.Errorf("no choice: %d", a.StatusCode)
	}
}

func TestWhoMayShareLessIsToldWhoCanAllowMore(t *testing.T) {
	t.Parallel()
	h, _ := member(t)
	h.music.AddUser("bob", "builder")
	h.music.AddPlaylist("bob", "Night", h.songs["Jóga"])
	bob := h.join("bob", "builder", playlists.Account{Handle: "bob", Name: "Bob", Language: "en", MaxAudience: playlists.Link})
	h.client = browser(t)
	h.signIn("bob", "builder")
	page := h.get(h.page(bob.ID))
	if got := page.all("form[action$='/who'] input[disabled]"); len(got) != 2 || !strings.Contains(page.one("form[action$='/who']"), "These people can allow it: Alice") {
		t.Errorf("%d choices are barred\n%s", len(got), page.text)
	}
	for _, a := range []string{"followers", "public"} {
		if a := h.post(h.page(bob.ID)+"/who", "audience", a); a.StatusCode != http.StatusUnprocessableEntity || len(a.all("[role=alert]")) != 1 {
			t.Errorf("%d\n%s", a.StatusCode, a.text)
		}
	}
	if got := h.audience(bob.ID); got != playlists.Private {
		t.Errorf("bob's playlist is %s", got)
	}
}

func TestAChildAsksBeforeSharing(t *testing.T) {
	t.Parallel()
	h, alice := member(t)
	h.music.AddUser("kim", "kite")
	h.music.AddPlaylist("kim", "Songs", h.songs["Jóga"])
	kim := h.join("kim", "kite", playlists.Account{Name: "Kim", Language: "en", Child: true, Guardian: alice.ID, MaxAudience: playlists.Link})
	h.client = browser(t)
	h.signIn("kim", "kite")
	a := h.follow(h.post("/playlists/share", "playlist", string(h.list(kim.ID).ID)))
	asked, err := h.store.Asked(t.Context(), alice.ID, true)
	h.ok(err)
	if got := h.audience(kim.ID); got != playlists.Private || len(asked) != 1 || asked[0].Audience != playlists.Link || !strings.Contains(a.one("[role=status]"), "You have asked") {
		t.Errorf("%s, asked %+v\n%s", got, asked, a.text)
	}

	for path, selector := range map[string]string{"/playlists": ".card", h.page(kim.ID): "#asked ~ p", "/settings": "#asked ~ .cards"} {
		if said := h.get(path).one(selector); !strings.Contains(said, asked[0].At.Format("2 January 2006")) {
			t.Errorf("%s says of the question: %q", path, said)
		}
	}
	a = h.follow(h.post(h.page(kim.ID) + "/ask/withdraw"))
	if a.one(".news") != "You have taken the question back." || len(a.all("#asked")) != 0 || len(h.get("/settings").all("#asked")) != 0 {
		t.Errorf("%s", a.text)
	}
	if a := h.post(h.page(kim.ID) + "/ask/withdraw"); a.StatusCode != http.StatusUnprocessableEntity || a.one("[role=alert]") != "That was answered already." {
		t.Errorf("taken back twice: %d\n%s", a.StatusCode, a.text)
	}
	if n, err := h.store.CountAsked(t.Context(), alice.ID, true); n != 0 || err != nil {
		t.Errorf("alice is still asked %d, %v", n, err)
	}

	h.follow(h.post("/playlists/share", "playlist", string(h.list(kim.ID).ID)))
	asked, err = h.store.Asked(t.Context(), alice.ID, true)
	h.ok(err)
	h.ok(h.store.AnswerAsk(t.Context(), asked[0].ID, false))
	for path, selector := range map[string]string{"/playlists": ".card", h.page(kim.ID): "#asked ~ p", "/settings": "#asked ~ .cards"} {
		if said := h.get(path).one(selector); !strings.Contains(said, "said no on") {
			t.Errorf("after a no, %s says %q", path, said)
		}
	}
	a = h.follow(h.post(h.page(kim.ID) + "/ask/withdraw"))
	if a.one(".news") != "The answer was no." || len(a.all("#asked")) != 0 {
		t.Errorf("%s", a.text)
	}
}

func TestALinkHasTermsAndCanBeExchanged(t *testing.T) {
	t.Parallel()
	h, alice := member(t)
	page := h.page(alice.ID)
	if a := h.post(page+"/link", "password", "secret"); a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("terms of a playlist that has no link: %d", a.StatusCode)
	}
	old := h.follow(h.post(page+"/who", "audience", "link")).one(".chip")
	day := time.Now().AddDate(0, 1, 0).UTC().Format(time.DateOnly)
	a := h.follow(h.post(page+"/link", "until", day, "password", "blue whale"))
	if said := a.one("[aria-labelledby=terms] > p"); !strings.Contains(said, "asks for a password") || !strings.Contains(said, "Nobody has opened it yet") || attr(a.all("#until")[0], "value") != day {
		t.Errorf("terms: %q\n%s", said, a.text)
	}
	if strings.Contains(a.text, "blue whale") {
		t.Error("the page repeats the password")
	}
	for _, wrong := range []string{"2020-01-01", "soon"} {
		if a := h.post(page+"/link", "until", wrong); a.StatusCode != http.StatusUnprocessableEntity || len(a.all("[role=alert]")) != 1 {
			t.Errorf("until %s: %d", wrong, a.StatusCode)
		}
	}
	if a = h.follow(h.post(page+"/link", "until", "", "open", "yes")); h.list(alice.ID).Publication.Locked || !h.list(alice.ID).Publication.Expires.IsZero() {
		t.Errorf("the terms stay: %+v", h.list(alice.ID).Publication)
	}
	if link := h.follow(h.post(page + "/link/new")).one(".chip"); link == old || h.get(strings.TrimPrefix(old, h.server.URL)).StatusCode != http.StatusGone {
		t.Errorf("the old link %s, the new one %s", old, link)
	}
}

func TestNewsAreReadHeldDroppedAndTakenBack(t *testing.T) {
	t.Parallel()
	h, alice := member(t)
	page := h.page(alice.ID)
	h.post(page+"/who", "audience", "public")
	h.step(h.fed.NewsOnce)
	id := h.music.Playlists()[0].ID
	song := h.music.AddSong(playlists.Track{Title: "Army of Me", Artist: "Björk", Album: "Post", Duration: 234})
	h.music.SetPlaylist(id, h.songs["Jóga"], h.songs["Sinnerman"], song)
	h.ok(h.bridge.PollAccount(t.Context(), alice.ID))

	a := h.follow(h.post(page+"/news", "do", "hold"))
	if got := a.one("[aria-labelledby=news] blockquote"); !strings.Contains(got, "Army of Me") || len(a.all("button[value=release]")) != 1 {
		t.Fatalf("held: %q\n%s", got, a.text)
	}
	h.step(h.fed.NewsOnce)
	if a = h.follow(h.post(page+"/news", "do", "release")); len(a.all("button[value=hold]")) != 1 {
		t.Fatalf("let go:\n%s", a.text)
	}
	h.step(h.fed.NewsOnce)
	a = h.get(page)
	back := a.all("button[name=post]")
	if len(back) != 1 {
		t.Fatalf("sent:\n%s", a.text)
	}
	if lists := h.get("/playlists"); !strings.Contains(lists.one(".card-text"), "Last post:") {
		t.Errorf("the list of playlists:\n%s", lists.text)
	}
	if a = h.follow(h.post(page+"/news", "do", "take-back", "post", attr(back[0], "value"))); !strings.Contains(a.one("[aria-labelledby=news]"), "Taken back.") || len(a.all("button[name=post]")) != 0 {
		t.Errorf("taken back:\n%s", a.text)
	}

	h.music.SetPlaylist(id, h.songs["Jóga"], song, h.songs["Sinnerman"], h.songs["Jóga"])
	h.ok(h.bridge.PollAccount(t.Context(), alice.ID))
	h.post(page+"/news", "do", "hold")
	if a = h.follow(h.post(page+"/news", "do", "drop")); len(a.all("[aria-labelledby=news] button[name=do]")) != 0 {
		t.Errorf("dropped:\n%s", a.text)
	}
	if a = h.follow(h.post(page+"/news", "do", "set", "mode", "off", "perDay", "2")); !strings.Contains(a.one("[aria-labelledby=news]"), "No posts are made") {
		t.Errorf("set off:\n%s", a.text)
	}
	for _, wrong := range [][]string{{"do", "set", "mode", "loud", "perDay", "1"}, {"do", "set", "mode", "on", "perDay", "many"}, {"do", "set", "mode", "on", "perDay", "5000"}, {"do", "shout"}, {"do", "take-back", "post", "x"}} {
		if a := h.post(page+"/news", wrong...); a.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("%v: %d", wrong, a.StatusCode)
		}
	}
}

func TestSearchEnginesComeWhenTheOwnerSaysSo(t *testing.T) {
	t.Parallel()
	h, alice := member(t)
	id := h.list(alice.ID).ID
	if a := h.post("/playlists/"+string(id)+"/indexed", "indexed", "yes"); a.StatusCode == http.StatusSeeOther {
		t.Error("a private playlist is listed")
	}
	pub, err := h.store.Publish(t.Context(), id, playlists.Public)
	h.ok(err)
	robots := func() string { return h.get("/@" + pub.Handle).Header.Get("X-Robots-Tag") }
	if !strings.Contains(robots(), "noindex") {
		t.Errorf("before: %q", robots())
	}
	if page := h.follow(h.post("/playlists/"+string(id)+"/indexed", "indexed", "yes")); !strings.Contains(page.one(".news"), "may list the page now") || strings.Contains(robots(), "noindex") {
		t.Errorf("after: %q\n%s", robots(), page.text)
	}
	h.follow(h.post("/playlists/" + string(id) + "/indexed"))
	if !strings.Contains(robots(), "noindex") {
		t.Errorf("taken back: %q", robots())
	}
}

func TestVisitorsListenOnTheOwnersMusicServerWhenTheOwnerSaysSo(t *testing.T) {
	t.Parallel()
	h, alice := member(t)
	id := h.list(alice.ID).ID
	path := "/playlists/" + string(id) + "/listen"
	if a := h.post(path, "known", "yes"); a.StatusCode == http.StatusSeeOther {
		t.Error("a private playlist can be listened to")
	}
	pub, err := h.store.Publish(t.Context(), id, playlists.Public)
	h.ok(err)
	if a := h.post(path, "known", "yes"); a.StatusCode != http.StatusServiceUnavailable || !strings.Contains(a.one("[role=alert]"), "switched off there") {
		t.Errorf("a server that shares nothing: %d\n%s", a.StatusCode, a.text)
	}
	h.music.Sharing()
	if a := h.post(path); a.StatusCode != http.StatusUnprocessableEntity || len(h.music.Shares()) != 0 {
		t.Errorf("without a yes: %d, %v", a.StatusCode, h.music.Shares())
	}
	if page := h.get("/@" + pub.Handle); strings.Contains(page.text, "music.example") {
		t.Errorf("the page leads to the music server:\n%s", page.text)
	}
	page := h.follow(h.post(path, "known", "yes"))
	if !strings.Contains(page.one(".news"), "can listen now") || len(h.music.Shares()) != 1 {
		t.Errorf("%v\n%s", h.music.Shares(), page.text)
	}
	links := h.get("/@" + pub.Handle).all(`a[href^="https://music.example/share/"]`)
	if len(links) != 1 || !strings.Contains(attr(links[0], "rel"), "noreferrer") {
		t.Errorf("%d links to listen", len(links))
	}
	h.follow(h.post(path, "do", "end"))
	if len(h.music.Shares()) != 0 || strings.Contains(h.get("/@"+pub.Handle).text, "music.example") {
		t.Errorf("after the end: %v", h.music.Shares())
	}

	h.follow(h.post(path, "known", "yes"))
	h.follow(h.post("/playlists/"+string(id)+"/who", "audience", "public", "unlisted", "yes"))
	if len(h.music.Shares()) != 0 || strings.Contains(h.get("/@"+pub.Handle).text, "music.example") {
		t.Errorf("for another audience than the owner said yes for: %v", h.music.Shares())
	}

	h.follow(h.post(path, "known", "yes"))
	_, err = h.store.Publish(t.Context(), id, playlists.Private)
	h.ok(err)
	h.ok(h.bridge.Tidy(t.Context()))
	if len(h.music.Shares()) != 0 {
		t.Errorf("a withdrawn playlist can be listened to: %v", h.music.Shares())
	}
}
