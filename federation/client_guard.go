package federation

import (
	"crypto/tls"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/guard"
)

func newTransport(c ClientConfig, check guard.Control) *http.Transport {
	// No probes of idle connections: they are closed long before.
	dialer := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: -1, Resolver: c.Resolver, Control: check}
	return &http.Transport{
		Proxy:                  nil, // a proxy would resolve names itself, past the check
		DialContext:            dialer.DialContext,
		TLSClientConfig:        &tls.Config{RootCAs: c.RootCAs},
		TLSHandshakeTimeout:    10 * time.Second,
		ForceAttemptHTTP2:      true, // a TLSClientConfig of one's own turns it off
		MaxResponseHeaderBytes: maxResponseHeaders,
		// More than there are requests at a time: net/http closes the one that has rested longest, and may then tell its last
		// user that it broke although the answer had come.
		MaxIdleConns:        1024,
		MaxIdleConnsPerHost: 2,
		IdleConnTimeout:     15 * time.Second,
		WriteBufferSize:     8 << 10, // most activities go out in one piece
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
		return nil, playlists.Problemf(playlists.Invalid, guard.ErrOutside, "%s is only offered without encryption; this bridge reads https.", u.Host)
	}
	return u, c.config.Allowed(u.Host)
}
