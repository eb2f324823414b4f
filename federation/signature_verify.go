package federation

import (
	"crypto"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/go-fed/httpsig"
)

const (
	maxSkew     = time.Hour      // between our clock and a signature's; Mastodon allows the same
	maxValidity = 12 * time.Hour // from created (or Date) to expires; Mastodon's limit
	maxDigests  = 4              // each costs a pass over the body
)

// Verify checks the signature of r, whose body has been read, with the key that it names, and returns that key. The
// caller still compares its Owner with the activity's actor. us says which host and scheme are this bridge's.
//
// A request with a Signature-Input is read by RFC 9421, any other by draft-cavage-http-signatures-12. In both the
// signature must cover the method, the whole address, a time near now and, for other methods than GET and HEAD, the
// digest, which is computed again from body. The algorithm follows from the key, never from what the peer calls it. When
// a signature does not fit, the key is asked for once more, fresh: its owner may have changed it.
//
// Every error is a *SignatureError; an error of keys is wrapped in it.
func Verify(r *http.Request, body []byte, us Addresses, keys Keys, now time.Time) (RemoteKey, error) {
	s, fail := readSignature(r, body, us, now)
	if fail != nil {
		return RemoteKey{}, fail
	}
	key, err := keys.Key(r.Context(), s.keyName(), false)
	if err != nil {
		return RemoteKey{}, keyError(err)
	}
	if fail = verifyWith(s, key); fail == nil {
		return key, nil
	}
	fresh, err := keys.Key(r.Context(), s.keyName(), true)
	if err != nil || sameKey(key, fresh) {
		fail.Err = errors.Join(fail.Err, err)
		return RemoteKey{}, fail
	}
	if fail = verifyWith(s, fresh); fail != nil {
		return RemoteKey{}, fail
	}
	return fresh, nil
}

// signature is one that was read and passed every check that needs no key.
type signature interface {
	keyName() string
	// fits checks the signature itself with a key that is strong enough.
	fits(crypto.PublicKey) error
}

// readSignature makes every check that needs no key, so that a bad request causes no fetch.
func readSignature(r *http.Request, body []byte, us Addresses, now time.Time) (signature, *SignatureError) {
	if _, ok := r.Header["Signature-Input"]; ok {
		return readMessageSignature(r, body, us, now)
	}
	p, fail := signatureOf(r)
	if fail == nil {
		fail = checkSigned(r, body, us, p, now)
	}
	return cavageSignature{r, p}, fail
}

// verifyWith checks the signature itself.
func verifyWith(s signature, key RemoteKey) *SignatureError {
	if key.Owner == "" || !sameOrigin(s.keyName(), key.Owner) {
		return unsigned("the key belongs to an actor of another server")
	}
	if err := checkStrength(key.Public); err != nil {
		return unsigned("%v", err)
	}
	if err := s.fits(key.Public); err != nil {
		return &SignatureError{Status: http.StatusUnauthorized, Reason: "the signature does not fit the request or the key", Err: err}
	}
	return nil
}

// checkParties: the key is another server's, and the request was sent to this one.
func checkParties(r *http.Request, keyID string, us Addresses) *SignatureError {
	u, err := parseAddress(keyID)
	if err != nil {
		return unsigned("the keyId is not a usable URL: %v", err)
	}
	if sameHost(u.Host, us.Host()) {
		return unsigned("the keyId is one of this server's own")
	}
	if !sameHost(r.Host, us.Host()) {
		return unsigned("the request was sent to another host than %s", us.Host())
	}
	return nil
}

// checkSigned checks what a draft-cavage signature covers.
func checkSigned(r *http.Request, body []byte, us Addresses, p signatureParams, now time.Time) *SignatureError {
	if fail := checkParties(r, p.keyID, us); fail != nil {
		return fail
	}
	for _, h := range requiredHeaders(r.Method) {
		if !p.covers(h) {
			return unsigned("the signature does not cover %s", h)
		}
	}
	if fail := checkTimes(r, p, now); fail != nil {
		return fail
	}
	if p.covers("digest") {
		return checkDigest(r.Header.Values("Digest"), body)
	}
	return nil
}

