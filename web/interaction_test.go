package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestWhoIsSentHereIsShownHowToGoOn(t *testing.T) {
	t.Parallel()
	h, _ := member(t)
	stranger := browser(t)
	for _, c := range []struct{ path, given, shown string }{
		{"/authorize_interaction?uri=", "https://m.example/users/bob", "https://m.example/users/bob"},
		{"/authorize_interaction?uri=", "acct:bob@M.example", "@bob@m.example"},
		{"/authorize_interaction?uri=", "@bob@m.example", "@bob@m.example"},
		{"/import?url=", "https://m.example/@bob_list", "https://m.example/@bob_list"},
		{"/import?url=", "https://m.example/s/TOKEN?a=1&b='2", "https://m.example/s/TOKEN?a=1&b='2"},
		{"/import?url=", "bob_list@m.example", "@bob_list@m.example"},
	} {
		path := c.path + url.QueryEscape(c.given)
		a := h.get(path, "Sec-Fetch-User", "?1", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "document")
		if form := a.all("form[action='/follow']"); a.StatusCode != http.StatusOK || a.one(".chip") != c.shown || len(form) != 1 || attr(a.all("form[action='/follow'] input")[0], "value") != c.shown {
			t.Errorf("%s: %d\n%s", path, a.StatusCode, a.text)
		}
		if a.Header.Get("Referrer-Policy") != "same-origin" || a.Header.Get("Cache-Control") != "no-store" || !strings.HasPrefix(a.Header.Get("X-Robots-Tag"), "noindex,") ||
			!strings.Contains(a.Header.Get("Content-Security-Policy"), "frame-ancestors 'none'") {
			t.Errorf("%s: %v", path, a.Header)
		}
		own := h.client
		h.client = stranger
		b := h.get(path)
		h.client = own
		if b.StatusCode != http.StatusOK || b.one(".chip") != c.shown || len(b.all("main form")) != 0 || len(b.Cookies()) != 0 {
			t.Errorf("a stranger at %s: %d\n%s", path, b.StatusCode, b.text)
		}
		if next, err := url.Parse(attr(b.all("main a.button")[0], "href")); err != nil || next.Path != "/signin" || next.Query().Get("next") != path {
			t.Errorf("a stranger signs in at %v and is to come back to %s", next, path)
		}
	}
	if n, err := h.lookups.LookupOnce(t.Context()); n != 0 || err != nil {
		t.Errorf("a GET made this bridge look at something: %d, %v", n, err)
	}
}

func TestWhoHasToSignInFirstComesBackToWhatTheyWanted(t *testing.T) {
	t.Parallel()
	h, _ := member(t)
	h.client = browser(t)
	a := h.get("/import?url=" + url.QueryEscape("https://m.example/@bob_list"))
	form := h.get(attr(a.all("main a.button")[0], "href"))
	a = h.post("/signin", "name", "alice", "password", "wonder", "next", attr(form.all("input[name=next]")[0], "value"))
	if page := h.follow(a); page.one(".chip") != "https://m.example/@bob_list" || len(page.all("form[action='/follow'] button[autofocus]")) != 1 {
		t.Errorf("%s", page.text)
	}
}

func TestGarbageIsRefusedWithASentence(t *testing.T) {
	t.Parallel()
	w := setup(t)
	for _, page := range []string{"/authorize_interaction?uri=", "/import?url="} {
		for _, given := range []string{"", "alice", "javascript:alert(1)", "data:text/html,x", "//evil.example/x", "https://", "https://u:p@m.example/", "file:///etc/passwd", "%00", "\u202e", strings.Repeat("a", 10_000), "<script>alert(1)</script>"} {
			a := w.get(page + url.QueryEscape(given))
			if a.StatusCode != http.StatusBadRequest || a.one("h1") != "This request makes no sense here" || strings.Contains(a.text, "alert(1)") {
				t.Errorf("%s%.30q: %d\n%s", page, given, a.StatusCode, a.text)
			}
		}
		parameter := strings.Trim(page[strings.Index(page, "?"):], "?=")
		for _, query := range []string{"", "?other=@a@m.example", "?" + parameter + "=@a@m.example&" + parameter + "=@b@m.example"} {
			if a := w.get(page[:strings.Index(page, "?")] + query); a.StatusCode != http.StatusBadRequest {
				t.Errorf("%s%s: %d", page, query, a.StatusCode)
			}
		}
		if a := w.do(http.MethodPost, page+"@a@m.example"); a.StatusCode != http.StatusMethodNotAllowed {
			t.Errorf("POST %s: %d", page, a.StatusCode)
		}
	}
}

func TestG113NobodyIsSentBackAnywhere(t *testing.T) {
	t.Parallel()
	w := setup(t)
	for _, back := range []string{"https://evil.example", "javascript:alert(1)", "//evil.example", "(close)", "https://m.example/done"} {
		for _, page := range []string{"/authorize_interaction?uri=@bob@m.example", "/import?url=@bob@m.example"} {
			a := w.get(page + "&on-success=" + url.QueryEscape(back) + "&on-cancel=" + url.QueryEscape(back))
			if a.StatusCode != http.StatusOK || a.Header.Get("Location") != "" || a.Header.Get("Refresh") != "" || strings.Contains(a.text, back) || len(a.all("meta[http-equiv]")) != 0 {
				t.Errorf("%s, %s: %d %v\n%s", page, back, a.StatusCode, a.Header, a.text)
			}
		}
	}
}
