package federation

import (
	"context"
	"crypto/x509"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"time"

	"github.com/songferry/songferry/playlists/guard"
)

const (
	maxFetchTime       = 30 * time.Second // everything one call does, redirects and body included
	maxRedirects       = 3                // of one call in all
	maxResponseHeaders = 64 << 10
)

// ClientConfig says whom a Client may reach. The zero value reaches every public address over https.
type ClientConfig struct {
	AllowPrivate []netip.Prefix          // networks to reach although they are not public; plain http only there
	Allowed      func(host string) error // the administrator's policy, asked before every hop; nil allows all
	OwnHost      func(host string) bool  // whether a host[:port] is this bridge; it is never fetched. nil: none is
	UserAgent    func() string
	Timeout      time.Duration    // of a call; 30 s when zero or more than that
	RootCAs      *x509.CertPool   // nil: the system's
	Resolver     *net.Resolver    // nil: the system's
	Now          func() time.Time // nil: time.Now

	// SawDate is told what time a host that answered says it is. It may be nil.
	SawDate func(host string, date time.Time)

	// Scheme returns how an origin (scheme and host) wanted signatures last, and Learn keeps another way that it has
	// just taken. nil: nothing is remembered.
	Scheme func(ctx context.Context, origin string) Scheme
	Learn  func(ctx context.Context, origin string, s Scheme)
}

// Client is the HTTP client for strangers: whoever names an address to us chooses where we connect and what we read.
// Therefore
//   - only public addresses are dialled, checked after name resolution, so names, redirects and rebinding make no
//     difference; no proxy
//   - https only, with a certificate that fits, except in the configured private networks
//   - at most three redirects in a call, each checked like the first address; a POST follows none
//   - a signature that is refused is made in another way at most twice in a call
//   - time, headers and body are bounded; the body counts after decompression
//
// Errors are Problems that name the host, never the whole address: an address can be a secret. Their codes are Invalid
// (the address or the answer is no good), Unavailable (may pass), NotFound, Gone (404, 410), Forbidden (401, 403 and the
// policy's errors). A Client is safe for concurrent use.
type Client struct {
	config        ClientConfig
	secure, plain *http.Transport // for https and http
}

// NewClient returns a Client. It keeps idle connections for a short while, and needs no closing.
func NewClient(c ClientConfig) *Client {
	if c.Timeout <= 0 || c.Timeout > maxFetchTime {
		c.Timeout = maxFetchTime
	}
	if c.Allowed == nil {
		c.Allowed = func(string) error { return nil }
	}
	if c.OwnHost == nil {
		c.OwnHost = func(string) bool { return false }
	}
	if c.Scheme == nil || c.Learn == nil {
		c.Scheme = func(context.Context, string) Scheme { return Cavage }
		c.Learn = func(context.Context, string, Scheme) {}
	}
	if c.UserAgent == nil {
		c.UserAgent = func() string { return "Songferry" }
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return &Client{
		config: c,
		secure: newTransport(c, guard.PublicOr(c.AllowPrivate)),
		plain:  newTransport(c, guard.Within(c.AllowPrivate)),
	}
}

// Signer signs a request that is about to be sent by a scheme. It is called for every attempt and every hop, with that
// hop's address.
type Signer func(r *http.Request, s Scheme) error

// Conditional makes a GET conditional: what a former answer's Document said. The zero value does not.
type Conditional struct{ ETag, LastModified string }

// Document is an answer to a GET.
type Document struct {
	URL                string // where it was found after redirects, in the form that parseAddress gives
	Status             int    // 200, or 304 for a Conditional (then Body is empty)
	Body               []byte
	ContentType        string
	ETag, LastModified string // for the next Conditional; "" when absent
}

// Get fetches an address, up to 1 MiB. accept is the Accept header; the answer's type is the caller's to check. sign may
// be nil.
func (c *Client) Get(ctx context.Context, url, accept string, sign Signer, cond Conditional) (*Document, error) {
	return c.get(ctx, url, accept, documentLimits.bytes, sign, cond)
}

func (c *Client) get(ctx context.Context, url, accept string, limit int, sign Signer, cond Conditional) (*Document, error) {
	ctx, cancel := context.WithTimeout(ctx, c.config.Timeout)
	defer cancel()
	f := fetch{client: c, accept: accept, sign: sign, limit: limit, redirects: maxRedirects, knocks: maxKnocks}
	return f.get(ctx, url, cond)
}

// Post sends a signed activity and returns the status of the answer, whatever it is, and the wait that its Retry-After
// asks for. err says that there was no answer.
func (c *Client) Post(ctx context.Context, url string, body []byte, sign Signer) (status int, retryAfter time.Duration, err error) {
	ctx, cancel := context.WithTimeout(ctx, c.config.Timeout)
	defer cancel()
	u, err := c.target(url)
	if err != nil {
		return 0, 0, err
	}
	header := http.Header{"Content-Type": {"application/activity+json"}}
	knocks := 1
	resp, err := c.knock(ctx, http.MethodPost, u, header, body, sign, &knocks)
	if err != nil {
		return 0, 0, err
	}
	discard(resp)
	return resp.StatusCode, parseRetryAfter(resp.Header.Get("Retry-After"), c.config.Now()), nil
}

// Reach connects to the host of an address, and says nothing there. It is how to learn that a host is still away without signing
// what it will not get: a signature costs far more than a connection.
func (c *Client) Reach(ctx context.Context, address string) error {
	u, err := c.target(address)
	if err != nil {
		return err
	}
	conn, err := c.transport(u).DialContext(ctx, "tcp", dialled(u))
	if err != nil {
		return connectProblem(u.Host, err)
	}
	_ = conn.Close() // nothing was written that could be lost
	return nil
}

func (c *Client) transport(u *url.URL) *http.Transport {
	if u.Scheme == "http" {
		return c.plain
	}
	return c.secure
}

// dialled is the host and port of an address.
func dialled(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = u.Scheme // the port has its name
	}
	return net.JoinHostPort(u.Hostname(), port)
}
