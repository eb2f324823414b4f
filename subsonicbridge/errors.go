package subsonicbridge

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"

	"code.dny.dev/ssrf"

	"github.com/songferry/songferry/playlists"
)

// Codes of the Subsonic API, https://opensubsonic.netlify.app/docs/responses/error/
const (
	codeGeneric          = 0
	codeMissingParameter = 10
	codeWrongPassword    = 40 // 41 to 43: by another method
	codeBadAPIKey        = 44
	codeForbidden        = 50
	codeNotFound         = 70
)

// APIError is a refusal by the server, in the terms of the Subsonic API.
type APIError struct {
	Code    int
	Message string // the server's, without secrets
}

func (e *APIError) Error() string { return fmt.Sprintf("subsonic error %d: %s", e.Code, e.Message) }

// Unnamed is the refusal without the server's words, which may name anybody.
func (e *APIError) Unnamed() string { return fmt.Sprintf("subsonic error %d", e.Code) }

// statusError is an HTTP status that is no success, of an answer that says nothing else that can be understood.
type statusError int

func (e statusError) Error() string {
	return strings.TrimSpace(fmt.Sprintf("HTTP status %d %s", int(e), http.StatusText(int(e))))
}

// NotFound reports whether err says that what was asked for is not on the server, or not visible to this user.
func NotFound(err error) bool {
	var e *APIError
	return errors.As(err, &e) && e.Code == codeNotFound
}

// Unauthorized reports whether err says that the login is not valid, or not any more.
func Unauthorized(err error) bool {
	var e *APIError
	return errors.As(err, &e) && e.Code >= codeWrongPassword && e.Code <= codeBadAPIKey
}

var errReadOnly = errors.New("the playlist is not this user's to change")

// UnknownSong reports whether err says that a write named a song that the server does not have: the library has changed
// since it was read.
func UnknownSong(err error) bool { return errors.Is(err, errUnknownSong) }

var errUnknownSong = errors.New("the server does not know one of the songs")

// refused returns the Subsonic code in err, or -1 when there is none.
func refused(err error) int {
	var e *APIError
	if errors.As(err, &e) {
		return e.Code
	}
	return -1
}

// problem gives err, which a call ended with, its sentence for a person.
func (c *Client) problem(err error) error {
	var api *APIError
	if errors.As(err, &api) {
		return c.apiProblem(api)
	}
	var status statusError
	var moved *movedError
	host := c.host()
	switch {
	case errors.Is(err, context.Canceled):
		return err // our own doing: nobody reads it
	case errors.As(err, &moved):
		return playlists.Problemf(playlists.Unavailable, err, "The music server at %s has moved to another address. Sign in again with the new one.", host)
	case errors.As(err, &status):
		return statusProblem(host, status)
	case errors.Is(err, errNotSubsonic):
		return playlists.Problemf(playlists.Unavailable, err, "What answers at %s is not a music server of the Subsonic kind, or something in front of it sends a page of its own. Check the address.", host)
	case errors.Is(err, errTooLong):
		return playlists.Problemf(playlists.Unavailable, err, "The music server at %s sends more than Songferry is ready to read.", host)
	case errors.Is(err, context.DeadlineExceeded):
		return playlists.Problemf(playlists.Unavailable, err, "The music server at %s does not answer in time. It may be busy, or switched off.", host)
	}
	return networkProblem(host, err)
}

// networkProblem gives an error of the network its sentence. Its kind is only in the text by now; the two that a person
// can mend are told apart.
func networkProblem(host string, err error) error {
	switch cause := err.Error(); {
	case strings.Contains(cause, notPublic):
		return playlists.Problemf(playlists.Unavailable, err, "%s is an address within a home network, where guests’ music servers may not be. Whoever invited you can allow that by another invitation.", host)
	case strings.Contains(cause, "HTTP response to HTTPS client"):
		return playlists.Problemf(playlists.Unavailable, err, "The music server at %s does not speak https. If it is in your own network, write http:// in front of its address.", host)
	case strings.Contains(cause, "x509:"), strings.Contains(cause, "certificate"):
		return playlists.Problemf(playlists.Unavailable, err, "The certificate of the music server at %s is not valid, so nothing was sent to it.", host)
	}
	return playlists.Problemf(playlists.Unavailable, err, "The music server at %s cannot be reached. Check the address, and whether the server is running.", host)
}

