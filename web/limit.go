package web

import (
	"net/http"
	"net/netip"
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// What strangers may make this bridge ask of other servers.
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
	trusted []netip.Prefix
	now     func() time.Time
	total   *rate.Limiter

	mu      sync.Mutex
	clients map[netip.Prefix]*rate.Limiter
}

func newLimiter(trusted []netip.Prefix, now func() time.Time) *limiter {
	return &limiter{trusted: trusted, now: now, total: rate.NewLimiter(rate.Every(totalPause), totalBurst), clients: map[netip.Prefix]*rate.Limiter{}}
}

// allows reports whether the client of a request may go on now. One that may not costs the others nothing.
func (l *limiter) allows(r *http.Request) bool {
	now := l.now()
	return l.client(clientOf(r, l.trusted), now).AllowN(now, 1) && l.total.AllowN(now, 1)
}

// trusts reports whether a request comes straight from a trusted proxy.
func (l *limiter) trusts(r *http.Request) bool {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	return err == nil && within(peer.Addr().Unmap(), l.trusted)
}

func (l *limiter) client(key netip.Prefix, now time.Time) *rate.Limiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	c, ok := l.clients[key]
	if !ok {
		if len(l.clients) >= maxClients {
			l.forget(now)
		}
		c = rate.NewLimiter(rate.Every(clientPause), clientBurst)
		l.clients[key] = c
	}
	return c
}

// forget drops the clients that have not asked for a while. When there are none, somebody has a great many addresses:
// any of them goes, and the limit of all together holds.
func (l *limiter) forget(now time.Time) {
	for key, c := range l.clients {
		if c.TokensAt(now) >= clientBurst {
			delete(l.clients, key)
		}
	}
	for key := range l.clients {
		if len(l.clients) < maxClients {
			return
		}
		delete(l.clients, key)
	}
}

// limited answers 429 to clients that ask too often.
func (s *site) limited(next http.Handler) http.Handler {
	var once sync.Once
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Forwarded-For") != "" && !s.limit.trusts(r) {
			once.Do(func() {
				s.Log.Warn("a proxy that is not trusted says for whom it asks; all its visitors share one limit", "setting", "SONGFERRY_TRUSTED_PROXIES", "peer", r.RemoteAddr)
			})
		}
		if !s.limit.allows(r) {
			w.Header().Set("Retry-After", strconv.Itoa(int(clientPause/time.Second)))
			s.writeError(w, r, http.StatusTooManyRequests)
			return
		}
		next.ServeHTTP(w, r)
	})
}
