package federation

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"math/big"
	"strings"
)

// maxMultibase bounds a key in base58, which takes quadratic time. An RSA key of 8,192 bits has 1,500 characters.
const maxMultibase = 2_048

// Multicodec prefixes of public keys (https://github.com/multiformats/multicodec): ed25519-pub and rsa-pub as varints.
var (
	ed25519Prefix = []byte{0xed, 0x01}
	rsaPrefix     = []byte{0x85, 0x24}
)

// addMultikeys keeps the keys of an assertionMethod (FEP-521a), as setKeys does those of a publicKey. They are kept as
// PEM too, so that there is one way to store a key. Those that are of no use here are left out.
func (r *RemoteActor) addMultikeys(keys []any) {
	for _, v := range firstOf(keys, maxKeys) {
		m, _ := v.(map[string]any)
		k := object(m)
		id := k.address("id")
		if k.kind("Multikey") == "" || onHostOf(r.ID, id) == "" || k.address("controller") != r.ID {
			continue
		}
		public, err := parseMultibaseKey(k.text("publicKeyMultibase"))
		if err != nil {
			continue
		}
		if text, err := encodePublicKey(public); err == nil && len(text) <= maxPEM {
			r.Keys = append(r.Keys, PublicKey{ID: id, PEM: text})
		}
	}
}

// parseMultibaseKey reads a Multikey's publicKeyMultibase: base58btc, Ed25519 or RSA.
func parseMultibaseKey(s string) (crypto.PublicKey, error) {
	digits, ok := strings.CutPrefix(s, "z")
	if !ok || len(s) > maxMultibase {
		return nil, errors.New("the key is not in base58btc")
	}
	raw, err := decodeBase58(digits)
	if err != nil {
		return nil, err
	}
	if key, ok := bytes.CutPrefix(raw, ed25519Prefix); ok && len(key) == ed25519.PublicKeySize {
		return ed25519.PublicKey(key), nil
	}
	if der, ok := bytes.CutPrefix(raw, rsaPrefix); ok {
		return x509.ParsePKCS1PublicKey(der)
	}
	return nil, errors.New("the key is of a kind that is not used here")
}

const base58Alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

func decodeBase58(s string) ([]byte, error) {
	n, base := new(big.Int), big.NewInt(58)
	for _, c := range s {
		digit := strings.IndexRune(base58Alphabet, c)
		if digit < 0 {
			return nil, errors.New("the key is not in base58btc")
		}
		n.Add(n.Mul(n, base), big.NewInt(int64(digit)))
	}
	zeros := len(s) - len(strings.TrimLeft(s, "1"))
	return append(make([]byte, zeros), n.Bytes()...), nil
}

// encodePublicKey writes a key as PEM.
func encodePublicKey(key crypto.PublicKey) (string, error) {
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		return "", err
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})), nil
}
