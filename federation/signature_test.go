package federation

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/songferry/songferry/federation/federationtest"
)

var testKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := NewRSAKey()
	if err != nil {
		panic(err)
	}
	return key
})

func TestASignedActivityIsWhatOtherServersExpect(t *testing.T) {
	t.Parallel()
	body := []byte(`{"type":"Follow"}`)
	r := httptest.NewRequest(http.MethodPost, "https://social.example/users/a/inbox?x=%20y", bytes.NewReader(body))
	now := time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC)
	if err := Sign(r, body, SigningKey{ID: "https://b.example/ap/actors/1#main-key", Private: testKey()}, now); err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(body)
	digest := "SHA-256=" + base64.StdEncoding.EncodeToString(sum[:])
	if got := r.Header.Get("Digest"); got != digest {
		t.Errorf("Digest: %s", got)
	}
	if got := r.Header.Get("Date"); got != "Sat, 01 Aug 2026 12:00:00 GMT" {
		t.Errorf("Date: %s", got)
	}
	before, signature, _ := strings.Cut(r.Header.Get("Signature"), `signature="`)
	if want := `keyId="https://b.example/ap/actors/1#main-key",algorithm="rsa-sha256",headers="(request-target) host date digest",`; before != want {
		t.Errorf("Signature: %s", before)
	}
	text := "(request-target): post /users/a/inbox?x=%20y\nhost: social.example\ndate: Sat, 01 Aug 2026 12:00:00 GMT\ndigest: " + digest
	value, err := base64.StdEncoding.DecodeString(strings.TrimSuffix(signature, `"`))
	if err != nil {
		t.Fatal(err)
	}
	hashed := sha256.Sum256([]byte(text))
	if err := rsa.VerifyPKCS1v15(&testKey().PublicKey, crypto.SHA256, hashed[:], value); err != nil {
		t.Errorf("signature is over another text: %v", err)
	}
	if len(r.Header) != 3 {
		t.Errorf("headers: %v", r.Header)
	}
}

func TestAReadIsSignedWithoutDigestAndEscapedPathsStay(t *testing.T) {
	t.Parallel()
	for _, target := range []string{"/a%20b/c%2Fd", "/", "/x?page=1&max=%3D", "/%C3%BC"} {
		r, err := http.NewRequest(http.MethodGet, "https://social.example"+target, nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := Sign(r, nil, SigningKey{ID: "k", Private: testKey()}, time.Now()); err != nil {
			t.Fatal(err)
		}
		if r.Header.Get("Digest") != "" {
			t.Errorf("%s: has a Digest", target)
		}
		before, value, _ := strings.Cut(r.Header.Get("Signature"), `signature="`)
		if !strings.Contains(before, `headers="(request-target) host date"`) {
			t.Errorf("%s: %s", target, before)
		}
		signature, err := base64.StdEncoding.DecodeString(strings.TrimSuffix(value, `"`))
		if err != nil {
			t.Fatal(err)
		}
		hashed := sha256.Sum256([]byte("(request-target): get " + target + "\nhost: social.example\ndate: " + r.Header.Get("Date")))
		if err := rsa.VerifyPKCS1v15(&testKey().PublicKey, crypto.SHA256, hashed[:], signature); err != nil {
			t.Errorf("%s: %v", target, err)
		}
	}
}

func TestARequestCanBeSignedAgain(t *testing.T) {
	t.Parallel()
	key := SigningKey{ID: "k", Private: testKey()}
	r := httptest.NewRequest(http.MethodPost, "https://social.example/inbox", nil)
	first := time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC)
	for n := range 2 {
		if err := Sign(r, []byte("body"), key, first.Add(time.Duration(n)*time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	for name, values := range r.Header {
		if len(values) != 1 {
			t.Errorf("%s: %q", name, values)
		}
	}
	if got := r.Header.Get("Date"); got != "Sat, 01 Aug 2026 13:00:00 GMT" {
		t.Errorf("Date: %s", got)
	}
}

func TestSignaturesMadeAtTheSameTimeAllVerify(t *testing.T) {
	t.Parallel()
	inst := federationtest.New(t)
	bridge := federationtest.New(t) // plays us: it serves the key
	actor := bridge.AddActor("alice", nil)
	client := NewClient(loopback())
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			body := []byte(`{"type":"Note","actor":"` + actor.ID + `"}`)
			status, _, err := client.Post(t.Context(), inst.URL+"/inbox", body, func(r *http.Request, _ Scheme) error {
				return Sign(r, body, signingKey(actor), time.Now())
			})
			if err != nil || status != http.StatusAccepted {
				t.Errorf("status %d, %v", status, err)
			}
		})
	}
	wg.Wait()
	for _, d := range inst.Received() {
		if d.Err != nil || d.Signer != actor.ID {
			t.Errorf("signer %q, %v", d.Signer, d.Err)
		}
	}
}

// signingKey is the key of an actor of an instance that plays us.
func signingKey(a *federationtest.Actor) SigningKey {
	return SigningKey{ID: a.KeyID, Private: a.Signature().Key.(*rsa.PrivateKey)}
}
