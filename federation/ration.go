package federation

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/songferry/songferry/playlists"
)

// What one registered domain may cost this process in an hour. Names below a domain and accounts on a host are free to
// whoever has them, so that neither alone can be what is counted. Beyond, the answer is one that passes: a large server
// whose people come all at once delivers again later.
const (
	rationTime          = time.Hour
	maxNewHosts         = 10     // never seen; Mastodon's SUBDOMAINS_RATELIMIT
	maxNewKeys          = 5_000  // never seen, or asked for again
	maxKept             = 20_000 // activities that are kept
	maxFetchingOfDomain = 16     // keys fetched at the same time: each holds a request and its body
	maxFetching         = 128    // the same, of all domains
	maxRationed         = 10_000 // domains
)

// maxParsing activities are parsed at a time: one takes eight times its size while it is, and nobody has signed it yet.
const maxParsing = 16

// parse is parseEnvelope, in its turn.
func (f *Federation) parse(ctx context.Context, body []byte) (envelope, error) {
	select {
	case f.parsing <- struct{}{}:
	case <-ctx.Done():
		return envelope{}, ctx.Err()
	}
	defer func() { <-f.parsing }()
	return parseEnvelope(body)
}

// ration counts what domains have cost. Each process counts for itself; what it counted ends with it.
type ration struct {
	mu       sync.Mutex
	domains  map[string]*spending
	fetching int
}

type spending struct {
	since      time.Time
	hosts      map[string]struct{}
	keys, kept int
	fetching   int
}

// fetch admits the fetch of a key from host. done is to be called when it ends; it is nil when the host has to wait. A new
// host counts for the hour only if a key was found there: anybody can name hosts below another's domain, and would keep
// out those that there are.
func (r *ration) fetch(host string, now time.Time) (done func(found bool)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.of(domainOf(host), now)
	name := hostName(host)
	_, seen := s.hosts[name]
	if !seen && len(s.hosts) >= maxNewHosts || s.keys >= maxNewKeys ||
		s.fetching >= maxFetchingOfDomain || r.fetching >= maxFetching {
		return nil
	}
	s.hosts[name] = struct{}{}
	s.keys++
	s.fetching++
	r.fetching++
	hosts := s.hosts
	return func(found bool) {
		r.mu.Lock()
		defer r.mu.Unlock()
		s.fetching--
		r.fetching--
		if found {
			hosts[name] = struct{}{}
		} else if !seen {
			delete(hosts, name)
		}
	}
}

// keep admits an activity of a domain.
func (r *ration) keep(domain string, now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.of(domain, now)
	if s.kept >= maxKept {
		return false
	}
	s.kept++
	return true
}

// of returns what a domain has spent in this hour. r.mu is held.
func (r *ration) of(domain string, now time.Time) *spending {
	s := r.domains[domain]
	if s == nil {
		if r.domains == nil || len(r.domains) >= maxRationed {
			r.domains = map[string]*spending{} // whoever owns so many domains may begin again
		}
		s = &spending{}
		r.domains[domain] = s
	}
	if now.Sub(s.since).Abs() >= rationTime {
		s.since, s.hosts, s.keys, s.kept = now, map[string]struct{}{}, 0, 0
	}
	return s
}

// overdrawn is the error for a domain that has to wait.
func overdrawn(domain string) error {
	return playlists.Problemf(playlists.Unavailable, nil, "%s has sent too much in a short time. Try again later.", domain)
}

// takesMore reports whether an activity of a domain may be kept.
func (f *Federation) takesMore(domain string) (status int, err error) {
	if f.ration.keep(domain, f.now()) {
		return http.StatusAccepted, nil
	}
	return http.StatusTooManyRequests, overdrawn(domain)
}
