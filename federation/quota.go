package federation

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/songferry/songferry/playlists"
)

// What one registered domain may cost in an hour. Names below a domain and accounts on a host are free to
// whoever has them, so that neither alone can be what is counted. Beyond, the answer is one that passes: a large server
// whose people come all at once delivers again later.
const (
	quotaTime           = time.Hour
	maxNewHosts         = 10     // never seen; Mastodon's SUBDOMAINS_RATELIMIT
	maxNewKeys          = 5_000  // never seen, or asked for again
	maxKept             = 20_000 // activities that are kept, by all processes
	tellEvery           = 200    // such, after which a process tells the others: it may keep so many that they do not know of
	maxFetchingOfDomain = 16     // keys fetched at the same time: each holds a request and its body
	maxFetching         = 128    // the same, of all domains
	maxCounted          = 10_000 // domains that are counted
)

// quotas count what domains have cost, in memory. What is kept counts for all processes (tellKept). Each counts the keys that it
// fetches for itself, and forgets them when it ends: what comes of them is bounded in the database (maxMissingOfDomain,
// maxRemoteActors), and how many are fetched at once is a matter of one process's memory.
type quotas struct {
	mu       sync.Mutex
	domains  map[string]*spent
	fetching int
}

type spent struct {
	since    time.Time
	hosts    map[string]struct{}
	keys     int
	kept     int // by all processes, as far as it is known
	untold   int // of them, by this one since it told the others
	fetching int
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

// keep admits an activity of a domain. tell: so many were kept that the other processes are to know.
func (q *quotas) keep(domain string, now time.Time) (ok, tell bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	u := q.of(domain, now)
	if u.kept >= maxKept {
		return false, false
	}
	u.kept++
	if u.untold++; u.untold < tellEvery {
		return true, false
	}
	u.untold = 0
	return true, true
}

// learn takes over how many activities of a domain all processes have kept since its hour began.
func (q *quotas) learn(domain string, since time.Time, kept int, now time.Time) {
	q.mu.Lock()
	defer q.mu.Unlock()
	u := q.of(domain, now)
	u.since, u.kept = since, kept+u.untold
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
		u.since, u.hosts, u.keys, u.kept, u.untold = now, map[string]struct{}{}, 0, 0, 0
	}
	return u
}

// overQuota is the error for a domain that has to wait.
func overQuota(domain string) error {
	return playlists.Problemf(playlists.Unavailable, nil, "%s has sent too much in a short time. Try again later.", domain)
}

// takesMore reports whether an activity of a domain may be kept.
func (f *Federation) takesMore(ctx context.Context, domain string) (status int, err error) {
	ok, tell := f.quotas.keep(domain, f.now())
	if !ok {
		return http.StatusTooManyRequests, overQuota(domain)
	}
	if tell {
		err = f.tellKept(context.WithoutCancel(ctx), domain) // whoever hangs up is counted too
	}
	if err != nil {
		return f.problemStatus(err), err
	}
	return http.StatusAccepted, nil
}

// addKept begins another hour where the last one is over, or began while a clock was ahead.
const addKept = `INSERT INTO quotas (domain, since, kept) VALUES ($1, $2, $3) ON CONFLICT (domain) DO UPDATE SET
	since = CASE WHEN quotas.since BETWEEN $4 AND $5 THEN quotas.since ELSE excluded.since END,
	kept = CASE WHEN quotas.since BETWEEN $4 AND $5 THEN quotas.kept + excluded.kept ELSE excluded.kept END RETURNING since, kept`

// tellKept tells the other processes that this one has kept tellEvery more of a domain, and learns what they have.
func (f *Federation) tellKept(ctx context.Context, domain string) error {
	now := f.now()
	var since int64
	var kept int
	err := f.db.QueryRowContext(ctx, addKept, domain, now.UnixMilli(), tellEvery, now.Add(-quotaTime).UnixMilli()+1, now.Add(maxLease).UnixMilli()).Scan(&since, &kept)
	if err == nil {
		f.quotas.learn(domain, playlists.FromMillis(since), kept, now)
	}
	return err
}
