// Package browsertest lets a test use pages as a person does: in Chromium, by what can be read on them. Its tests, and those
// of its users, carry the build tag chromium, which `make test` sets where Chromium and what driver/package-lock.json
// names could be installed.
//
// Whatever a Tab shows is looked at: the test fails when a page breaks its content security policy, when the console has an
// error, a script throws, a request fails, goes to another origin or answers 400 and above, when the page is wider than
// its window, when axe-core has a serious finding (not without scripts, which it needs), or html-validate any.
//
// One Chromium serves a test binary. Tabs share nothing of it but the processor, so tests may be parallel.
package browsertest

import (
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
)

// Options say who looks. The zero value is an English person with a small phone, in daylight.
type Options struct {
	Wide     bool     // a window of 1200 px, else of 360
	Dark     bool     // prefers dark pages
	NoScript bool     // runs no JavaScript
	Language string   // as navigator.language has it, "" is "en"
	Others   []string // origins, besides its own, that the tab may ask: those of another bridge
}

// Tab is a browser with one page and with cookies and storage of its own. It ends with its test. What it is told to do waits
// until that is possible, and then until the page that it leads to is there; the test fails if that takes too long.
// Cookies do not tell ports of a host apart: two servers in one tab need two hosts, 127.0.0.1 and localhost.
type Tab struct {
	t       testing.TB
	driver  *driver
	number  int64
	options Options
	within  string // a text, or "" for the whole page
	expects *int   // by ExpectStatus, for the next step
}

var tabs atomic.Int64

// Open opens a tab for the server at an origin, and shows nothing yet.
func Open(t testing.TB, origin string, o Options) *Tab {
	t.Helper()
	d, err := shared()
	if err != nil {
		t.Fatalf("the browser (npm ci in web/browsertest/driver): %v", err)
	}
	if o.Language == "" {
		o.Language = "en"
	}
	tab := &Tab{t: t, driver: d, number: tabs.Add(1), options: o, expects: new(int)}
	tab.call(nil, "open", map[string]any{"origin": origin, "others": o.Others, "viewport": windowOf(o.Wide), "dark": o.Dark,
		"noScript": o.NoScript, "language": o.Language})
	t.Cleanup(func() {
		if t.Failed() {
			tab.Screenshot("failed " + t.Name())
		}
		tab.call(nil, "close", nil)
	})
	return tab
}

// window is what the driver calls a viewport, in CSS pixels.
type window struct {
	Width  int `json:"width"`
	Height int `json:"height"`
}

func windowOf(wide bool) window {
	if wide {
		return window{1200, 900}
	}
	return window{360, 740}
}

// Within returns the same tab, looking only at the innermost list item, table row, article, section, field set, form or dialog
// that shows a text.
func (tab *Tab) Within(text string) *Tab {
	part := *tab
	part.within = text
	return &part
}

// ExpectStatus says how the page answers that the next step leads to. Otherwise it must be below 400.
func (tab *Tab) ExpectStatus(status int) { *tab.expects = status }

// Screenshot takes a picture of the whole page, as a PNG file of that name in the folder SONGFERRY_SCREENSHOTS; none if
// that is not set.
func (tab *Tab) Screenshot(name string) {
	tab.t.Helper()
	if folder := os.Getenv("SONGFERRY_SCREENSHOTS"); folder != "" {
		tab.call(nil, "screenshot", map[string]any{"path": filepath.Join(folder, fileName.Replace(name)+".png")})
	}
}

var fileName = strings.NewReplacer("/", "-", " ", "-", "?", "-", "@", "", ":", "-")
