package federation

import (
	"net/http"
	"sync"
	"time"

	"github.com/songferry/songferry/playlists"
)

// What one registered domain may cost this process in an hour. Names below a domain and accounts on a host are free to
// whoever has them, so that neither alone can be what is counted. Beyond, the answer is one that passes: a large server
// whose people come all at once delivers again later.
const (
	quotaTime           = time.Hour
	maxNewHosts         = 10     // never seen; Mastodon's SUBDOMAINS_RATELIMIT
	maxNewKeys          = 5_000  // never seen, or asked for again
	maxKept             = 20_000 // activities that are kept
	maxFetchingOfDomain = 16     // keys fetched at the same time: each holds a request and its body
	maxFetching         = 128    // the same, of all domains
	maxCounted          = 10_000 // domains that are counted
)

// quotas count what domains have cost. Each process counts for itself; what it counted ends with it.
type quotas struct {
	mu       sync.Mutex
	domains  map[string]*spent
	fetching int
}

type spent struct {
	since      time.Time
	hosts      map[string]struct{}
	keys, kept int
	fetching   int
}

// fetch admits the fetch of a key from host. done is to be called when it ends; it is nil when the host has to wait. A new
// host counts for the hour only if a key was found there: anybody can name hosts below another's domain, and would keep
// out those that there are.
func (q *quotas) fetch(host string, now time.Time) (done func(found bool)) {
	q.mu.Lock()
	defer q.mu.Unlock()
	u := q.of(domainOf(host), now)
	name := hostName(host)
	_, seen := u.hosts[name]
	if !seen && len(u.hosts) >= maxNewHosts || u.keys >= maxNewKeys ||
		u.fetching >= maxFetchingOfDomain || q.fetching >= maxFetching {
		return nil
	}
	u.hosts[name] = struct{}{}
	u.keys++
	u.fetching++
	q.fetching++
	hosts := u.hosts
	return func(found bool) {
		q.mu.Lock()
		defer q.mu.Unlock()
		u.fetching--
		q.fetching--
		if found {
			hosts[name] = struct{}{}
		} else if !seen {
			delete(hosts, name)
		}
	}
}

// keep admits an activity of a domain.
func (q *quotas) keep(domain string, now time.Time) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	u := q.of(domain, now)
	if u.kept >= maxKept {
		return false
	}
	u.kept++
	return true
}

// of returns what a domain has spent in this hour. q.mu is held.
func (q *quotas) of(domain string, now time.Time) *spent {
	u := q.domains[domain]
	if u == nil {
		if q.domains == nil || len(q.domains) >= maxCounted {
			q.domains = map[string]*spent{} // whoever owns so many domains may begin again
		}
		u = &spent{}
		q.domains[domain] = u
	}
	if now.Sub(u.since).Abs() >= quotaTime {
		u.since, u.hosts, u.keys, u.kept = now, map[string]struct{}{}, 0, 0
	}
	return u
}

// overQuota is the error for a domain that has to wait.
func overQuota(domain string) error {
	return playlists.Problemf(playlists.Unavailable, nil, "%s has sent too much in a short time. Try again later.", domain)
}

// takesMore reports whether an activity of a domain may be kept.
func (f *Federation) takesMore(domain string) (status int, err error) {
	if f.quotas.keep(domain, f.now()) {
		return http.StatusAccepted, nil
	}
	return http.StatusTooManyRequests, overQuota(domain)
}
