package web

import (
	"net/http"
	"net/netip"
	"strconv"
	"time"
)

// How often strangers may ask for what costs something: questions to other servers, and tries of passwords (see tryPassword).
var (
	ofClient = limit{"client", 10, 6 * time.Second}
	ofAll    = limit{"all", 60, time.Second / 2} // clients together
)

const prefixOfIPv6 = 64 // bits: a network that one client has to itself

// limited answers 429 to clients that ask too often.
func (s *site) limited(next http.Handler) http.Handler {
	return s.answer(func(w http.ResponseWriter, r *http.Request) error {
		wait, err := s.mayAsk(r)
		if err != nil {
			return err
		}
		if wait > 0 {
			s.writeTooMany(w, r, wait)
			return nil
		}
		next.ServeHTTP(w, r)
		return nil
	})
}

// mayAsk lets a client ask now for something costly; else wait is when to come again. One that may not costs the others nothing.
func (s *site) mayAsk(r *http.Request) (wait time.Duration, err error) {
	if speaksForOthers(r) && !s.proxies.trusts(r) {
		s.warned.Do(func() { s.warnOfProxy(peerOf(r)) })
	}
	ok, err := s.limits.spend(r.Context(), ofClient.of(s.clientOf(r)), ofAll.of(""))
	if err == nil && !ok {
		wait = ofClient.pause
	}
	return wait, err
}

// clientOf returns the network that a request comes from.
func (s *site) clientOf(r *http.Request) string {
	return clientOf(r, s.proxies.trusted(r.Context())).String()
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
