package federationtest

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// Signature makes a signature of draft-cavage-http-signatures-12, and the wrong ones that a test asks for.
type Signature struct {
	KeyID     string
	Key       crypto.Signer // *rsa.PrivateKey or ed25519.PrivateKey
	Headers   []string      // covered, in order; nil: what Mastodon covers
	Algorithm string        // label; "" for none
	Created   int64         // unix seconds; 0 for none
	Expires   int64
	Target    string // path and query to sign; "" for the request's
}

// Prepare adds the headers that are usually signed: Host, Date, and Digest for a body that is not nil.
func Prepare(r *http.Request, body []byte, now time.Time) {
	if r.Host == "" {
		r.Host = r.URL.Host
	}
	r.Header.Set("Date", now.UTC().Format(http.TimeFormat))
	if body != nil {
		r.Header.Set("Digest", Digest(body))
	}
}

// Digest returns the value of a Digest header.
func Digest(body []byte) string {
	sum := sha256.Sum256(body)
	return "SHA-256=" + base64.StdEncoding.EncodeToString(sum[:])
}

// Sign adds a Signature header to r.
func (s Signature) Sign(t testing.TB, r *http.Request) {
	t.Helper()
	covered := s.Headers
	if covered == nil {
		covered = []string{"(request-target)", "host", "date"}
		if r.Header.Get("Digest") != "" {
			covered = append(covered, "digest")
		}
	}
	target := s.Target
	if target == "" {
		target = r.URL.RequestURI()
	}
	params := map[string]string{"created": fmt.Sprint(s.Created), "expires": fmt.Sprint(s.Expires)}
	value, err := s.sign([]byte(signedText(r, covered, target, params)))
	if err != nil {
		t.Fatalf("sign: %v", err)
	}
	r.Header.Set("Signature", s.header(covered, base64.StdEncoding.EncodeToString(value)))
}

func (s Signature) sign(text []byte) ([]byte, error) {
	if key, ok := s.Key.(ed25519.PrivateKey); ok {
		return ed25519.Sign(key, text), nil
	}
	sum := sha256.Sum256(text)
	return s.Key.Sign(rand.Reader, sum[:], crypto.SHA256)
}

func (s Signature) header(covered []string, value string) string {
	h := fmt.Sprintf(`keyId="%s"`, s.KeyID)
	if s.Algorithm != "" {
		h += fmt.Sprintf(`,algorithm="%s"`, s.Algorithm)
	}
	if s.Created != 0 {
		h += fmt.Sprintf(`,created=%d`, s.Created)
	}
	if s.Expires != 0 {
		h += fmt.Sprintf(`,expires=%d`, s.Expires)
	}
	return h + fmt.Sprintf(`,headers="%s",signature="%s"`, strings.Join(covered, " "), value)
}

// signedText is the text that a signature is made of (draft, §2.3).
func signedText(r *http.Request, covered []string, target string, params map[string]string) string {
	lines := make([]string, len(covered))
	for n, name := range covered {
		switch name {
		case "(request-target)":
			lines[n] = name + ": " + strings.ToLower(r.Method) + " " + target
		case "(created)", "(expires)":
			lines[n] = name + ": " + params[strings.Trim(name, "()")]
		case "host":
			lines[n] = name + ": " + r.Host
		default:
			lines[n] = name + ": " + strings.Join(r.Header.Values(name), ", ")
		}
	}
	return strings.Join(lines, "\n")
}

// parseSignature reads a Signature header. It knows only what Songferry sends: every value quoted.
func parseSignature(header string) (map[string]string, error) {
	p := map[string]string{}
	for _, part := range strings.Split(header, ",") {
		name, value, ok := strings.Cut(part, "=")
		if !ok || len(value) < 2 || value[0] != '"' || value[len(value)-1] != '"' {
			return p, fmt.Errorf("parameter %q cannot be read", part)
		}
		p[name] = value[1 : len(value)-1]
	}
	return p, nil
}

// verify checks what a strict server does: covered headers, fresh date (Funkwhale's window), digest, signature.
func verify(r *http.Request, body []byte, target string, p map[string]string, key *rsa.PublicKey, now time.Time) error {
	covered := strings.Fields(p["headers"])
	want := "(request-target) host date"
	if body != nil {
		want += " digest"
		if got := r.Header.Get("Digest"); got != Digest(body) {
			return fmt.Errorf("digest %q does not fit the body", got)
		}
	}
	if !strings.HasPrefix(p["headers"], want) {
		return fmt.Errorf("signature covers %q, want %q", p["headers"], want)
	}
	date, err := http.ParseTime(r.Header.Get("Date"))
	if err != nil || date.Sub(now).Abs() > 30*time.Second {
		return fmt.Errorf("date %q is not within 30 seconds", r.Header.Get("Date"))
	}
	if p["algorithm"] != "rsa-sha256" {
		return fmt.Errorf("algorithm is %q", p["algorithm"])
	}
	value, err := base64.StdEncoding.DecodeString(p["signature"])
	if err != nil {
		return errors.New("signature is not base64")
	}
	sum := sha256.Sum256([]byte(signedText(r, covered, target, p)))
	return rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], value)
}
