package federation

import (
	"net/http"
	"regexp"

	"github.com/songferry/songferry/playlists"
)

// maxSigners bounds the keys in one request that are looked at.
const maxSigners = 8

// keyNamed finds the key in a Signature header (draft-cavage) or a Signature-Input (RFC 9421), however odd the rest.
var keyNamed = regexp.MustCompile(`(?i)\bkeyid\s*=\s*"?([^",;\s]+)`)

// hiddenFrom reports whether a request names the key of somebody who is blocked. Nothing is proven by that: who is not
// blocked gets what it would get unsigned, and what is for approved followers is decided by their signatures.
func (f *Federation) hiddenFrom(r *http.Request) bool {
	for _, header := range []string{"Signature", "Signature-Input"} {
		for _, value := range firstOf(r.Header.Values(header), maxSigners) {
			for _, key := range keyNamed.FindAllStringSubmatch(value, maxSigners) {
				if f.forbids(key[1]) {
					return true
				}
			}
		}
	}
	return false
}

// forbids reports whether the rules forbid contact with the owner of a key, by its address or its handle. A name that
// cannot be read is nobody's.
func (f *Federation) forbids(keyID string) bool {
	err := f.policy.AllowsActor(keyID)
	if h, bad := ParseHandle(keyID); bad == nil {
		err = f.policy.AllowsHost(h.Host)
	}
	return isForbidden(err) || playlists.CodeOf(err) == playlists.Unavailable
}
