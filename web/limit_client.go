package web

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// clientOf returns the network that a request comes from: an IPv4 address, or what one client has of IPv6.
//
// A proxy that is trusted names, at the end of X-Forwarded-For, whom it speaks for. What stands further to the left was
// written by others, so the last address that is no trusted proxy's own is the client's. RFC 7239's Forwarded is not read:
// a proxy that sets one of the two headers lets through what its clients write into the other.
func clientOf(r *http.Request, trusted []netip.Prefix) netip.Prefix {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Prefix{} // no TCP: all such clients count as one
	}
	client := peer.Addr().Unmap()
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, hop := range slices.Backward(hops) {
		if !within(client, trusted) {
			break
		}
		before, ok := parseHop(hop)
		if !ok {
			break
		}
		client = before
	}
	bits := client.BitLen()
	if client.Is6() {
		bits = prefixOfIPv6
	}
	network, err := client.WithZone("").Prefix(bits)
	if err != nil {
		return netip.Prefix{}
	}
	return network
}

// parseHop reads an address as proxies write it: some add the port.
func parseHop(text string) (netip.Addr, bool) {
	text = strings.TrimSpace(text)
	if a, err := netip.ParseAddr(strings.Trim(text, "[]")); err == nil {
		return a.Unmap(), true
	}
	a, err := netip.ParseAddrPort(text)
	return a.Addr().Unmap(), err == nil
}

func within(a netip.Addr, networks []netip.Prefix) bool {
	return slices.ContainsFunc(networks, func(n netip.Prefix) bool { return n.Contains(a) })
}
