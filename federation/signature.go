package federation

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"net/http"
	"time"
)

// SigningKey is a private key of one of our actors.
type SigningKey struct {
	ID      string // the key's URL, as published in the actor's publicKey.id
	Private *rsa.PrivateKey
}

const rsaBits = 2048 // what every known server accepts; Mastodon and GoToSocial make the same

// NewRSAKey makes a key for an actor.
func NewRSAKey() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, rsaBits) }

// Sign adds Date, for a body Digest, and Signature (draft-cavage-http-signatures-12, rsa-sha256) to r. body is nil for
// a GET. now must be fresh for each attempt: Funkwhale refuses dates more than 30 seconds old.
func Sign(r *http.Request, body []byte, key SigningKey, now time.Time) error { panic("todo") }

// Keys finds the public keys of other servers' actors.
type Keys interface {
	// Key returns the key named keyID, from a cache or its server. fresh asks for a new copy, because a signature did
	// not verify with the one returned before; the answer may be the same key when it was fetched a moment ago. The
	// key's owner has been checked both ways: the key names the actor and the actor's document lists the key.
	Key(ctx context.Context, keyID string, fresh bool) (RemoteKey, error)
}

// RemoteKey is the public key of an actor elsewhere.
type RemoteKey struct {
	ID     string
	Owner  string           // the actor's id
	Public crypto.PublicKey // *rsa.PublicKey or ed25519.PublicKey
}

// SignatureError says why a request was not accepted as signed. Reason may be told to the peer; Err is for the log.
type SignatureError struct {
	Status int // 400, 401, 403, or 503 when the key's server could not be reached
	Reason string
	Err    error
}

func (e *SignatureError) Error() string {
	if e.Err == nil {
		return e.Reason
	}
	return e.Reason + ": " + e.Err.Error()
}

func (e *SignatureError) Unwrap() error { return e.Err }

// Verify checks the signature of r, whose body has been read, against the key that it names, and returns that key. The
// caller still compares its Owner with the activity's actor. host is this bridge's public host[:port]. Errors are
// *SignatureError.
func Verify(r *http.Request, body []byte, host string, keys Keys, now time.Time) (RemoteKey, error) {
	panic("todo")
}
