package federation

import (
	"context"
	"net/http"
	"net/url"
	"slices"
)

// maxKnocks is how often a call may sign anew what was refused, over all its hops.
const maxKnocks = 2

// knock sends a request that is signed in the way that its origin took last. While the signature is refused, it is made
// in other ways (“double-knocking”), as long as left says; what is taken then is remembered.
func (c *Client) knock(ctx context.Context, method string, u *url.URL, header http.Header, body []byte, sign Signer, left *int) (*http.Response, error) {
	if sign == nil {
		return c.send(ctx, method, u, header, body, nil)
	}
	origin := u.Scheme + "://" + u.Host
	ways := schemesFor(c.config.Scheme(ctx, origin), method == http.MethodGet && u.RawQuery != "")
	for i := 0; ; i++ {
		scheme := ways[i]
		resp, err := c.send(ctx, method, u, header, body, func(r *http.Request) error { return sign(r, scheme) })
		if err != nil {
			return nil, err
		}
		refused := refusesSignature(resp.StatusCode)
		if !refused && i > 0 {
			c.config.Learn(ctx, origin, scheme)
		}
		if !refused || *left == 0 || i == len(ways)-1 {
			return resp, nil
		}
		*left--
		discard(resp)
	}
}

// refusesSignature: 403 and 404 are about what is asked for, or who asks.
func refusesSignature(status int) bool {
	return status == http.StatusUnauthorized || status == http.StatusBadRequest
}

// schemesFor returns the ways to sign a request, in the order in which they are tried. Only a query can be left out.
func schemesFor(first Scheme, query bool) []Scheme {
	if !query {
		if first == RFC9421 {
			return []Scheme{RFC9421, Cavage}
		}
		return []Scheme{Cavage, RFC9421}
	}
	others := slices.DeleteFunc([]Scheme{Cavage, CavagePath, RFC9421}, func(s Scheme) bool { return s == first })
	return append([]Scheme{first}, others...)
}
