package federation

import (
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/songferry/songferry/federation/federationtest"
)

func TestG119AWrongClockIsSuspectedWhenTwoDomainsSaySo(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		says []string // "domain offset", a minute apart
		warn int
	}{
		"right":                        {[]string{"a.example 0s", "b.example 30s", "c.example -30s"}, 0},
		"one server alone":             {[]string{"a.example 5m", "a.example 5m", "a.example 5m"}, 0},
		"two of them":                  {[]string{"a.example 5m", "b.example 5m10s"}, 1},
		"slow too":                     {[]string{"a.example -2m", "b.example -2m"}, 1},
		"two that do not agree":        {[]string{"a.example 5m", "b.example -5m", "c.example 20m"}, 0},
		"somebody agrees with us":      {[]string{"a.example 5m", "b.example 0s", "c.example 5m"}, 0},
		"not again within the hour":    {[]string{"a.example 5m", "b.example 5m", "c.example 5m", "d.example 5m"}, 1},
		"a liar between two right":     {[]string{"a.example 0s", "b.example 999h", "c.example 0s"}, 0},
		"names below one domain":       {[]string{"evil.example 5m", "evil.example 5m"}, 0},
		"again after an hour and more": {append(strings.Split(strings.Repeat("a.example 5m,b.example 5m,", 40), ","), "c.example 0s"), 2},
	} {
		var d clockDoubt
		warned, now := 0, start
		for _, say := range c.says {
			domain, text, ok := strings.Cut(say, " ")
			if !ok {
				continue
			}
			off, err := time.ParseDuration(text)
			if err != nil {
				t.Fatal(err)
			}
			if _, sure := d.doubt(domain, off, now); sure {
				warned++
			}
			now = now.Add(time.Minute)
		}
		if warned != c.warn {
			t.Errorf("%s: warned %d times", name, warned)
		}
	}
}

func TestG119TheDateOfAnAnswerIsLookedAt(t *testing.T) {
	t.Parallel()
	var log syncBuffer
	w := newWorld(t, func(c *Config) { c.Log = slog.New(slog.NewTextHandler(&log, nil)) })
	inst := federationtest.New(t)
	answer := func(status int, header ...string) {
		inst.Fail("/doc", func(rw http.ResponseWriter, _ *http.Request) {
			rw.Header().Set("Date", w.clock.now().Add(10*time.Minute).Format(http.TimeFormat))
			for _, h := range header {
				name, value, _ := strings.Cut(h, ": ")
				rw.Header().Set(name, value)
			}
			rw.WriteHeader(status)
			send(rw, []byte("{}"))
		})
		_, _ = w.client.Get(t.Context(), inst.URL+"/doc", "*/*", nil, Conditional{}) // an error is an answer, too
	}
	seen := func() string {
		w.clock.forward(0)
		w.Federation.clock.mu.Lock()
		defer w.Federation.clock.mu.Unlock()
		return w.Federation.clock.domain
	}
	answer(404)
	answer(200, "Age: 600")
	answer(200, "Date: yesterday")
	if got := seen(); got != "" {
		t.Errorf("believed %q", got)
	}
	w.Federation.clock.doubt("b.example", 10*time.Minute, w.clock.now())
	answer(200)
	if got := log.String(); seen() != "127.0.0.1" || !strings.Contains(got, "clock of this machine") || !strings.Contains(got, "seconds=600") {
		t.Errorf("last %q, logged %s", seen(), got)
	}
}
