package federation

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"math/big"
	"net/http"
	"testing"

	"github.com/songferry/songferry/playlists"
)

func TestB36B37AlgorithmsAndKeysThatDoNotFitAreRefused(t *testing.T) {
	t.Parallel()
	edPublic, _, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	ecKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	label := func(s string) func(*message) { return func(m *message) { m.sig.Algorithm = s } }
	public := func(p crypto.PublicKey) func(*message) { return func(m *message) { m.keys = keysOf(p) } }
	modulus := func(bits uint) *big.Int { return new(big.Int).SetBit(big.NewInt(1), int(bits)-1, 1) }
	for name, change := range map[string]func(*message){
		"hmac-sha256":        label("hmac-sha256"),
		"none":               label("none"),
		"rsa-sha1":           label("rsa-sha1"),
		"rsa-sha512":         label("rsa-sha512"),
		"ecdsa-sha256":       label("ecdsa-sha256"),
		"ed25519":            label("ed25519"),
		"Ed25519 key":        public(edPublic),
		"ECDSA key":          public(&ecKey.PublicKey),
		"no key":             public(nil),
		"secret as key":      public([]byte("secret")),
		"empty Ed25519 key":  public(ed25519.PublicKey{}),
		"RSA of 1024 bits":   public(&rsa.PublicKey{N: modulus(1024), E: 65537}),
		"RSA of 2047 bits":   public(&rsa.PublicKey{N: modulus(2047), E: 65537}),
		"RSA of 32768 bits":  public(&rsa.PublicKey{N: modulus(32768), E: 65537}),
		"RSA with e=1":       public(&rsa.PublicKey{N: testKey().N, E: 1}),
		"RSA with e=2":       public(&rsa.PublicKey{N: testKey().N, E: 2}),
		"owner elsewhere":    func(m *message) { m.keys.answers[0].Owner = "https://victim.example/users/alice" },
		"owner on http":      func(m *message) { m.keys.answers[0].Owner = "http://social.example/users/alice" },
		"owner another port": func(m *message) { m.keys.answers[0].Owner = "https://social.example:8443/users/alice" },
		"no owner":           func(m *message) { m.keys.answers[0].Owner = "" },
	} {
		m := newPost()
		change(m)
		m.sig.Sign(t, m.Request)
		refused(t, name, m, http.StatusUnauthorized)
	}
}

func TestB41AChangedKeyIsFetchedOnce(t *testing.T) {
	t.Parallel()
	other, err := NewRSAKey()
	if err != nil {
		t.Fatal(err)
	}
	before := RemoteKey{ID: keyID, Owner: owner, Public: &other.PublicKey}
	after := RemoteKey{ID: keyID, Owner: owner, Public: &testKey().PublicKey}
	m := newPost()
	m.keys = &remoteKeys{answers: []RemoteKey{before, after}}
	m.sig.Sign(t, m.Request)
	verified(t, "new key", m, false, true)

	m.keys = &remoteKeys{answers: []RemoteKey{before}}
	refused(t, "still the old key", m, http.StatusUnauthorized)
	if len(m.keys.asked) != 2 {
		t.Errorf("keys asked for: %v", m.keys.asked)
	}
}

func TestB42KeysThatCannotBeHadAreClassified(t *testing.T) {
	t.Parallel()
	other, err := NewRSAKey()
	if err != nil {
		t.Fatal(err)
	}
	problem := func(c playlists.Code) error { return playlists.Problemf(c, nil, "no key") }
	for name, c := range map[string]struct {
		errs   []error
		status int
	}{
		"unreachable":       {[]error{problem(playlists.Unavailable)}, 503},
		"our own fault":     {[]error{errors.New("disk full")}, 503},
		"blocked":           {[]error{problem(playlists.Forbidden)}, 403},
		"gone":              {[]error{problem(playlists.Gone)}, 401},
		"not found":         {[]error{problem(playlists.NotFound)}, 401},
		"private address":   {[]error{problem(playlists.Invalid)}, 401},
		"not fetched again": {[]error{nil, problem(playlists.Unavailable)}, 401},
	} {
		m := newPost()
		m.keys = keysOf(&other.PublicKey)
		m.keys.errs = c.errs
		m.sig.Sign(t, m.Request)
		err := refused(t, name, m, c.status)
		if want := c.errs[len(c.errs)-1]; !errors.Is(err, want) {
			t.Errorf("%s: %v does not wrap %v", name, err, want)
		}
	}
}
