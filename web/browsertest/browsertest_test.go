//go:build chromium

package browsertest

import (
	"fmt"
	"mime"
	"net/http"
	"net/http/httptest"
	"path"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// strict is the policy of our own pages, but with scripts.
const strict = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'"

// around puts the content of a page into a sound one.
func around(content string) string {
	return `<!DOCTYPE html>
<html lang="en"><head><meta name="viewport" content="width=device-width"><link rel="icon" href="/icon"><title>A page</title></head>
<body><main><h1>A page</h1>` + content + `</main></body></html>`
}

// pages is a server of pages, and of what they load, by their paths.
type pages map[string]string

func (p pages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Security-Policy", strict)
	content, known := p[r.URL.Path]
	kind := mime.TypeByExtension(path.Ext(r.URL.Path))
	switch {
	case r.URL.Path == "/icon":
		w.WriteHeader(http.StatusNoContent)
	case known && kind != "":
		w.Header().Set("Content-Type", kind)
		fmt.Fprint(w, content)
	default:
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		if !known {
			w.WriteHeader(http.StatusNotFound)
		}
		fmt.Fprint(w, around(content))
	}
}

func serve(t *testing.T, p pages) (origin string) {
	t.Helper()
	s := httptest.NewServer(p)
	t.Cleanup(s.Close)
	return s.URL
}

// witness is a test that may fail: it keeps what it would say.
type witness struct {
	testing.TB
	said []string
}

func (w *witness) Errorf(format string, args ...any) {
	w.said = append(w.said, fmt.Sprintf(format, args...))
}

func (w *witness) Fatalf(format string, args ...any) {
	w.Errorf(format, args...)
	runtime.Goexit()
}

// complaints are what a test would say that does something.
func complaints(t *testing.T, do func(testing.TB)) []string {
	t.Helper()
	w := &witness{TB: t}
	done := make(chan struct{})
	go func() {
		defer close(done)
		do(w)
	}()
	<-done
	return w.said
}

func TestWhatIsWrongWithAPageFailsTheTest(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ content, says string }{
		"a style of its own":    {`<p style="color:red">Red</p>`, "Content Security Policy"},
		"a script in the page":  {`<script>document.title = "x"</script>`, "Content Security Policy"},
		"a script that throws":  {`<script src="/throws.js"></script>`, "script: Error: thrown"},
		"a script that moans":   {`<script src="/moans.js"></script>`, "console: moaned"},
		"a missing picture":     {`<img src="/missing.png" alt="">`, "/missing.png: status 404"},
		"a foreign picture":     {`<img src="http://other.example/x.png" alt="">`, "to another origin: GET http://other.example/x.png"},
		"a table too wide":      {`<pre>` + strings.Repeat("wide", 100) + `</pre>`, "px wide in a window of 360 px"},
		"a field without label": {`<form action="/"><input name="x"><button type="submit">Go</button></form>`, "critical, label:"},
		"a window of its own":   {`<script src="/opens.js"></script>`, "a second window"},
		"a paragraph in a list": {`<ul><p>One</p></ul>`, "HTML, line 3"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			origin := serve(t, pages{"/": c.content, "/throws.js": `throw new Error("thrown")`, "/moans.js": `console.error("moaned")`, "/opens.js": `open("/")`})
			said := complaints(t, func(tb testing.TB) { Open(tb, origin, Options{}).Goto("/") })
			if !slices.ContainsFunc(said, func(s string) bool { return strings.Contains(s, c.says) }) {
				t.Errorf("said %q, want %q", said, c.says)
			}
		})
	}
}

func TestASoundPageFailsNothing(t *testing.T) {
	t.Parallel()
	origin := serve(t, pages{"/": `<p>Well.</p><script src="/greets.js"></script>`, "/greets.js": `document.querySelector("p").append(" Hello!")`})
	for _, o := range []Options{{}, {Dark: true, Wide: true}} {
		tab := Open(t, origin, o)
		tab.Goto("/")
		tab.Sees("Well. Hello!")
	}
	quiet := Open(t, origin, Options{NoScript: true})
	quiet.Goto("/")
	quiet.SeesNot("Hello!")
}

