package federationtest

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"math/big"
)

// AddEd25519 gives an actor a second key, named in its assertionMethod (FEP-521a), and returns it with its id.
func (i *Instance) AddEd25519(a *Actor, fragment string) (keyID string, key ed25519.PrivateKey) {
	i.t.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		i.t.Fatalf("make key: %v", err)
	}
	keyID = a.ID + "#" + fragment
	i.Change(a, map[string]any{"assertionMethod": []any{Multikey(keyID, a.ID, key.Public())}})
	return keyID, key
}

// Multikey returns a key, Ed25519 or RSA, as FEP-521a shows it.
func Multikey(id, controller string, key crypto.PublicKey) map[string]any {
	var raw []byte
	switch key := key.(type) {
	case ed25519.PublicKey:
		raw = append([]byte{0xed, 0x01}, key...)
	case *rsa.PublicKey:
		raw = append([]byte{0x85, 0x24}, x509.MarshalPKCS1PublicKey(key)...)
	}
	return map[string]any{"id": id, "type": "Multikey", "controller": controller, "publicKeyMultibase": "z" + base58(raw)}
}

func base58(raw []byte) (text string) {
	n, base, digit := new(big.Int).SetBytes(raw), big.NewInt(58), new(big.Int)
	for n.Sign() > 0 {
		n.DivMod(n, base, digit)
		text = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"[digit.Int64():][:1] + text
	}
	return text
}
