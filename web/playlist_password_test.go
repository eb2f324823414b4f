package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/songferry/songferry/playlists"
)

// locked is the path of a link that has a password, "open sesame".
func locked(t *testing.T, w *world) string {
	t.Helper()
	w.terms(playlists.LinkTerms{Password: new("open sesame")})
	return w.path(playlists.Link)
}

func (w *world) terms(terms playlists.LinkTerms) {
	w.t.Helper()
	if _, err := w.store.SetLinkTerms(w.t.Context(), w.published[playlists.Link].Playlist, terms); err != nil {
		w.t.Fatal(err)
	}
}

// cookieOf is what a browser sends after an answer.
func cookieOf(a answer) string {
	a.t.Helper()
	all := a.Cookies()
	if len(all) != 1 {
		a.t.Fatalf("%d cookies: %v", len(all), a.Header)
	}
	return all[0].Name + "=" + all[0].Value
}

var behind = append([]string{"", ".jpg", ".atom", ".svg"}, extensions...)

func TestAPasswordGuardsThePageAndItsFiles(t *testing.T) {
	t.Parallel()
	w := setup(t)
	path := locked(t, w)
	w.cover(w.published[playlists.Link])
	for _, suffix := range behind {
		a := w.get(path + suffix)
		if strings.Contains(a.text, "Jóga") || strings.Contains(a.text, "By link") || strings.Contains(a.text, "Alice") || suffix == "" != (a.StatusCode == 200) || suffix != "" && a.Header.Get("Location") != path {
			t.Errorf("%s: %d %v\n%s", suffix, a.StatusCode, a.Header, a.text)
		}
	}
	if a := w.goOn(path, "@bob@m.example", "import"); a.StatusCode != 404 {
		t.Errorf("going on to another server: %d", a.StatusCode)
	}
	if a := w.post(path, "password", "sesame"); a.StatusCode != http.StatusUnprocessableEntity || len(a.Cookies()) != 0 || !strings.Contains(a.one("[role=alert]"), "not the password") {
		t.Errorf("a wrong password: %d\n%s", a.StatusCode, a.text)
	}
	in := w.post(path, "password", "open sesame")
	if c := in.Cookies()[0]; in.StatusCode != http.StatusSeeOther || in.Header.Get("Location") != path || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/s/" ||
		strings.Contains(c.Name+c.Value, w.published[playlists.Link].Token) || c.MaxAge <= 0 {
		t.Errorf("%d %v", in.StatusCode, in.Header)
	}
	for _, suffix := range behind {
		if a := w.get(path+suffix, "Cookie", cookieOf(in)); a.StatusCode != 200 || a.Header.Get("Cache-Control") != "private, no-cache" {
			t.Errorf("with the password, %s: %d %v", suffix, a.StatusCode, a.Header)
		}
	}
	if page := w.get(path, "Cookie", cookieOf(in)); page.one("h1") != "By link" || len(page.all("form")) != 0 || strings.Contains(page.text, "activity+json") {
		t.Errorf("the page:\n%s", page.text)
	}
}

func TestACookieOpensItsLinkOnlyAndNotForLong(t *testing.T) {
	t.Parallel()
	w := setup(t)
	path := locked(t, w)
	cookie := cookieOf(w.post(path, "password", "open sesame"))
	name, value, _ := strings.Cut(cookie, "=")
	until, proof, _ := strings.Cut(value, ".")
	for what, forged := range map[string]string{
		"nothing": name + "=", "no proof": name + "=" + until + ".", "another proof": name + "=" + until + "." + strings.Repeat("A", len(proof)),
		"longer": name + "=1" + until + "." + proof, "a little longer": name + "=" + until[:len(until)-1] + "9." + proof, "no number": name + "=x." + proof,
	} {
		if a := w.get(path, "Cookie", forged); strings.Contains(a.text, "Jóga") {
			t.Errorf("a cookie with %s opens the link", what)
		}
	}
	w.clock.forward(11 * time.Hour)
	if a := w.get(path, "Cookie", cookie); !strings.Contains(a.text, "Jóga") {
		t.Error("the password is asked for again after eleven hours")
	}
	w.clock.forward(2 * time.Hour)
	if a := w.get(path, "Cookie", cookie); strings.Contains(a.text, "Jóga") {
		t.Error("the cookie is good after thirteen hours")
	}
	cookie = cookieOf(w.post(path, "password", "open sesame"))
	w.terms(playlists.LinkTerms{Password: new("another")})
	if a := w.get(path, "Cookie", cookie); strings.Contains(a.text, "Jóga") {
		t.Error("whoever knew the old password gets in with the new one")
	}
}

