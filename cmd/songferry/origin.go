package main

import (
	"net/netip"
	"net/url"
	"strings"

	"github.com/songferry/songferry/playlists"
)

// readOrigin reads a public origin: scheme and host. Plain http is for this machine and for networks that are private.
func readOrigin(text string, private []netip.Prefix) (*url.URL, error) {
	u, err := url.Parse(strings.TrimSpace(text))
	switch {
	case err != nil || u.Host == "" || u.User != nil || u.Scheme != "https" && u.Scheme != "http":
		return nil, playlists.Problemf(playlists.Invalid, err, "The public address must look like https://music.example.")
	case u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.Fragment != "":
		return nil, playlists.Problemf(playlists.Invalid, nil, "The public address must be a host name of its own without a path: others cannot reach %s.", u.Redacted())
	case u.Scheme == "http" && !isPrivate(u.Hostname(), private):
		return nil, playlists.Problemf(playlists.Invalid, nil, "The public address must begin with https://: other servers refuse plain http.")
	}
	return &url.URL{Scheme: u.Scheme, Host: u.Host}, nil
}

// isPrivate reports whether a host is this machine, or an address in one of the networks.
func isPrivate(host string, networks []netip.Prefix) bool {
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return false
	}
	for _, n := range networks {
		if n.Contains(ip) {
			return true
		}
	}
	return ip.IsLoopback()
}