func requiredHeaders(method string) []string {
	required := []string{httpsig.RequestTarget, "host"}
	if method != http.MethodGet && method != http.MethodHead {
		required = append(required, "digest")
	}
	return required
}

// checkTimes wants a signed time near now, and no other time that contradicts it.
func checkTimes(r *http.Request, p signatureParams, now time.Time) *SignatureError {
	at, fail := signingTime(r, p)
	if fail != nil {
		return fail
	}
	if !near(at, now) || p.created != 0 && !near(time.Unix(p.created, 0), now) {
		return unsigned("the signature is too old or from the future; are both clocks right?")
	}
	if p.expires != 0 && (p.expires < now.Unix() || time.Unix(p.expires, 0).Sub(at) > maxValidity) {
		return unsigned("the signature has expired, or would be valid for too long")
	}
	return nil
}

// signingTime returns the Date if it is signed, else (created) if that is.
func signingTime(r *http.Request, p signatureParams) (time.Time, *SignatureError) {
	if !p.covers("date") {
		if !p.covers("(created)") {
			return time.Time{}, unsigned("the signature covers neither date nor (created)")
		}
		return time.Unix(p.created, 0), nil
	}
	dates := r.Header.Values("Date")
	if len(dates) != 1 {
		return time.Time{}, unsigned("the request has no single Date")
	}
	at, err := http.ParseTime(dates[0])
	if err != nil {
		return time.Time{}, unsigned("the Date cannot be read")
	}
	return at, nil
}

func near(t, now time.Time) bool { return t.Sub(now).Abs() <= maxSkew }

// checkDigest computes the Digest (RFC 3230) again. Each SHA-256 and SHA-512 that is there must be right, and one must be.
func checkDigest(headers []string, body []byte) *SignatureError {
	entries := strings.Split(strings.Join(headers, ","), ",")
	if len(entries) > maxDigests {
		return unsigned("the request has too many Digests")
	}
	found := false
	for _, entry := range entries {
		name, value, _ := strings.Cut(strings.TrimSpace(entry), "=")
		sum := digestOf(strings.ToLower(name), body)
		if sum == nil {
			continue
		}
		given, err := base64.StdEncoding.DecodeString(value)
		if err != nil || subtle.ConstantTimeCompare(given, sum) != 1 {
			return unsigned("the Digest does not fit the body")
		}
		found = true
	}
	if !found {
		return unsigned("the request has no Digest by SHA-256 or SHA-512")
	}
	return nil
}

// digestOf returns the digest of body by an algorithm, by its name in lower case; nil for one that is weak or unknown and
// proves nothing.
func digestOf(algorithm string, body []byte) []byte {
	switch algorithm {
	case "sha-256":
		s := sha256.Sum256(body)
		return s[:]
	case "sha-512":
		s := sha512.Sum512(body)
		return s[:]
	}
	return nil
}

// cavageSignature is a draft-cavage signature of a request.
type cavageSignature struct {
	r *http.Request
	signatureParams
}

func (s cavageSignature) keyName() string { return s.keyID }

func (s cavageSignature) fits(key crypto.PublicKey) error {
	algorithm, err := algorithmFor(key, s.algorithm)
	if err != nil {
		return err
	}
	target := requestTarget(s.r)
	err = verifyTarget(s.r, s.signatureParams, key, algorithm, target)
	if path, _, hasQuery := strings.Cut(target, "?"); err != nil && hasQuery && s.r.Method == http.MethodGet {
		// BookWyrm and older GoToSocial leave the query out. Only a GET may: there it selects what is read, no more.
		err = verifyTarget(s.r, s.signatureParams, key, algorithm, path)
	}
	return err
}

// verifyTarget checks the signature for one spelling of the target. The library compares a signed (created) or (expires)
// with the real clock too, and allows ten seconds: for those, rare as they are, less than maxSkew.
func verifyTarget(r *http.Request, p signatureParams, key crypto.PublicKey, algorithm httpsig.Algorithm, target string) error {
	c := &http.Request{Method: r.Method, Header: r.Header.Clone()}
	c.Header.Set("Signature", p.header())
	c.Header.Del("Authorization") // the library would look there too
	v, err := httpsig.NewVerifier(asSigned(c, r.Host, target))
	if err != nil {
		return err
	}
	return v.Verify(key, algorithm)
}
