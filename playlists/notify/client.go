package notify

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"time"

	"code.dny.dev/ssrf"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/guard"
)

const (
	sendTimeout = 30 * time.Second // of one message
	maxAnswer   = 4 << 10          // bytes that are read of an answer, so that its connection can be used again
)

// atHome are the networks of homes and of machines themselves. What an administrator wants told there may go there: whoever
// runs the bridge can reach them anyway.
func atHome() (all []netip.Prefix) {
	for _, p := range []string{"10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7"} {
		all = append(all, netip.MustParsePrefix(p))
	}
	return all
}

// reach is whom requests may reach: public addresses by https, and those in some private networks by http too. What is
// dialled is checked after names were looked up.
type reach struct {
	secure, plain *http.Client
}

func newReach(private []netip.Prefix) reach {
	return reach{
		secure: newClient(guard.PublicOr(private)),
		plain:  newClient(guard.Within(private)),
	}
}

func newClient(check guard.Control) *http.Client {
	return &http.Client{
		Timeout:       sendTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{ // no proxy: it would look names up itself, past the check
			DialContext:            (&net.Dialer{Timeout: 10 * time.Second, Control: check}).DialContext,
			TLSHandshakeTimeout:    10 * time.Second,
			ForceAttemptHTTP2:      true,
			MaxResponseHeaderBytes: 64 << 10,
			MaxIdleConnsPerHost:    1,
			IdleConnTimeout:        30 * time.Second,
		},
	}
}

// post sends a request that somebody's way asks for. Errors are Problems which name no address: that may be a secret.
func (r reach) post(ctx context.Context, address string, header http.Header, body []byte) error {
	u, err := url.Parse(address)
	if err != nil {
		return playlists.Problemf(playlists.Invalid, nil, "That address makes no sense.")
	}
	client := r.secure
	if u.Scheme == "http" {
		client = r.plain
	}
	req, err := newRequest(ctx, u, header, body)
	if err != nil {
		return playlists.Problemf(playlists.Invalid, nil, "That address makes no sense.")
	}
	answer, err := client.Do(req)
	if err != nil {
		return explain(err)
	}
	defer answer.Body.Close()
	// What it says is nobody's business, and neither is that it breaks off.
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, maxAnswer))
	return judge(answer.StatusCode)
}

// explain says why there was no answer. The cause names the address, so it is left out but for what kind it is.
func explain(err error) error {
	var timeout net.Error
	var dns *net.DNSError
	switch {
	case errors.Is(err, guard.ErrOutside):
		return playlists.Problemf(playlists.Invalid, nil, "The address begins with http:// and is on the internet. Messages go there by https:// only.")
	case errors.Is(err, ssrf.ErrProhibitedIP), errors.Is(err, ssrf.ErrProhibitedNetwork), errors.Is(err, ssrf.ErrProhibitedPort):
		return playlists.Problemf(playlists.Forbidden, nil, "The address is in a private network. Messages go to the internet only, but for what administrators name.")
	case errors.As(err, &dns) && dns.IsNotFound:
		return playlists.Problemf(playlists.NotFound, nil, "There is no server of that name.")
	case errors.As(err, &timeout) && timeout.Timeout():
		return playlists.Problemf(playlists.Unavailable, nil, "The server there did not answer in time.")
	}
	return playlists.Problemf(playlists.Unavailable, nil, "The server there cannot be reached, or not safely.")
}

// judge says what a status means.
func judge(status int) error {
	said := fmt.Sprintf("%d %s", status, http.StatusText(status))
	switch {
	case status >= 200 && status < 300:
		return nil
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		return playlists.Problemf(playlists.Forbidden, nil, "The server there does not let this bridge in (%s).", said)
	case status >= 300 && status < 400:
		return playlists.Problemf(playlists.Invalid, nil, "The server there sends to another address (%s). Enter that one.", said)
	case status == http.StatusNotFound, status == http.StatusGone:
		return playlists.Problemf(playlists.NotFound, nil, "There is nothing at that address (%s).", said)
	}
	return playlists.Problemf(playlists.Unavailable, nil, "The server there did not take the message (%s).", said)
}