func TestPasswordsAreNotTriedWithoutEnd(t *testing.T) {
	t.Parallel()
	w := setup(t, trustLoopback)
	path := locked(t, w)
	try := func(client, password string) int {
		return w.send(http.MethodPost, path, strings.NewReader(url.Values{"password": {password}}.Encode()), "Content-Type", "application/x-www-form-urlencoded",
			"Sec-Fetch-Site", "same-origin", "X-Forwarded-For", client).StatusCode
	}
	// More bytes than bcrypt reads: refused before they cost anything.
	wrong := strings.Repeat("x", 100)
	for n := range 10 {
		if got := try("192.0.2.1", wrong); got != 422 {
			t.Fatalf("try %d: %d", n, got)
		}
	}
	if got := try("192.0.2.1", "open sesame"); got != 429 {
		t.Errorf("the eleventh try of one client: %d", got)
	}
	for n := range 20 {
		if got := try("192.0.2."+string(rune('2'+n%7))+string(rune('0'+n/7)), wrong); got != 422 {
			t.Fatalf("another client, try %d: %d", n, got)
		}
	}
	if got := try("198.51.100.1", "open sesame"); got != 429 {
		t.Errorf("the 31st try at one link, by a new client: %d", got)
	}
	w.clock.forward(time.Minute)
	if got := try("198.51.100.1", "open sesame"); got != 303 {
		t.Errorf("a minute later: %d", got)
	}
}

func TestPasswordsTriedAtTheSameTimeAreNoMoreThanOneAfterTheOther(t *testing.T) {
	t.Parallel()
	h, _ := guarded(t)
	path := h.lockedLink(h.account("alice"), "open sesame")
	heard := h.together(40, func(n int, visitor *home) int {
		return visitor.send(http.MethodPost, path, strings.NewReader("password=guess"), "Content-Type", "application/x-www-form-urlencoded",
			"Sec-Fetch-Site", "same-origin", "X-Forwarded-For", stranger(n)).StatusCode
	})
	if heard != 30 {
		t.Errorf("%d were heard", heard)
	}
}

func TestALinkThatHasExpiredIsGone(t *testing.T) {
	t.Parallel()
	w := setup(t)
	path := w.path(playlists.Link)
	w.terms(playlists.LinkTerms{Expires: now.Add(48 * time.Hour)})
	if page := w.get(path); !strings.Contains(page.one(".notice"), "until the end of 2 May 2026") {
		t.Errorf("the page does not say how long:\n%s", page.text)
	}
	w.storeClock.forward(48 * time.Hour)
	for _, suffix := range behind {
		if a := w.get(path + suffix); a.StatusCode != http.StatusGone || strings.Contains(a.text, "Jóga") {
			t.Errorf("%s: %d", suffix, a.StatusCode)
		}
	}
	if a := w.post(path, "password", "x"); a.StatusCode != http.StatusGone {
		t.Errorf("its form: %d", a.StatusCode)
	}
}

func TestVisitsOfALinkAreCounted(t *testing.T) {
	t.Parallel()
	w := setup(t)
	visits := func() int64 {
		pub, err := w.store.Publication(t.Context(), w.published[playlists.Link].Playlist)
		if err != nil {
			t.Fatal(err)
		}
		return pub.Visits
	}
	path := w.path(playlists.Link)
	w.get(path)
	w.get(path)
	if visits() != 2 {
		t.Errorf("two visits are %d", visits())
	}
	w.do(http.MethodHead, path)
	for _, suffix := range behind[1:] {
		w.get(path + suffix)
	}
	locked(t, w)
	w.get(path)
	w.post(path, "password", "wrong")
	if visits() != 2 {
		t.Errorf("what was no look at the page makes it %d", visits())
	}
}
