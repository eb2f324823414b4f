package federation

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/go-fed/httpsig"

	"github.com/songferry/songferry/playlists"
)

const (
	minRSABits = 2048
	maxRSABits = 8192 // a larger key costs too much time to try
)

// checkStrength refuses keys that prove nothing, and those that cost too much time.
func checkStrength(key crypto.PublicKey) error {
	switch key := key.(type) {
	case *rsa.PublicKey:
		if bits := key.N.BitLen(); bits < minRSABits || bits > maxRSABits {
			return errors.New("the RSA key is too short or too long")
		}
		if key.E < 3 || key.E%2 == 0 {
			return errors.New("the RSA key has an unusable exponent")
		}
		return nil
	case ed25519.PublicKey:
		if len(key) != ed25519.PublicKeySize {
			return errors.New("the Ed25519 key has a wrong length")
		}
		return nil
	}
	return errors.New("the key is of a kind that is not used here")
}

// algorithmFor returns the draft-cavage algorithm for a key, and refuses a label that contradicts it. hs2019 is a label
// that says nothing.
func algorithmFor(key crypto.PublicKey, label string) (httpsig.Algorithm, error) {
	if _, ok := key.(ed25519.PublicKey); ok {
		return httpsig.ED25519, labelled(label, "ed25519")
	}
	return httpsig.RSA_SHA256, labelled(label, "rsa-sha256")
}

func labelled(label, want string) error {
	if !slices.Contains([]string{"", "hs2019", want}, strings.ToLower(label)) {
		return errors.New("the algorithm does not fit the key")
	}
	return nil
}

func sameKey(a, b RemoteKey) bool {
	k, ok := a.Public.(interface{ Equal(crypto.PublicKey) bool })
	return ok && k.Equal(b.Public) && a.Owner == b.Owner
}

// keyError classifies why a key could not be had. A key that is gone wraps playlists.Gone: the sender may be telling us
// that it has deleted itself.
func keyError(err error) *SignatureError {
	e := &SignatureError{Status: http.StatusUnauthorized, Reason: "the key of the signature cannot be had", Err: err}
	switch playlists.CodeOf(err) {
	case playlists.Unavailable, "": // "": a fault of ours, which may pass too
		e.Status, e.Reason = http.StatusServiceUnavailable, "the server of the signature's key cannot be reached"
	case playlists.Forbidden:
		e.Status, e.Reason = http.StatusForbidden, "this server does not talk to yours"
	}
	return e
}
