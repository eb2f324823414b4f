package federation

import (
	"errors"
	"net/http"
)

// errUnsigned has the one answer of authorized fetch, given before anything is looked up: it is the same for what is
// there, secret or missing.
var errUnsigned = errors.New("this server answers signed requests only")

// signedOnly lets those read who sign, and whom the administrator has not blocked. What the instance actor needs to sign
// with stays open: two servers that both want signatures could never look up each other's keys.
func (f *Federation) signedOnly(find func(*http.Request) (document, error)) func(*http.Request) (document, error) {
	return func(r *http.Request) (document, error) {
		key, err := Verify(r, nil, f.addr(), f, f.now())
		if err != nil {
			f.log.Debug("unsigned reader refused", "route", routeOf(r), "error", err)
			return document{}, errUnsigned
		}
		if f.policy.AllowsActor(key.Owner) != nil {
			return document{}, notHere()
		}
		return find(r)
	}
}
