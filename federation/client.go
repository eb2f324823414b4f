package federation

import (
	"context"
	"crypto/x509"
	"net"
	"net/http"
	"net/netip"
	"time"
)

// ClientConfig says whom a Client may reach. The zero value reaches every public address over https.
type ClientConfig struct {
	AllowPrivate []netip.Prefix          // networks to reach although they are not public; plain http only there
	Allowed      func(host string) error // the administrator's policy, asked before every hop; nil allows all
	OwnHosts     func(host string) bool  // host[:port]s of this bridge, never fetched; nil for none
	UserAgent    string
	Timeout      time.Duration    // for everything a call does, at most and by default 30 s
	RootCAs      *x509.CertPool   // nil: the system's
	Resolver     *net.Resolver    // nil: the system's
	Now          func() time.Time // nil: time.Now
}

// Client is the HTTP client for strangers.
type Client struct{ config ClientConfig }

// Conditional makes a GET conditional: what a former answer's Document said. Zero for an unconditional one.
type Conditional struct{ ETag, LastModified string }

// Document is an answer to a GET.
type Document struct {
	URL                string // final, after redirects, without fragment
	Status             int    // 200, or 304 (then Body is nil)
	Body               []byte
	ContentType        string
	ETag, LastModified string // for the next Conditional
}

func NewClient(c ClientConfig) *Client { panic("todo") }

func (c *Client) Get(ctx context.Context, url, accept string, sign func(*http.Request) error, cond Conditional) (*Document, error) {
	panic("todo")
}

// GetActivity …
func (c *Client) GetActivity(ctx context.Context, url string, sign func(*http.Request) error, cond Conditional) (*Document, error) {
	panic("todo")
}

// GetPage is GetActivity for a page of a collection: 4 MiB, 100,000 nodes.
func (c *Client) GetPage(ctx context.Context, url string, sign func(*http.Request) error) (*Document, error) {
	panic("todo")
}

func (c *Client) Post(ctx context.Context, url string, body []byte, sign func(*http.Request) error) (status int, retryAfter time.Duration, err error) {
	panic("todo")
}
