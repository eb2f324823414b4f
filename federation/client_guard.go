package federation

import (
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"syscall"
	"time"

	"code.dny.dev/ssrf"

	"github.com/songferry/songferry/playlists"
)

// control is a net.Dialer's Control: it sees the address that is about to be dialled, after name resolution.
type control = func(network, address string, c syscall.RawConn) error

// errPlainHTTP: plain http is for the private networks that are configured.
var errPlainHTTP = errors.New("plain http to an address outside the allowed private networks")

// publicOr lets public addresses pass, and those in allowed. Any port: some servers are not on 443.
func publicOr(allowed []netip.Prefix) control {
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

// within lets the addresses in allowed pass and no others.
func within(allowed []netip.Prefix) control {
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
		return errPlainHTTP
	}
}

func newTransport(c ClientConfig, check control) *http.Transport {
	// No probes of idle connections: they are closed long before.
	dialer := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: -1, Resolver: c.Resolver, Control: check}
	return &http.Transport{
		Proxy:                  nil, // a proxy would resolve names itself, past the check
		DialContext:            dialer.DialContext,
		TLSClientConfig:        &tls.Config{RootCAs: c.RootCAs},
		TLSHandshakeTimeout:    10 * time.Second,
		ForceAttemptHTTP2:      true, // a TLSClientConfig of one's own turns it off
		MaxResponseHeaderBytes: maxResponseHeaders,
		MaxIdleConns:           64,
		MaxIdleConnsPerHost:    2,
		IdleConnTimeout:        30 * time.Second,
		WriteBufferSize:        8 << 10, // most activities go out in one piece
	}
}

// target reads an address that is to be fetched, and refuses those that are ours, blocked or not https.
func (c *Client) target(raw string) (*url.URL, error) {
	u, err := parseAddress(raw)
	if err != nil {
		return nil, playlists.Problemf(playlists.Invalid, err, "That is not an address that this bridge can read.")
	}
	if c.config.OwnHost(u.Host) {
		return nil, playlists.Problemf(playlists.Invalid, nil, "%s is this bridge itself, which it does not read from.", u.Host)
	}
	if u.Scheme == "http" && len(c.config.AllowPrivate) == 0 {
		return nil, playlists.Problemf(playlists.Invalid, errPlainHTTP, "%s is only offered without encryption; this bridge reads https.", u.Host)
	}
	return u, c.config.Allowed(u.Host)
}
