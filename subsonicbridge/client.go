package subsonicbridge

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/delucks/go-subsonic"

	"github.com/songferry/songferry/playlists"
)

// Client speaks to one server as one user. It may be used by several goroutines. Its errors are Problems; APIError in
// them says what the server refused. None of them holds a secret.
type Client struct {
	login  Login
	http   *http.Client
	noPost atomic.Bool // the server refuses POST: read by GET
}

// Server is what a server says about itself.
type Server struct {
	Type         string // "navidrome", "gonic", …; "" when it does not say (supysonic)
	Version      string // of the program
	APIVersion   string // of the Subsonic API
	OpenSubsonic bool
}

// NewClient returns a client for l. hc gives the transport, which decides what networks can be reached, and the Timeout of a call, if
// it has one. It may be nil.
func NewClient(l Login, hc *http.Client) *Client {
	if hc == nil {
		hc = http.DefaultClient
	}
	return &Client{login: l, http: hc}
}

// callTimeout bounds one call, unless the HTTP client has a Timeout. gonic takes three seconds to write 2,000 songs on a fast machine.
const callTimeout = 90 * time.Second

// Bounds of an answer's size in bytes. A song is about 1,100 bytes on Navidrome, a playlist in a list 400.
const (
	smallBytes    = 256 << 10
	listBytes     = 16 << 20
	playlistBytes = 64 << 20
	pageBytes     = 8 << 20
	coverBytes    = 10 << 20
)

// Ping checks that the server lets the user in.
func (c *Client) Ping(ctx context.Context) (Server, error) {
	a, err := c.read(ctx, "ping", nil, smallBytes)
	if err != nil {
		return Server{}, err
	}
	return a.server(), nil
}

func (a *answer) server() Server {
	return Server{
		Type:         clean(a.Type),
		Version:      clean(a.ServerVersion),
		APIVersion:   clean(a.Version),
		OpenSubsonic: bool(a.OpenSubsonic),
	}
}

// read makes a call that changes nothing.
func (c *Client) read(ctx context.Context, method string, params url.Values, limit int64) (a *answer, err error) {
	err = c.reading(func(get bool) error {
		a, err = c.call(ctx, method, params, limit, get)
		return err
	})
	return a, err
}

// reading makes a call that changes nothing, once more by GET where the server refuses POST.
func (c *Client) reading(call func(get bool) error) error {
	get := c.noPost.Load()
	err := call(get)
	if !get && c.mayGet(err) {
		c.noPost.Store(true)
		err = call(true)
	}
	if err != nil {
		return c.problem(err)
	}
	return nil
}

// mayGet: a token in an address is bearable for a server that refuses POST, a password is not.
func (c *Client) mayGet(err error) bool {
	var s statusError
	return c.login.Method == Token && errors.As(err, &s) &&
		(s == http.StatusMethodNotAllowed || s == http.StatusNotImplemented)
}

// write makes a call that changes something. When it fails on the way it may have been done all the same.
func (c *Client) write(ctx context.Context, method string, params url.Values) (*answer, error) {
	a, err := c.call(ctx, method, params, playlistBytes, false)
	if err != nil {
		return nil, c.problem(err)
	}
	return a, nil
}

// call makes one request and returns the server's answer if, and only if, its status is ok.
func (c *Client) call(ctx context.Context, method string, params url.Values, limit int64, get bool) (*answer, error) {
	body, err := c.exchange(ctx, method, params, limit, get)
	if err != nil {
		return nil, err
	}
	a, err := decode(body)
	if err != nil {
		return nil, err
	}
	return a, c.refusal(a)
}

// exchange makes one request and returns the body of its answer, of at most limit bytes.
func (c *Client) exchange(ctx context.Context, method string, params url.Values, limit int64, get bool) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, cmp.Or(c.http.Timeout, callTimeout))
	defer cancel()
	resp, err := c.library(ctx, get).Request(http.MethodPost, method+".view", params)
	if err != nil {
		return nil, c.transportCause(err)
	}
	defer resp.Body.Close()
	if err := checkStatus(resp); err != nil {
		return nil, c.explained(err, resp)
	}
	body, err := readAtMost(resp.Body, limit)
	if err != nil && !errors.Is(err, errTooLong) {
		err = c.transportCause(err)
	}
	return body, err
}

// library returns go-subsonic's client for one call.
func (c *Client) library(ctx context.Context, get bool) *subsonic.Client {
	next := c.http.Transport
	if next == nil {
		next = http.DefaultTransport
	}
	return &subsonic.Client{
		Client: &http.Client{
			Transport:     &sender{ctx: ctx, login: c.login, get: get, next: next},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		BaseUrl:    c.login.URL,
		User:       c.login.User,
		ClientName: "songferry",
	}
}

// explained returns the refusal in the body of a response with a bad status, and err where there is none: supysonic
// answers an unknown method with 404 and a proper Subsonic error.
func (c *Client) explained(err error, resp *http.Response) error {
	body, readErr := readAtMost(resp.Body, smallBytes)
	if readErr != nil {
		return err // the status says enough
	}
	a, decodeErr := decode(body)
	if decodeErr != nil || a.Status != "failed" {
		return err
	}
	return c.refusal(a)
}

func (c *Client) refusal(a *answer) error {
	switch {
	case a.Status == "ok" && !a.Error.given:
		return nil
	case a.Status == "failed", a.Error.given:
		e := a.Error.value
		return &APIError{Code: int(e.Code), Message: playlists.CleanText(c.login.redact(string(e.Message)), playlists.MaxText)}
	}
	return errNotSubsonic
}

// host names the server to people.
func (c *Client) host() string { return hostOf(c.login.URL) }

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return "an unreadable address"
	}
	return u.Host
}
