package federation

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/songferry/songferry/playlists/seal"
)

func TestE74WhatADomainMayCostIsBounded(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC)
	var q quotas
	var ends []func(bool)
	fetch := func(host string) bool {
		done := q.fetch(host, now)
		if done != nil {
			ends = append(ends, done)
		}
		return done != nil
	}
	for range maxFetchingOfDomain {
		if !fetch("slow.example:8443") {
			t.Fatal("refused too early")
		}
	}
	if fetch("slow.example") || fetch("www.slow.example") {
		t.Error("a domain has more fetches at a time than it may")
	}
	for n := len(ends); n < maxFetching; n++ {
		if !fetch(fmt.Sprintf("d%d.example", n/8)) {
			t.Fatalf("fetch %d refused", n)
		}
	}
	if fetch("good.example") {
		t.Error("more fetches at a time than all may have")
	}
	for _, end := range ends {
		end(true)
	}
	if !fetch("good.example") || !fetch("slow.example") || q.fetching != 2 {
		t.Errorf("%d at a time when all but two have ended", q.fetching)
	}

	// Keys and activities, of an hour.
	fetched, kept := 0, 0
	for range maxNewKeys + maxKept {
		if done := q.fetch("big.example", now); done != nil {
			fetched++
			done(true)
		}
		if ok, _ := q.keep("big.example", now); ok {
			kept++
		}
	}
	if fetched != maxNewKeys || kept != maxKept {
		t.Errorf("%d keys, %d activities", fetched, kept)
	}
	other, _ := q.keep("other.example", now)
	later, _ := q.keep("big.example", now.Add(quotaTime))
	if !other || !later || q.fetch("big.example", now.Add(quotaTime)) == nil {
		t.Error("it is not another's quota, or does not end")
	}

	for n := range 3 * maxCounted {
		q.keep(fmt.Sprintf("n%d.example", n), now)
	}
	if len(q.domains) > maxCounted {
		t.Errorf("%d domains are remembered", len(q.domains))
	}
}

func TestProcessesShareWhatADomainMayHaveKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	key, err := seal.NewKey([]byte(strings.Repeat("k", 32)))
	w.ok(err)
	processes := []*Federation{w.Federation, w.open(key), w.open(key)}
	keep := func(domain string, often int) (kept int) {
		for n := range often {
			status, err := processes[n%len(processes)].takesMore(t.Context(), domain)
			if status == http.StatusAccepted {
				kept++
			} else if status != http.StatusTooManyRequests {
				t.Fatal(status, err)
			}
		}
		return kept
	}
	unknown := len(processes) * tellEvery
	if kept := keep("big.example", 2*maxKept); kept < maxKept || kept > maxKept+unknown {
		t.Errorf("three processes kept %d", kept)
	}
	if kept := keep("other.example", 1000); kept != 1000 {
		t.Errorf("another domain suffers: %d", kept)
	}
	processes = append(processes[:1], w.open(key)) // after a start
	if kept := keep("big.example", 1000); kept > tellEvery {
		t.Errorf("whoever starts keeps %d more", kept)
	}
	w.clock.forward(quotaTime)
	if kept := keep("big.example", 1000); kept != 1000 {
		t.Errorf("an hour later: %d", kept)
	}
	w.clock.forward(quotaTime)
	w.ok(w.Tidy(t.Context()))
	if n := w.count(`SELECT COUNT(*) FROM quotas`); n != 0 {
		t.Errorf("%d rows are left", n)
	}
}

func TestAnHourThatBeganWhileAClockWasAheadIsOver(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, domain := range []string{"big.example", "silent.example"} {
		w.exec(`INSERT INTO quotas (domain, since, kept) VALUES ($1, $2, $3)`, domain, w.now().AddDate(1, 0, 0).UnixMilli(), maxKept)
	}
	for range 2 * tellEvery {
		if _, err := w.takesMore(t.Context(), "big.example"); err != nil {
			t.Fatal(err)
		}
	}
	w.ok(w.Tidy(t.Context()))
	if n := w.count(`SELECT COUNT(*) FROM quotas`); n != 1 {
		t.Errorf("%d rows are left, of two of which one began by the right clock", n)
	}
}
