package federation

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/go-fed/httpsig"
)

// SigningKey is a private key of one of our actors.
type SigningKey struct {
	ID      string // the key's URL, as published in the actor's publicKey.id
	Private *rsa.PrivateKey
}

const rsaBits = 2048 // what every known server accepts; Mastodon and GoToSocial make the same

// NewRSAKey makes a key for an actor.
func NewRSAKey() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, rsaBits) }

// Scheme is a way to sign a request.
type Scheme string

const (
	Cavage     Scheme = "cavage"      // draft-cavage-http-signatures-12, which every known server reads: the usual one
	CavagePath Scheme = "cavage-path" // the same with the query left out of what is signed, as BookWyrm wants it
	RFC9421    Scheme = "rfc9421"
)

// SignBy signs r by a scheme, in place of what a former attempt left there: never by two, which Misskey refuses. body is
// nil for a GET. now must be fresh for each attempt: Funkwhale refuses a Date 30 seconds old.
func SignBy(s Scheme, r *http.Request, body []byte, key SigningKey, now time.Time) error {
	for _, name := range []string{"Date", "Digest", "Content-Digest", "Signature", "Signature-Input"} {
		r.Header.Del(name)
	}
	switch s {
	case RFC9421:
		return signMessage(r, body, key, now)
	case CavagePath:
		path, _, _ := strings.Cut(requestTarget(r), "?")
		return signCavage(r, path, body, key, now)
	}
	return signCavage(r, requestTarget(r), body, key, now)
}

// Sign signs by the scheme Cavage.
func Sign(r *http.Request, body []byte, key SigningKey, now time.Time) error {
	return SignBy(Cavage, r, body, key, now)
}

// signCavage adds Date, Signature with rsa-sha256 and, for a body, Digest. target is what of the address is signed.
func signCavage(r *http.Request, target string, body []byte, key SigningKey, now time.Time) error {
	signed := []string{httpsig.RequestTarget, "host", "date"}
	if body != nil {
		signed = append(signed, "digest")
	}
	// A Signer is not safe for concurrent use, so each request gets its own.
	signer, _, err := httpsig.NewSigner([]httpsig.Algorithm{httpsig.RSA_SHA256}, httpsig.DigestSha256, signed, httpsig.Signature, 0)
	if err != nil {
		return fmt.Errorf("sign request: %w", err)
	}
	r.Header.Set("Date", now.UTC().Format(http.TimeFormat))
	// The header map is shared: what the signer adds arrives in r.
	if err := signer.SignRequest(key.Private, key.ID, asSigned(r, hostSent(r), target), body); err != nil {
		return fmt.Errorf("sign request: %w", err)
	}
	r.Header.Del("Host") // net/http sends Request.Host
	// The library calls everything hs2019. The label is not signed, and PeerTube once refused it (PeerTube#4431).
	r.Header.Set("Signature", strings.Replace(r.Header.Get("Signature"), `algorithm="hs2019"`, `algorithm="rsa-sha256"`, 1))
	return nil
}

// hostSent returns the Host that net/http sends.
func hostSent(r *http.Request) string {
	if r.Host != "" {
		return r.Host
	}
	return r.URL.Host
}

// asSigned returns a copy of r as the library must see it: it signs URL.Path as it is, so that must hold the target in
// its escaped form, query included, and it wants Host among the headers. The header map is r's own.
func asSigned(r *http.Request, host, target string) *http.Request {
	r.Header.Set("Host", host)
	return &http.Request{Method: r.Method, Host: host, Header: r.Header, URL: &url.URL{Path: target}}
}

// requestTarget returns path and query of r byte for byte as they are, or were, sent.
func requestTarget(r *http.Request) string {
	if strings.HasPrefix(r.RequestURI, "/") { // a request that a server received
		return r.RequestURI
	}
	return r.URL.RequestURI()
}

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

// unsigned is a SignatureError for a signature that is missing, or does not cover or prove what it must.
func unsigned(format string, args ...any) *SignatureError {
	return &SignatureError{Status: http.StatusUnauthorized, Reason: fmt.Sprintf(format, args...)}
}
