package web

import (
	"net/http"
	"net/netip"
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// How often strangers may ask for what costs something: questions to other servers, and tries of passwords (see tries).
const (
	clientBurst  = 10 // requests of one client at once, then one every clientPause
	clientPause  = 6 * time.Second
	totalBurst   = 60 // of all clients, then one every totalPause
	totalPause   = time.Second / 2
	maxClients   = 10_000 // that are remembered
	prefixOfIPv6 = 64     // bits: a network that one client has to itself
)

// limiter bounds how often clients ask for something costly: each of them, and all together.
type limiter struct {
	proxies *proxies
	now     func() time.Time
	total   *rate.Limiter

	clients *buckets[netip.Prefix]
	warned  sync.Once // of a proxy that is not trusted
}

func newLimiter(p *proxies, now func() time.Time) *limiter {
	return &limiter{proxies: p, now: now, total: rate.NewLimiter(rate.Every(totalPause), totalBurst),
		clients: newBuckets[netip.Prefix](clientBurst, clientPause)}
}

// allows reports whether the client of a request may go on now. One that may not costs the others nothing.
func (l *limiter) allows(r *http.Request) bool {
	now := l.now()
	return l.clients.of(clientOf(r, l.proxies.trusted(r.Context())), now).AllowN(now, 1) && l.total.AllowN(now, 1)
}

// buckets hold, for each of many, how often they may do something. They are bounded.
type buckets[K comparable] struct {
	burst int
	pause time.Duration

	mu  sync.Mutex
	all map[K]*rate.Limiter
}

func newBuckets[K comparable](burst int, pause time.Duration) *buckets[K] {
	return &buckets[K]{burst: burst, pause: pause, all: map[K]*rate.Limiter{}}
}

// of returns the limiter of one of them, a full one for who was not seen lately.
func (b *buckets[K]) of(key K, now time.Time) *rate.Limiter {
	b.mu.Lock()
	defer b.mu.Unlock()
	l, ok := b.all[key]
	if !ok {
		if len(b.all) >= maxClients {
			b.forget(now)
		}
		l = rate.NewLimiter(rate.Every(b.pause), b.burst)
		b.all[key] = l
	}
	return l
}

// forget drops those that have not asked for a while. When there are none, somebody has a great many addresses: any of
// them goes, and the limit of all together holds.
func (b *buckets[K]) forget(now time.Time) {
	for key, l := range b.all {
		if l.TokensAt(now) >= float64(b.burst) {
			delete(b.all, key)
		}
	}
	for key := range b.all {
		if len(b.all) < maxClients {
			return
		}
		delete(b.all, key)
	}
}

// limited answers 429 to clients that ask too often.
func (s *site) limited(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !s.mayAsk(r) {
			s.writeTooMany(w, r, clientPause)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// mayAsk reports whether a client may ask now for something costly.
func (s *site) mayAsk(r *http.Request) bool {
	if speaksForOthers(r) && !s.proxies.trusts(r) {
		s.limit.warned.Do(func() { s.warnOfProxy(peerOf(r)) })
	}
	return s.limit.allows(r)
}

// warnOfProxy names it, unless it may be a visitor who says so of themselves.
func (s *site) warnOfProxy(peer netip.Addr) {
	log := s.Log.With("setting", "SONGFERRY_TRUSTED_PROXIES")
	if mayBeAskedAbout(peer) {
		log = log.With("peer", peer.String())
	}
	log.Warn("a proxy that is not trusted says for whom it asks; all its visitors share one limit")
}

func (s *site) writeTooMany(w http.ResponseWriter, r *http.Request, pause time.Duration) {
	w.Header().Set("Retry-After", strconv.Itoa(int(pause/time.Second)))
	s.writeError(w, r, http.StatusTooManyRequests)
}
