package federation

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"

	"code.dny.dev/ssrf"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/guard"
)

// statusProblem puts an answer other than 200 into words.
func statusProblem(host string, status int) error {
	cause := fmt.Errorf("status %d from %s", status, host)
	switch {
	case status == http.StatusNotFound:
		return playlists.Problemf(playlists.NotFound, cause, "%s has nothing at this address.", host)
	case status == http.StatusGone:
		return playlists.Problemf(playlists.Gone, cause, "%s says that this was withdrawn.", host)
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		return playlists.Problemf(playlists.Forbidden, cause, "%s does not let this bridge read this.", host)
	case status == http.StatusNotAcceptable:
		return playlists.Problemf(playlists.Invalid, errors.Join(cause, errPage), "%s has nothing at this address that this bridge can read.", host)
	case status == http.StatusTooManyRequests, status >= 500:
		return playlists.Problemf(playlists.Unavailable, cause, "%s cannot answer at the moment (status %d). Try again later.", host, status)
	}
	return playlists.Problemf(playlists.Invalid, cause, "%s gave an answer that this bridge cannot use (status %d).", host, status)
}

// connectProblem puts into words why there was no answer, or not all of one.
func connectProblem(host string, err error) error {
	var dns *net.DNSError
	var certificate *tls.CertificateVerificationError
	var timeout interface{ Timeout() bool }
	switch {
	case errors.Is(err, context.Canceled): // by our caller: nobody's fault
		return fmt.Errorf("talk to %s: %w", host, err)
	case errors.Is(err, guard.ErrOutside):
		return playlists.Problemf(playlists.Invalid, err, "%s is only offered without encryption; this bridge reads https.", host)
	case errors.Is(err, ssrf.ErrProhibitedIP), errors.Is(err, ssrf.ErrProhibitedNetwork):
		return playlists.Problemf(playlists.Invalid, err, "%s is not on the public internet, so this bridge does not connect to it.", host)
	case errors.As(err, &certificate):
		return playlists.Problemf(playlists.Unavailable, err, "%s could not prove that it is %s: its certificate is not valid.", host, host)
	case errors.As(err, &dns) && dns.IsNotFound:
		return playlists.Problemf(playlists.Unavailable, err, "There is no server named %s. Check the spelling.", host)
	case errors.As(err, &timeout) && timeout.Timeout():
		return playlists.Problemf(playlists.Unavailable, err, "%s did not answer in time. Try again later.", host)
	}
	return playlists.Problemf(playlists.Unavailable, err, "%s could not be reached. Try again later.", host)
}
