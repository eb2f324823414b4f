package federation

import (
	"net"
	"slices"
	"strings"

	"github.com/songferry/songferry/playlists"
)

// PolicyMode says whether servers that the administrator never named are talked to.
type PolicyMode string

const (
	OpenMode      PolicyMode = "open"      // yes, unless blocked
	AllowlistMode PolicyMode = "allowlist" // no
)

// Policy is the administrator's choice of whom to talk to. The zero value is open and blocks nobody; a Mode that is not
// known counts as allowlist. A domain stands for its subdomains too, a block wins over an allowance.
type Policy struct {
	Mode    PolicyMode
	Allowed []string // domains, for allowlist
	Blocked []string // domains
	Actors  []string // ids of blocked actors
}

// AllowsHost returns a Problem with code Forbidden when there is to be no contact with host, a host name with or without
// port, in either direction.
func (p Policy) AllowsHost(host string) error {
	name := hostName(host)
	if slices.ContainsFunc(p.Blocked, func(d string) bool { return withinDomain(name, d) }) {
		return playlists.Problemf(playlists.Forbidden, nil, "The administrator of this bridge has blocked %s.", name)
	}
	if p.Mode == OpenMode || p.Mode == "" {
		return nil
	}
	if !slices.ContainsFunc(p.Allowed, func(d string) bool { return withinDomain(name, d) }) {
		return playlists.Problemf(playlists.Forbidden, nil,
			"This bridge talks to chosen servers only, and %s is not one of them. Ask its administrator to add it.", name)
	}
	return nil
}

// AllowsActor is AllowsHost for the actor with this id.
func (p Policy) AllowsActor(id string) error {
	u, err := parseAddress(id)
	if err != nil {
		return playlists.Problemf(playlists.Invalid, err, "That account's address cannot be used.")
	}
	if slices.ContainsFunc(p.Actors, func(a string) bool { return sameAddress(a, id) }) {
		return playlists.Problemf(playlists.Forbidden, nil, "The administrator of this bridge has blocked this account.")
	}
	return p.AllowsHost(u.Host)
}

// hostName returns host without port, in lower-case ASCII where it can be brought into it.
func hostName(host string) string {
	if normal, err := normalHost("https", host); err == nil {
		host = normal
	}
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return strings.Trim(strings.ToLower(host), "[].")
}

func withinDomain(name, domain string) bool {
	domain = hostName(strings.TrimPrefix(domain, "*."))
	return domain != "" && (name == domain || strings.HasSuffix(name, "."+domain))
}
