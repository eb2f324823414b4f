package federation

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// The bare operations are the physical limit: compare within one run.

var benchBody = []byte(`{"type":"Create","object":"` + strings.Repeat("x", 4000) + `"}`)

func BenchmarkSign(b *testing.B) {
	r := httptest.NewRequest(http.MethodPost, "https://social.example/users/alice/inbox", nil)
	key := SigningKey{ID: keyID, Private: testKey()}
	for b.Loop() {
		if err := Sign(Cavage, r, benchBody, key, signedAt); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSignBareRSA(b *testing.B) {
	key := testKey()
	for b.Loop() {
		sum := sha256.Sum256(benchBody)
		if _, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:]); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkVerify(b *testing.B) {
	m := newMessage(http.MethodPost, "/ap/inbox", string(benchBody))
	m.sig.Sign(b, m.Request)
	for b.Loop() {
		m.keys.asked = m.keys.asked[:0]
		if _, err := m.verify(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkVerifyBareRSA(b *testing.B) {
	key := testKey()
	sum := sha256.Sum256(benchBody)
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		sum := sha256.Sum256(benchBody)
		if err := rsa.VerifyPKCS1v15(&key.PublicKey, crypto.SHA256, sum[:], signature); err != nil {
			b.Fatal(err)
		}
	}
}
