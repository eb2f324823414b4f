package web

import "net/http"

// policy allows our own script, style sheet, images and forms, and nothing else: nothing inline, no frame, no other host.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// secured sets the headers that every answer has.
func secured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Referrer-Policy", "same-origin") // other sites are told nothing
		next.ServeHTTP(w, r)
	})
}

// fromHere lets only pages of this bridge send its forms.
func (s *site) fromHere(next http.Handler) http.Handler {
	own := http.NewCrossOriginProtection()
	own.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.writeError(w, r, http.StatusForbidden)
	}))
	return own.Handler(next)
}

// What search engines and the collectors of training data are told (X-Robots-Tag).
const (
	robotsKeepOut  = "noindex, nofollow, noai, noimageai"
	robotsMayIndex = "noai, noimageai"
)

// unindexed keeps search engines from listing an address: being public is not a wish to be found by everyone.
func unindexed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Robots-Tag", robotsKeepOut)
		next.ServeHTTP(w, r)
	})
}

// secret is for addresses that are themselves the key: caches that several people share must not keep the page. Links from
// it do not tell the address either, as everywhere; see secured. A stricter policy than that would make browsers hide from
// this bridge too where its forms come from, which fromHere asks: where there is no HTTPS, as at home, they say it by Origin only.
func secret(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "private, no-cache")
		next.ServeHTTP(w, r)
	})
}

// negotiated is for addresses where ActivityPub clients get another answer than browsers. What they get may depend on
// who signed the request, so caches must tell those apart too.
func (s *site) negotiated(next http.Handler) http.Handler {
	next = s.Fed.Negotiate(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Vary", "Accept, Signature, Signature-Input")
		next.ServeHTTP(w, r)
	})
}
