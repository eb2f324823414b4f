package web_test

import (
	"bufio"
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/songferry/songferry/playlists"
)

// events are what a page hears of some work.
type events struct {
	t     testing.TB
	lines *bufio.Scanner
	close func()
}

func (h *home) listen(path string) events {
	h.t.Helper()
	ctx, cancel := context.WithCancel(h.t.Context())
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, h.server.URL+path, nil)
	h.ok(err)
	res, err := h.client.Do(r)
	h.ok(err)
	if res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != "text/event-stream" || res.Header.Get("Cache-Control") != "no-store" {
		h.t.Fatalf("%s: %d %v", path, res.StatusCode, res.Header)
	}
	return events{h.t, bufio.NewScanner(res.Body), func() { cancel(); res.Body.Close() }}
}

// next returns the lines of the next event.
func (e events) next() string {
	e.t.Helper()
	var event []string
	for e.lines.Scan() {
		if e.lines.Text() == "" {
			return strings.Join(event, "\n")
		}
		event = append(event, e.lines.Text())
	}
	return "the end"
}

func TestAPageHearsHowFarAnyProcessHasCome(t *testing.T) {
	t.Parallel()
	h, _ := friend(t)
	path := h.post("/follow", "target", h.server.URL+"/@nobody").Header.Get("Location")
	heard := h.listen(path + "/events")
	defer heard.close()
	for _, step := range []struct{ row, event string }{
		{``, `data: {"done":0,"total":0,"say":"It begins in a moment."}`},
		{`UPDATE lookups SET done = 500, total = 48000`, `data: {"done":500,"total":48000,"say":"500 of 48000"}`},
		{`UPDATE lookups SET result = '{}'`, "event: done\n" + `data: {"done":500,"total":48000,"say":"500 of 48000"}`},
	} {
		if step.row != "" {
			h.exec(step.row)
		}
		if event := heard.next(); event != step.event {
			t.Fatalf("heard %q, want %q", event, step.event)
		}
	}
	if event := heard.next(); event != "the end" {
		t.Errorf("heard %q after the end", event)
	}
}

func TestAPageHearsWhenACopyIsWritten(t *testing.T) {
	t.Parallel()
	alice, _ := member(t)
	h, _ := friend(t)
	path, _ := h.looksAt(alice.publishes("Sunday", playlists.Public, joga))
	copied := h.post(path, "mode", "sync").Header.Get("Location")
	heard := h.listen(copied + "/events")
	defer heard.close()
	if event := heard.next(); !strings.HasPrefix(event, "data: {") {
		t.Errorf("heard %q", event)
	}
	h.settle()
	for event := ""; !strings.HasPrefix(event, "event: done"); {
		if event = heard.next(); event == "the end" {
			t.Fatal("the page never heard that it was written")
		}
	}
}

func TestNobodyWaitsInManyPages(t *testing.T) {
	t.Parallel()
	h, _ := friend(t)
	path := h.post("/follow", "target", h.server.URL+"/@nobody").Header.Get("Location")
	for range 6 {
		heard := h.listen(path + "/events")
		defer heard.close()
		heard.next()
	}
	if a := h.get(path + "/events"); a.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("the seventh: %d", a.StatusCode)
	}
}

func TestPagesThatWaitKeepNoServerFromStopping(t *testing.T) {
	t.Parallel()
	stopping := make(chan struct{})
	h, _ := member(t, func(c *config) { c.Stopping = stopping })
	heard := h.listen(h.post("/follow", "target", h.server.URL+"/@nobody").Header.Get("Location") + "/events")
	defer heard.close()
	heard.next()
	close(stopping)
	if event := heard.next(); event != "the end" {
		t.Errorf("heard %q", event)
	}
}
