package federation

import (
	"fmt"
	"testing"
	"time"
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
		if q.keep("big.example", now) {
			kept++
		}
	}
	if fetched != maxNewKeys || kept != maxKept {
		t.Errorf("%d keys, %d activities", fetched, kept)
	}
	if !q.keep("other.example", now) || !q.keep("big.example", now.Add(quotaTime)) || q.fetch("big.example", now.Add(quotaTime)) == nil {
		t.Error("it is not another's quota, or does not end")
	}

	for n := range 3 * maxCounted {
		q.keep(fmt.Sprintf("n%d.example", n), now)
	}
	if len(q.domains) > maxCounted {
		t.Errorf("%d domains are remembered", len(q.domains))
	}
}
