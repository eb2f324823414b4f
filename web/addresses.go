package web

import (
	"net/http"
	"net/url"
)

// origin returns the bridge's public origin, nil while none is set. Pages then name no handle and no full address: the host
// that a request names could be anybody's.
func (s *site) origin() *url.URL { return s.Fed.Origin() }

// absolute returns the full address of a path on this bridge, "" while it has no public origin.
func (s *site) absolute(path ...string) string {
	base := s.origin()
	if base == nil {
		return ""
	}
	return base.JoinPath(path...).String()
}

// fediverseHandle returns "@name@host", "" while the bridge has no public origin.
func (s *site) fediverseHandle(name string) string {
	base := s.origin()
	if base == nil || name == "" {
		return ""
	}
	return "@" + name + "@" + base.Host
}

// actor returns the id of the ActivityPub actor with this public id, "" while the bridge has no public origin.
func (s *site) actor(publicID string) string { return s.absolute("ap", "actors", publicID) }

// seenAddress returns the full address of a path as the visitor can open it: at the public origin or, while none is set,
// where their browser found this page. It is for them alone to read, since a request can name any host.
func (s *site) seenAddress(r *http.Request, path string) string {
	base := s.origin()
	if base == nil {
		base = s.seenOrigin(r)
	}
	return base.JoinPath(path).String()
}

// seenOrigin returns the origin at which the visitor's browser found this bridge, as far as it can be told behind a proxy.
func (s *site) seenOrigin(r *http.Request) *url.URL {
	scheme := "http"
	from, err := url.Parse(r.Referer())
	if s.isHTTPS(r) || err == nil && from.Host == r.Host && from.Scheme == "https" {
		scheme = "https"
	}
	return &url.URL{Scheme: scheme, Host: r.Host}
}
