package federation

import (
	"net"
	"net/netip"
	"net/url"
	"strings"

	"golang.org/x/net/publicsuffix"

	"github.com/songferry/songferry/playlists"
)

// hostName returns host without port, in the form in which rules are kept where it can be brought into it.
func hostName(host string) string {
	if name, port, _ := strings.Cut(host, ":"); isUsualName(name) && strings.Trim(port, "0123456789") == "" {
		return name
	}
	return normalHostName(host)
}

// isUsualName reports whether a name is in normal form as almost every one is, which saves most of the time of a check.
func isUsualName(name string) bool {
	last := byte('.')
	for i := range len(name) {
		c := name[i]
		letter := c >= 'a' && c <= 'z' || c >= '0' && c <= '9'
		if !letter && (c != '.' && c != '-' || last == '.' || last == '-') {
			return false
		}
		last = c
	}
	return last != '.' && last != '-'
}

func normalHostName(host string) string {
	if normal, err := normalHost("https", host); err == nil {
		host = normal
	}
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	name := strings.Trim(strings.ToLower(host), "[].")
	if ip, err := netip.ParseAddr(name); err == nil {
		return ip.Unmap().String() // ::ffff:192.0.2.7 is another name of 192.0.2.7
	}
	return name
}

// RuleDomain returns the domain that a rule is about in the one form in which rules are kept: lower-case ASCII without
// port, final dot or "*.". The address of a page or server stands for its host.
func RuleDomain(text string) (string, error) {
	host := strings.TrimPrefix(strings.TrimSpace(text), "*.")
	if isUsualName(host) && isPlainName(host) && len(host) <= maxHostName {
		return host, nil
	}
	if u, err := url.Parse(host); err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http") {
		host = u.Host
	}
	if ip, err := netip.ParseAddr(host); err == nil && ip.Is6() {
		host = "[" + host + "]"
	}
	normal, err := normalHost("https", host)
	name := hostName(normal)
	if err != nil && isUnderscored(host) {
		name, err = strings.ToLower(host), nil
	}
	if err != nil || len(name) > maxHostName {
		return "", playlists.Problemf(playlists.Invalid, err, "%q is not a domain. One looks like music.example.", playlists.CleanText(text, 100))
	}
	return name, nil
}

// isUnderscored reports whether a name is one that no server can have, but that shared lists hold all the same.
func isUnderscored(name string) bool {
	plain := strings.ReplaceAll(strings.ToLower(name), "_", "")
	return len(plain) < len(name) && isPlainName(plain) && strings.Trim(plain, "abcdefghijklmnopqrstuvwxyz0123456789-.") == ""
}

// IsPublicSuffix reports whether a rule for domain covers what belongs to many: "com", "co.uk", "github.io".
func IsPublicSuffix(domain string) bool {
	if _, err := netip.ParseAddr(domain); err == nil {
		return false
	}
	suffix, _ := publicsuffix.PublicSuffix(domain)
	return suffix == domain
}

// withinDomain reports whether a name in normal form is a domain's own or below it.
func withinDomain(name, domain string) bool {
	return name == domain || strings.HasSuffix(name, "."+domain)
}

// actorKey returns the form in which the ids of blocked actors are compared: no spelling of an id gets past its block.
func actorKey(id string) (key, host string, err error) {
	u, err := parseAddress(id)
	if err != nil {
		return "", "", err
	}
	u.RawPath = "" // %6d and m are one letter
	return u.String(), u.Host, nil
}