func TestStatusesAreAsExpected(t *testing.T) {
	t.Parallel()
	origin := serve(t, pages{"/": `<a href="/missing">On</a>`})
	tab := Open(t, origin, Options{})
	tab.Goto("/")
	tab.ExpectStatus(http.StatusNotFound)
	tab.Click("On")
	for _, c := range []struct {
		status int
		path   string
	}{{0, "/missing"}, {http.StatusNotFound, "/"}, {http.StatusGone, "/missing"}, {http.StatusOK, "#part"}} {
		said := complaints(t, func(tb testing.TB) {
			tab := Open(tb, origin, Options{})
			tab.Goto("/")
			tab.ExpectStatus(c.status)
			tab.Goto(c.path)
		})
		if len(said) != 1 || !strings.Contains(said[0], "status") {
			t.Errorf("%s, when %d is expected: %q", c.path, c.status, said)
		}
	}
}

func TestAPersonUsesAForm(t *testing.T) {
	t.Parallel()
	origin := serve(t, pages{"/": `<form action="/sent"><label for="u">User name</label> <input id="u" name="u"> <label for="n">Name</label> <input id="n" name="n">
<label for="c">Colour</label> <select id="c" name="c"><option>Red</option><option>Blue</option></select>
<label><input type="checkbox" name="m"> More</label> <button type="submit">Send</button></form>
<ul><li>One <button type="button">Drop</button></li><li>Two <a href="/two">Drop</a></li></ul>
<label for="f">File</label> <input id="f" type="file"><details><summary><h2>Further</h2></summary><p>Hidden</p></details>`, "/sent": "<p>Thank you</p>", "/two": ""})
	tab := Open(t, origin, Options{})
	tab.Goto("/")
	tab.Fill("Name", "Ann")
	tab.Select("Colour", "Blue")
	tab.Check("More")
	tab.Click("Send")
	tab.Sees("thank you")
	if tab.URL() != origin+"/sent?u=&n=Ann&c=Blue&m=on" || tab.Title() != "A page" {
		t.Errorf("at %s, %q", tab.URL(), tab.Title())
	}
	tab.Back()
	tab.Upload("File", "list.csv", "a,b")
	if !strings.HasSuffix(tab.Value("File"), "list.csv") {
		t.Errorf("the file is %q", tab.Value("File"))
	}
	tab.SeesNot("Hidden")
	tab.Click("Further")
	tab.Sees("Hidden")
	tab.Within("Two").Click("Drop")
	if tab.URL() != origin+"/two" {
		t.Errorf("at %s", tab.URL())
	}
}

func TestAPersonUsesTheKeyboard(t *testing.T) {
	t.Parallel()
	origin := serve(t, pages{"/": `<p><a href="/">Home</a> <a href="/on">Go on</a></p>`, "/on": "<p>Arrived</p>",
		"/hidden": `<link rel="stylesheet" href="/none.css"><p><a href="/">Home</a></p>`, "/none.css": "a:focus { outline: none }"})
	tab := Open(t, origin, Options{})
	tab.Goto("/")
	if way := tab.TabTo("on"); !slices.Equal(way, []string{`link "Home"`, `link "Go on"`}) || tab.Focused() != `link "Go on"` {
		t.Errorf("%q, then %q", way, tab.Focused())
	}
	tab.Press("Enter")
	tab.Sees("Arrived")
	said := complaints(t, func(tb testing.TB) {
		tab := Open(tb, origin, Options{})
		tab.Goto("/")
		tab.TabTo("Nowhere")
	})
	if len(said) != 1 || !strings.Contains(said[0], `Tab does not reach "Nowhere"`) {
		t.Errorf("%q", said)
	}

	said = complaints(t, func(tb testing.TB) {
		tab := Open(tb, origin, Options{})
		tab.Goto("/hidden")
		tab.TabTo("Home")
	})
	if len(said) != 1 || !strings.Contains(said[0], `nothing shows that link "Home" has the focus`) {
		t.Errorf("%q", said)
	}
}
