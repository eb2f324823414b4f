package federation

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/songferry/songferry/playlists"
)

const (
	maxValidator = 512     // bytes of an ETag or Last-Modified that are worth keeping
	maxDiscard   = 4 << 10 // of an answer's body, read for the sake of reusing the connection
)

// fetch is one call's work. Its redirects are counted over all that the call fetches.
type fetch struct {
	client    *Client
	accept    string
	sign      Signer
	limit     int                            // bytes of a body
	check     func(contentType string) error // before the body is read; nil takes all
	redirects int                            // left
	knocks    int                            // left: further attempts with another signature
}

func (f *fetch) get(ctx context.Context, raw string, cond Conditional) (*Document, error) {
	u, err := f.client.target(raw)
	if err != nil {
		return nil, err
	}
	for {
		resp, err := f.client.knock(ctx, http.MethodGet, u, f.header(cond), nil, f.sign, &f.knocks)
		if err != nil {
			return nil, err
		}
		if !isRedirect(resp.StatusCode) {
			return f.read(resp, u, cond)
		}
		discard(resp)
		if u, err = f.next(u, resp.Header.Get("Location")); err != nil {
			return nil, err
		}
	}
}

func (f *fetch) header(cond Conditional) http.Header {
	h := http.Header{"Accept": {f.accept}}
	if cond.ETag != "" {
		h.Set("If-None-Match", cond.ETag)
	}
	if cond.LastModified != "" {
		h.Set("If-Modified-Since", cond.LastModified)
	}
	return h
}

func isRedirect(status int) bool {
	switch status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	}
	return false
}

// next checks where a redirect leads, like an address that somebody gave us.
func (f *fetch) next(from *url.URL, location string) (*url.URL, error) {
	if f.redirects--; f.redirects < 0 {
		return nil, playlists.Problemf(playlists.Invalid, nil, "%s sends this bridge from one address to the next without end.", from.Host)
	}
	to, err := from.Parse(location)
	if err != nil || location == "" {
		return nil, playlists.Problemf(playlists.Invalid, nil, "%s sends this bridge to an address that cannot be read.", from.Host)
	}
	if from.Scheme == "https" && to.Scheme != "https" {
		return nil, playlists.Problemf(playlists.Invalid, nil, "%s sends this bridge to an address without encryption.", from.Host)
	}
	return f.client.target(to.String())
}

// send makes one request, signed unless sign is nil. It follows no redirect: http.Transport knows none.
func (c *Client) send(ctx context.Context, method string, u *url.URL, header http.Header, body []byte, sign func(*http.Request) error) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, method, u.String(), bytes.NewReader(body))
	if err != nil {
		return nil, playlists.Problemf(playlists.Invalid, errors.Unwrap(err), "That is not an address that this bridge can read.")
	}
	r.Header = header
	r.Header.Set("User-Agent", c.config.UserAgent())
	if sign != nil {
		if err := sign(r); err != nil {
			return nil, fmt.Errorf("sign request to %s: %w", u.Host, err)
		}
	}
	resp, err := c.transport(u).RoundTrip(r)
	if err != nil {
		return nil, connectProblem(u.Host, err)
	}
	c.sawDate(u.Host, resp)
	return resp, nil
}

func (f *fetch) read(resp *http.Response, u *url.URL, cond Conditional) (*Document, error) {
	defer resp.Body.Close()
	doc := &Document{
		URL: u.String(), Status: resp.StatusCode, ContentType: resp.Header.Get("Content-Type"),
		ETag: validator(resp, "ETag"), LastModified: validator(resp, "Last-Modified"),
	}
	if resp.StatusCode == http.StatusNotModified && cond != (Conditional{}) {
		return doc, nil
	}
	if resp.StatusCode != http.StatusOK {
		return nil, statusProblem(u.Host, resp.StatusCode)
	}
	if f.check != nil {
		if err := f.check(doc.ContentType); err != nil {
			return nil, err
		}
	}
	var err error
	if doc.Body, err = io.ReadAll(io.LimitReader(resp.Body, int64(f.limit)+1)); err != nil {
		return nil, connectProblem(u.Host, err)
	}
	if len(doc.Body) > f.limit {
		return nil, playlists.Problemf(playlists.Invalid, nil, "The answer of %s is too large: more than %d kB.", u.Host, f.limit>>10)
	}
	return doc, nil
}

func validator(resp *http.Response, name string) string {
	if v := resp.Header.Get(name); len(v) <= maxValidator && utf8.ValidString(v) {
		return v
	}
	return ""
}

// discard closes an answer whose body does not matter. Reading a little of it lets the connection be used again; when
// that fails nothing is lost.
func discard(resp *http.Response) {
	_, _ = io.CopyN(io.Discard, resp.Body, maxDiscard)
	_ = resp.Body.Close()
}

// parseRetryAfter returns the wait that a Retry-After header asks for, 0 when it asks for none (RFC 9110 §10.2.3).
func parseRetryAfter(value string, now time.Time) time.Duration {
	if seconds, err := strconv.ParseUint(value, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second
	}
	if at, err := http.ParseTime(value); err == nil {
		return max(at.Sub(now), 0)
	}
	return 0
}
