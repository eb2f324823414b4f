// Package guard says which addresses may be dialled, once a name has been looked up: what strangers name must not lead into the
// network that the bridge stands in.
package guard

import (
	"errors"
	"net/netip"
	"syscall"

	"code.dny.dev/ssrf"
)

// Control is a net.Dialer's Control: it sees the address that is about to be dialled.
type Control = func(network, address string, c syscall.RawConn) error

// ErrOutside: the address is in none of the networks that Within allows.
var ErrOutside = errors.New("the address is outside the allowed private networks")

// PublicOr lets public addresses pass, and those in allowed. Any port: some servers are not on 443.
func PublicOr(allowed []netip.Prefix) Control {
	var v4, v6 []netip.Prefix
	for _, p := range allowed {
		if p.Addr().Is4() {
			v4 = append(v4, p)
		} else {
			v6 = append(v6, p)
		}
	}
	return ssrf.New(ssrf.WithAnyPort(), ssrf.WithAllowedV4Prefixes(v4...), ssrf.WithAllowedV6Prefixes(v6...)).Safe
}

// Within lets the addresses in allowed pass and no others.
func Within(allowed []netip.Prefix) Control {
	return func(_, address string, _ syscall.RawConn) error {
		a, err := netip.ParseAddrPort(address)
		if err != nil {
			return err
		}
		for _, p := range allowed {
			if p.Contains(a.Addr()) {
				return nil
			}
		}
		return ErrOutside
	}
}
