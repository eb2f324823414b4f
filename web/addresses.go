package web

import "net/url"

// origin returns the bridge's public origin, nil while none is set.
func (s *site) origin() *url.URL {
	if s.BaseURL == nil {
		return nil
	}
	return s.BaseURL()
}

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
