package web

import (
	"net/http"
	"net/url"
	"strings"
)

// asAsked gives a request the host that the browser asked for, where a trusted proxy has put another in its place and
// says so (X-Forwarded-Host). From here on all that depends on the host, such as fromHere, reads that one.
func (s *site) asAsked(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.proxies.note(r)
		if host := s.forwarded(r, "X-Forwarded-Host"); isHost(host) {
			asked := *r
			asked.Host = host
			r = &asked
		}
		next.ServeHTTP(w, r)
	})
}

// isHTTPS reports whether the visitor's browser asks by HTTPS: here, at the public address, or by a trusted proxy that says
// so (X-Forwarded-Proto). In the home network the same bridge may be asked without. All cookies are Secure by it alone.
func (s *site) isHTTPS(r *http.Request) bool {
	base := s.origin()
	return r.TLS != nil || base != nil && base.Scheme == "https" && strings.EqualFold(r.Host, base.Host) || s.forwarded(r, "X-Forwarded-Proto") == "https"
}

// forwarded returns what a trusted proxy says in a header of a request, "" from all others. Of several proxies the first
// tells what the browser asked for; a client who writes there itself deceives itself only.
func (s *site) forwarded(r *http.Request, header string) string {
	if !s.proxies.trusts(r) {
		return ""
	}
	first, _, _ := strings.Cut(r.Header.Get(header), ",")
	return strings.ToLower(strings.TrimSpace(first))
}

// isHost reports whether text is a host, with or without a port, and nothing else.
func isHost(text string) bool {
	u, err := url.Parse("http://" + text)
	return err == nil && text != "" && u.Host == text && u.User == nil
}
