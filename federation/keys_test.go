package federation

import (
	"bytes"
	"crypto/x509"
	"strings"
	"sync"
	"testing"

	"github.com/songferry/songferry/migrations/migrationstest"
	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/seal"
)

func TestSigningKeysAreKeptSealed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	pub := w.publish("Road trip", playlists.Public)
	key, err := w.signingKey(t.Context(), pub.PublicID)
	w.ok(err)
	file := migrationstest.Content(t, w.db, w.path)
	if !bytes.Contains(file, []byte("BEGIN PUBLIC KEY")) {
		t.Fatal("looked into the wrong file")
	}
	der, err := x509.MarshalPKCS8PrivateKey(key.Private)
	w.ok(err)
	for name, secret := range map[string][]byte{
		"PEM": []byte("PRIVATE KEY"), "PKCS #8": der[:64], "exponent": key.Private.D.Bytes()[:32], "prime": key.Private.Primes[0].Bytes()[:32],
	} {
		if bytes.Contains(file, secret) {
			t.Errorf("the database file holds the key: %s", name)
		}
	}

	// After a restart it is the same; with another sealing key, or as another actor's, it is none.
	sealing, err := seal.NewKey([]byte(strings.Repeat("k", 32)))
	w.ok(err)
	again, err := w.open(sealing).signingKey(t.Context(), pub.PublicID)
	if err != nil || !again.Private.Equal(key.Private) || again.ID != key.ID {
		t.Errorf("after a restart %s, %v", again.ID, err)
	}
	other, err := seal.NewKey([]byte(strings.Repeat("x", 32)))
	w.ok(err)
	if _, err := w.open(other).signingKey(t.Context(), pub.PublicID); err == nil {
		t.Error("opened with another sealing key")
	}
	w.exec(`INSERT INTO signing_keys (actor, sealed, public_pem, created) SELECT 'somebody', sealed, public_pem, created FROM signing_keys WHERE actor = $1`, pub.PublicID)
	if _, err := w.signingKey(t.Context(), "somebody"); err == nil {
		t.Error("a key that was moved to another actor is used")
	}
}

func TestAKeyThatManyAskForAtOnceIsOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var wait sync.WaitGroup
	var pems, signers sync.Map
	for range 4 {
		wait.Go(func() {
			pem, err := w.publicKey(t.Context(), "actor")
			pems.Store(pem, err)
		})
		wait.Go(func() {
			key, err := w.signingKey(t.Context(), "actor")
			if err == nil {
				signers.Store(key.Private.D.String(), nil)
			}
		})
	}
	wait.Wait()
	for _, m := range []*sync.Map{&pems, &signers} {
		n := 0
		m.Range(func(_, err any) bool { n++; return err == nil })
		if n != 1 {
			t.Errorf("%d keys", n)
		}
	}
}
