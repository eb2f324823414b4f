package web_test

import (
	"net/http"
	"net/url"
	"os/exec"
	"strings"
	"testing"
)

func TestWhoIsSentHereIsShownHowToGoOn(t *testing.T) {
	t.Parallel()
	w := setup(t)
	for _, c := range []struct{ path, given, shown, command string }{
		{"/authorize_interaction?uri=", "https://m.example/users/bob", "https://m.example/users/bob", "songferry follow --account NAME 'https://m.example/users/bob'"},
		{"/authorize_interaction?uri=", "acct:bob@M.example", "@bob@m.example", "songferry follow --account NAME '@bob@m.example'"},
		{"/authorize_interaction?uri=", "@bob@m.example", "@bob@m.example", "songferry follow --account NAME '@bob@m.example'"},
		{"/import?url=", "https://m.example/@bob_list", "https://m.example/@bob_list", "songferry import --account NAME 'https://m.example/@bob_list'"},
		{"/import?url=", "https://m.example/ap/playlists/x", "https://m.example/ap/playlists/x", "songferry import --account NAME 'https://m.example/ap/playlists/x'"},
		{"/import?url=", "https://m.example/s/TOKEN", "https://m.example/s/TOKEN", "songferry import --account NAME 'https://m.example/s/TOKEN'"},
		{"/import?url=", "bob_list@m.example", "@bob_list@m.example", "songferry import --account NAME '@bob_list@m.example'"},
	} {
		a := w.get(c.path + url.QueryEscape(c.given))
		if a.StatusCode != http.StatusOK || a.one(".chip") != c.shown || a.one(".command") != c.command {
			t.Errorf("%s%s: %d\n%s", c.path, c.given, a.StatusCode, a.text)
		}
		if a.Header.Get("Referrer-Policy") != "no-referrer" || a.Header.Get("Cache-Control") != "no-store" || !strings.HasPrefix(a.Header.Get("X-Robots-Tag"), "noindex,") ||
			!strings.Contains(a.Header.Get("Content-Security-Policy"), "frame-ancestors 'none'") {
			t.Errorf("%s: %v", c.path, a.Header)
		}
	}
	if len(w.visitors.came) != 0 {
		t.Error("a GET made this bridge ask others")
	}
}

func TestTheCommandIsSafeInAShell(t *testing.T) {
	t.Parallel()
	w := setup(t)
	for _, given := range []string{
		`https://m.example/it's`, `https://m.example/?a=1&b=2;touch x`, "https://m.example/$(touch x)`touch x`", `https://m.example/?x='; touch x; '`, `https://m.example/\'"x`, `https://m.example/*?~!#`, "https://m.example/-- -x",
	} {
		a := w.get("/import?url=" + url.QueryEscape(given))
		if a.StatusCode != http.StatusOK {
			t.Errorf("%s: %d", given, a.StatusCode)
			continue
		}
		sh := exec.CommandContext(t.Context(), "sh", "-c", strings.Replace(textOf(a.all(".command")[0]), "songferry", "printf '%s\\n'", 1))
		sh.Dir = t.TempDir()
		out, err := sh.Output()
		if want := "import\n--account\nNAME\n" + a.one(".chip") + "\n"; err != nil || string(out) != want {
			t.Errorf("%s: the shell sees %q, want %q (%v)", given, out, want, err)
		}
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
