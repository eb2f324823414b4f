package federation

import (
	"sync"
	"time"

	"github.com/songferry/songferry/playlists"
)

const (
	slowWork  = 10 * time.Second // from which on a domain is slow
	slowPause = 4                // times as long as it took: so a slow domain has a fifth of a loop's time, and not all of all
	maxSlow   = 1_000            // domains that are remembered
)

// slowDomains holds until when the background work of this process leaves a domain alone that has just taken long. Work
// that is done one after the other would else stand still for everybody else while one host takes half a minute for
// each of a thousand things.
type slowDomains struct {
	mu    sync.Mutex
	until map[string]time.Time
}

// resting returns until when the domain of an address is left alone; ok is false when it is not.
func (s *slowDomains) resting(address string, now time.Time) (until time.Time, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	until = s.until[domainOf(hostOf(address))]
	return until, now.Before(until)
}

// took keeps that work with the host of an address has just ended. It forgets everything when there is too much: each is
// then found to be slow once more.
func (s *slowDomains) took(address string, begun, now time.Time) {
	d := now.Sub(begun)
	if d < slowWork {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.until == nil || len(s.until) >= maxSlow {
		s.until = map[string]time.Time{}
	}
	s.until[domainOf(hostOf(address))] = now.Add(slowPause * d)
}

// errResting is the error for what has to wait for a slow host.
func errResting(address string) error {
	return playlists.Problemf(playlists.Unavailable, nil, "%s took very long a moment ago.", hostOf(address))
}