func (c *Client) apiProblem(e *APIError) error {
	host := c.host()
	switch {
	case Unauthorized(e):
		return playlists.Problemf(playlists.Forbidden, e, "The music server at %s does not accept this user name and password. Sign in again.", host)
	case e.Code == codeForbidden:
		return playlists.Problemf(playlists.Forbidden, e, "The music server at %s does not allow this for user %s.", host, c.login.User)
	case e.Code == codeNotFound:
		return playlists.Problemf(playlists.NotFound, e, "The music server at %s does not have this playlist or song any more.", host)
	}
	return playlists.Problemf(playlists.Unavailable, e, "The music server at %s refused: %q.", host, playlists.CleanText(e.Message, 200))
}

func statusProblem(host string, s statusError) error {
	switch int(s) {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusProxyAuthRequired:
		return playlists.Problemf(playlists.Forbidden, s, "The web server in front of the music server at %s asks for a password of its own (HTTP %d). Let Songferry pass there.", host, int(s))
	case http.StatusNotFound:
		return playlists.Problemf(playlists.Unavailable, s, "There is no music server of the Subsonic kind at %s. Check the address. Some servers need Subsonic switched on; Navidrome does not.", host)
	case http.StatusMethodNotAllowed, http.StatusNotImplemented:
		return playlists.Problemf(playlists.Unavailable, s, "The music server at %s refuses POST requests (HTTP %d), which Songferry needs to write playlists and to keep secrets out of addresses.", host, int(s))
	}
	return playlists.Problemf(playlists.Unavailable, s, "The music server at %s is out of order (HTTP %d). Try again when it works.", host, int(s))
}

// transportCause returns what went wrong on the way, without where that was, which is the owner's to know, and without
// secrets: a broken server may send anything.
func (c *Client) transportCause(err error) error {
	for _, known := range []error{context.Canceled, context.DeadlineExceeded} {
		if errors.Is(err, known) {
			return known
		}
	}
	return errors.New(strings.ReplaceAll(c.login.redact(withoutPlace(err)), c.host(), "…"))
}

// withoutPlace is the text of an error of the network without addresses.
func withoutPlace(err error) string {
	var outer *url.Error
	var operation *net.OpError
	var lookup *net.DNSError
	var name x509.HostnameError
	switch {
	case errors.Is(err, ssrf.ErrProhibitedIP):
		return notPublic
	case errors.As(err, &outer):
		return withoutPlace(outer.Err)
	case errors.As(err, &lookup):
		return "lookup: " + lookup.Err
	case errors.As(err, &operation):
		return operation.Op + ": " + withoutPlace(operation.Err)
	case errors.As(err, &name):
		return "x509: the certificate is for another name"
	}
	return err.Error()
}

// forPlaylist tells apart, in the error of a call that named one playlist, that the id means nothing to the server.
// Not every server has an error of its own for an id of a foreign form, as ids are after a move to another server.
func forPlaylist(err error) error {
	var e *APIError
	if !errors.As(err, &e) {
		return err
	}
	// gonic: "please provide an `id` parameter", though one was given.
	if e.Code != codeMissingParameter && !malformed(e) {
		return err
	}
	cause := &APIError{Code: codeNotFound, Message: e.Message}
	return playlists.Problemf(playlists.NotFound, cause, "The music server does not have this playlist any more.")
}

// forSongs tells apart, in the error of a write to a playlist that is there, that the server does not know a song.
func (c *Client) forSongs(err error) error {
	var e *APIError
	if !errors.As(err, &e) || e.Code != codeNotFound && !malformed(e) {
		return err
	}
	cause := fmt.Errorf("%w: %s", errUnknownSong, e.Unnamed())
	return playlists.Problemf(playlists.Unavailable, cause, "The music server at %s does not have one of the songs any more. Songferry reads the library again.", c.host())
}

// malformed reports whether the server could not read an id, or (gonic) found no file for it.
func malformed(e *APIError) bool {
	if e.Code != codeGeneric {
		return false
	}
	for _, sign := range []string{
		"hexadecimal UUID",        // supysonic
		"bad value", "bad format", // LMS
		"lookup id", "locate id", // gonic
	} {
		if strings.Contains(e.Message, sign) {
			return true
		}
	}
	return false
}
