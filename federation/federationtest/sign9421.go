package federationtest

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// MessageSignature makes a signature of RFC 9421, and the wrong ones that a test asks for.
type MessageSignature struct {
	KeyID      string
	Key        crypto.Signer // *rsa.PrivateKey or ed25519.PrivateKey
	Label      string        // "" for sig1
	Components []string      // covered, in order, without quotes, or with them and parameters; nil: what Fedify covers
	Params     []string      // as they stand in the header; nil: created, keyid and alg
	Created    time.Time
	Scheme     string // http or https; "" for https
	Target     string // path and query to sign; "" for the request's
	PSS        bool   // rsa-pss-sha512 instead of rsa-v1_5-sha256
}

// ContentDigest returns the value of a Content-Digest header (RFC 9530).
func ContentDigest(body []byte) string {
	sum := sha256.Sum256(body)
	return "sha-256=:" + base64.StdEncoding.EncodeToString(sum[:]) + ":"
}

// Prepare9421 adds the headers that are usually signed.
func Prepare9421(r *http.Request, body []byte) {
	if r.Host == "" {
		r.Host = r.URL.Host
	}
	if body != nil {
		r.Header.Set("Content-Digest", ContentDigest(body))
	}
}

// Algorithm is the name of what the signature is made with.
func (s MessageSignature) Algorithm() string {
	switch _, ed := s.Key.(ed25519.PrivateKey); {
	case ed:
		return "ed25519"
	case s.PSS:
		return "rsa-pss-sha512"
	}
	return "rsa-v1_5-sha256"
}

// Sign adds Signature-Input and Signature to r.
func (s MessageSignature) Sign(t testing.TB, r *http.Request) {
	t.Helper()
	if s.Label == "" {
		s.Label = "sig1"
	}
	if s.Components == nil {
		s.Components = []string{"@method", "@target-uri", "@authority"}
		if r.Header.Get("Content-Digest") != "" {
			s.Components = append(s.Components, "content-digest")
		}
	}
	if s.Params == nil {
		s.Params = []string{fmt.Sprintf("created=%d", s.Created.Unix()), fmt.Sprintf("keyid=%q", s.KeyID), fmt.Sprintf("alg=%q", s.Algorithm())}
	}
	var names, lines []string
	for _, c := range s.Components {
		if !strings.HasPrefix(c, `"`) {
			c = `"` + c + `"`
		}
		names = append(names, c)
		lines = append(lines, c+": "+s.component(r, strings.Trim(strings.Split(c, ";")[0], `"`)))
	}
	params := strings.Join(append([]string{"(" + strings.Join(names, " ") + ")"}, s.Params...), ";")
	value, err := s.sign([]byte(strings.Join(append(lines, `"@signature-params": `+params), "\n")))
	if err != nil {
		t.Fatalf("sign: %v", err)
	}
	r.Header.Set("Signature-Input", s.Label+"="+params)
	r.Header.Set("Signature", s.Label+"=:"+base64.StdEncoding.EncodeToString(value)+":")
}

func (s MessageSignature) component(r *http.Request, name string) string {
	scheme, target := s.Scheme, s.Target
	if scheme == "" {
		scheme = "https"
	}
	if target == "" {
		target = r.URL.RequestURI()
	}
	return componentOf(r, name, scheme, target)
}

// componentOf is the value of a component (RFC 9421, 2.1 and 2.2).
func componentOf(r *http.Request, name, scheme, target string) string {
	path, query, _ := strings.Cut(target, "?")
	switch name {
	case "@method":
		return r.Method
	case "@target-uri":
		return scheme + "://" + strings.ToLower(r.Host) + target
	case "@authority":
		return strings.ToLower(r.Host)
	case "@scheme":
		return scheme
	case "@path":
		return path
	case "@query":
		return "?" + query
	case "@request-target":
		return target
	case "host":
		return r.Host
	}
	return strings.Join(r.Header.Values(name), ", ")
}

func (s MessageSignature) sign(base []byte) ([]byte, error) {
	switch key := s.Key.(type) {
	case ed25519.PrivateKey:
		return ed25519.Sign(key, base), nil
	case *rsa.PrivateKey:
		if s.PSS {
			sum := sha512.Sum512(base)
			return rsa.SignPSS(rand.Reader, key, crypto.SHA512, sum[:], &rsa.PSSOptions{SaltLength: 64})
		}
		sum := sha256.Sum256(base)
		return rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	}
	return nil, errors.New("the key is of no known kind")
}

// sent9421 is the one form of Signature-Input that Songferry sends.
var sent9421 = regexp.MustCompile(`^sig1=(\(((?:"[a-z@-]+" ?)+)\);created=(\d+);keyid="([^"]+)";alg="rsa-v1_5-sha256")$`)

// keyID9421 returns the keyid of what Songferry sends, "" when there is none.
func keyID9421(r *http.Request) string {
	if m := sent9421.FindStringSubmatch(r.Header.Get("Signature-Input")); m != nil {
		return m[4]
	}
	return ""
}

// verify9421 checks what a strict server does: covered components, fresh created, digest, signature.
func verify9421(r *http.Request, body []byte, scheme string, key *rsa.PublicKey, now time.Time) error {
	m := sent9421.FindStringSubmatch(r.Header.Get("Signature-Input"))
	if m == nil {
		return fmt.Errorf("the Signature-Input %q cannot be read", r.Header.Get("Signature-Input"))
	}
	covered := strings.Fields(strings.ReplaceAll(m[2], `"`, ""))
	want := []string{"@method", "@target-uri"}
	if body != nil {
		want = append(want, "content-digest")
		if got := r.Header.Get("Content-Digest"); got != ContentDigest(body) {
			return fmt.Errorf("the Content-Digest %q does not fit the body", got)
		}
	}
	if !slices.Equal(covered, want) {
		return fmt.Errorf("the signature covers %q, want %q", covered, want)
	}
	if created := now.Unix(); fmt.Sprint(created) != m[3] {
		return fmt.Errorf("created is %s, want %d", m[3], created)
	}
	base := ""
	for _, name := range covered {
		base += fmt.Sprintf("%q: %s\n", name, componentOf(r, name, scheme, r.RequestURI))
	}
	base += `"@signature-params": ` + m[1]
	text, ok := strings.CutPrefix(r.Header.Get("Signature"), "sig1=:")
	value, err := base64.StdEncoding.DecodeString(strings.TrimSuffix(text, ":"))
	if !ok || err != nil {
		return errors.New("the signature cannot be read")
	}
	sum := sha256.Sum256([]byte(base))
	return rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], value)
}
