package subsonicbridge

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// sender carries one call of go-subsonic. That library puts every parameter, secrets too, into the address, knows no
// context, and asks for XML by an old version of the API; sender writes the request anew, as a form in a POST body.
// Servers log addresses; Funkwhale ignores a body beside a query; supysonic refuses addresses above 4,094 bytes.
type sender struct {
	ctx   context.Context
	login Login
	get   bool // in the address after all, for a server that refuses POST
	next  http.RoundTripper
}

func (s *sender) RoundTrip(r *http.Request) (*http.Response, error) {
	form := r.URL.Query()
	form.Set("f", "json")
	form.Set("v", s.apiVersion())
	s.login.authorize(form)
	target := *r.URL
	target.RawQuery = ""
	out, err := s.request(&target, form)
	if err != nil {
		return nil, err
	}
	out.Header.Set("User-Agent", "Songferry")
	out.Header.Set("Accept", "application/json, image/*")
	return s.next.RoundTrip(out)
}

func (s *sender) request(target *url.URL, form url.Values) (*http.Request, error) {
	if s.get {
		target.RawQuery = form.Encode()
		return http.NewRequestWithContext(s.ctx, http.MethodGet, target.String(), nil)
	}
	out, err := http.NewRequestWithContext(s.ctx, http.MethodPost, target.String(), strings.NewReader(form.Encode()))
	if err == nil {
		out.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return out, err
}

// apiVersion is the oldest version that has what is asked for: strict old servers refuse newer ones (error 30).
func (s *sender) apiVersion() string {
	if s.login.Method == Password {
		return "1.8.0"
	}
	return "1.13.0"
}

// movedError says that the server redirects. No redirect is followed: it could send the secrets anywhere.
type movedError struct{ to *url.URL }

func (e *movedError) Error() string { return "redirected to another address" }

func checkStatus(r *http.Response) error {
	switch {
	case r.StatusCode >= 200 && r.StatusCode < 300:
		return nil
	case r.StatusCode >= 300 && r.StatusCode < 400:
		to, err := r.Location()
		if err != nil {
			return statusError(r.StatusCode)
		}
		return &movedError{to: to}
	}
	return statusError(r.StatusCode)
}

var errTooLong = errors.New("the answer is too long")

func readAtMost(r io.Reader, limit int64) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err == nil && int64(len(body)) > limit {
		return nil, errTooLong
	}
	return body, err
}
