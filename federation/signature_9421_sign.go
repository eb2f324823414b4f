package federation

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// signMessage adds Signature-Input, Signature and, for a body, Content-Digest (RFC 9421 with rsa-v1_5-sha256, over what
// the SWICG report on HTTP signatures asks for). The library cannot do it: it takes created from its own clock.
func signMessage(r *http.Request, body []byte, key SigningKey, now time.Time) error {
	origin := r.URL.Scheme + "://" + strings.ToLower(hostSent(r))
	names := `"@method" "@target-uri"`
	base := "\"@method\": " + r.Method + "\n\"@target-uri\": " + origin + requestTarget(r) + "\n"
	if body != nil {
		sum := sha256.Sum256(body)
		digest := "sha-256=:" + base64.StdEncoding.EncodeToString(sum[:]) + ":"
		r.Header.Set("Content-Digest", digest)
		names += ` "content-digest"`
		base += "\"content-digest\": " + digest + "\n"
	}
	params := fmt.Sprintf(`(%s);created=%d;keyid="%s";alg="rsa-v1_5-sha256"`, names, now.Unix(), key.ID)
	sum := sha256.Sum256([]byte(base + "\"@signature-params\": " + params))
	value, err := rsa.SignPKCS1v15(nil, key.Private, crypto.SHA256, sum[:])
	if err != nil {
		return fmt.Errorf("sign request: %w", err)
	}
	r.Header.Set("Signature-Input", "sig1="+params)
	r.Header.Set("Signature", "sig1=:"+base64.StdEncoding.EncodeToString(value)+":")
	return nil
}
