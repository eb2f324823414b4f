package federation

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/subtle"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/yaronf/httpsign"
)

// readMessageSignature makes every check of an RFC 9421 signature that needs no key. The library checks none of it as
// strictly: it takes its own clock, believes the Content-Digest, and knows neither our host nor our scheme.
func readMessageSignature(r *http.Request, body []byte, us Addresses, now time.Time) (signature, *SignatureError) {
	s, err := parseMessageSignature(r.Header)
	if err != nil {
		return nil, &SignatureError{Status: http.StatusBadRequest, Reason: err.Error()}
	}
	if fail := checkParties(r, s.keyID, us); fail != nil {
		return nil, fail
	}
	if fail := s.checkCoverage(r); fail != nil {
		return nil, fail
	}
	if fail := s.checkTimes(now); fail != nil {
		return nil, fail
	}
	if s.covers("content-digest") {
		if fail := checkContentDigest(r.Header, body); fail != nil {
			return nil, fail
		}
	}
	if s.r, err = absolute(r, us); err != nil {
		return nil, unsigned("the address of the request cannot be read")
	}
	return s, nil
}

// checkCoverage wants the method, the whole address, and the body of a request that has one.
func (s *messageSignature) checkCoverage(r *http.Request) *SignatureError {
	required := []string{"@method"}
	if !s.covers("@target-uri") {
		required = append(required, "@authority", "@path")
		if strings.Contains(requestTarget(r), "?") {
			required = append(required, "@query")
		}
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		required = append(required, "content-digest")
	}
	for _, c := range required {
		if !s.covers(c) {
			return unsigned("the signature does not cover %s", c)
		}
	}
	return nil
}

func (s *messageSignature) checkTimes(now time.Time) *SignatureError {
	created := time.Unix(s.created, 0)
	if !near(created, now) {
		return unsigned("the signature is too old or from the future; are both clocks right?")
	}
	if s.expires != 0 && (s.expires < now.Unix() || time.Unix(s.expires, 0).Sub(created) > maxValidity) {
		return unsigned("the signature has expired, or would be valid for too long")
	}
	return nil
}

// checkContentDigest computes the Content-Digest again. Each sha-256 and sha-512 that is there must be right, and one
// must be.
func checkContentDigest(h http.Header, body []byte) *SignatureError {
	digests, err := contentDigests(h)
	if err != nil {
		return unsigned("%v", err)
	}
	found := false
	for name, given := range digests {
		sum := digestOf(name, body)
		if sum == nil {
			continue
		}
		if subtle.ConstantTimeCompare(given, sum) != 1 {
			return unsigned("the Content-Digest does not fit the body")
		}
		found = true
	}
	if !found {
		return unsigned("the request has no Content-Digest by sha-256 or sha-512")
	}
	return nil
}

// absolute returns r with the address that its sender meant. Behind a proxy the request itself knows neither the scheme
// nor, if it is spelt in an unusual way, the host; r was sent to us. The library changes what it is given.
func absolute(r *http.Request, us Addresses) (*http.Request, error) {
	u, err := url.Parse(us.Home() + requestTarget(r))
	if err != nil {
		return nil, err
	}
	header := r.Header.Clone()
	header.Set("Host", r.Host)
	return &http.Request{Method: r.Method, Host: us.Host(), URL: u, Header: header}, nil
}

// fits lets the library put together what was signed, and verify it.
func (s *messageSignature) fits(key crypto.PublicKey) error {
	verifier, err := s.verifier(key)
	if err != nil {
		return err
	}
	return httpsign.VerifyRequest(s.label, *verifier, s.r)
}

// verifier chooses the algorithm by the key. Times and coverage have been checked, by our clock.
func (s *messageSignature) verifier(key crypto.PublicKey) (*httpsign.Verifier, error) {
	config := httpsign.NewVerifyConfig().SetVerifyCreated(false).SetRejectExpired(false)
	switch key := key.(type) {
	case *rsa.PublicKey:
		if s.algorithm == "rsa-pss-sha512" {
			return httpsign.NewRSAPSSVerifier(*key, config, httpsign.Fields{})
		}
		if slices.Contains([]string{"", "rsa-v1_5-sha256"}, s.algorithm) {
			return httpsign.NewRSAVerifier(*key, config, httpsign.Fields{})
		}
	case ed25519.PublicKey:
		if slices.Contains([]string{"", "ed25519"}, s.algorithm) {
			return httpsign.NewEd25519Verifier(key, config, httpsign.Fields{})
		}
	}
	return nil, errors.New("the algorithm does not fit the key")
}
