package subsonicbridge

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/songferry/songferry/playlists/guard"
)

// Reach says where a music server may stand.
type Reach bool

const (
	Anywhere   Reach = false // also in the home network: whoever named it belongs there
	PublicOnly Reach = true  // a guest's: what a stranger names must not reach into the home network
)

// notPublic is what becomes of the error for an address that GuestClient does not dial.
const notPublic = "prohibited IP address"

// GuestClient returns the HTTP client for the music servers of guests. It dials public addresses only, and those in
// private; names are looked up before, so that neither a name nor a redirect leads elsewhere.
func GuestClient(private []netip.Prefix) *http.Client {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.Proxy = nil // a proxy would look names up itself, past the guard
	t.DialContext = (&net.Dialer{Timeout: 10 * time.Second, Control: guard.PublicOr(private)}).DialContext
	t.ResponseHeaderTimeout = callTimeout
	t.MaxResponseHeaderBytes = 64 << 10
	return &http.Client{Transport: t}
}

// client returns the HTTP client that reaches a server.
func (b *Bridge) client(r Reach) *http.Client {
	if r == PublicOnly {
		return b.guests
	}
	return b.http
}

// meansGuest reports whether somebody who signs in by name means a guest's login. A guest adds the host of the server,
// bob@navidrome.example: what others type must not go to a server that a guest named, whatever the guest is called there.
func meansGuest(name, user, host string) bool {
	at := strings.LastIndex(name, "@")
	return at > 0 && strings.EqualFold(name[:at], user) && strings.EqualFold(name[at+1:], host)
}
