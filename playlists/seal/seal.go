// Package seal encrypts secrets before they are kept in the database (AES-256-GCM), or hashes them, with a key that is not kept there.
package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Key seals and opens secrets, and makes hashes. It is safe for concurrent use.
type Key struct {
	aead   cipher.AEAD
	hashes []byte // HMAC-SHA256
}

// NewKey returns a Key of 32 secret bytes.
func NewKey(secret []byte) (*Key, error) {
	if len(secret) != 32 {
		return nil, fmt.Errorf("a sealing key has 32 bytes, this one %d", len(secret))
	}
	block, err := aes.NewCipher(secret)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, err
	}
	// Another key than the one that seals, as NIST SP 800-57 (5.2) asks for each use.
	hashes, err := hkdf.Key(sha256.New, secret, nil, "songferry hashes", sha256.Size)
	if err != nil {
		return nil, err
	}
	return &Key{aead, hashes}, nil
}

// Seal encrypts plain. label says what it is (say, "subsonic:" and the account's ID): the same label opens it, so that
// a sealed secret moved to another row is refused.
func (k *Key) Seal(plain []byte, label string) []byte {
	return k.aead.Seal(nil, nil, plain, []byte(label))
}

// Open is the inverse of Seal.
func (k *Key) Open(sealed []byte, label string) ([]byte, error) {
	plain, err := k.aead.Open(nil, nil, sealed, []byte(label))
	if err != nil {
		return nil, errors.New("a stored secret cannot be opened: the key file is not the one it was sealed with")
	}
	return plain, nil
}

// Hash returns 32 bytes that are always the same for text, and tell nothing of it to whoever has not the key, not even by trying what
// it may be. label says what it is, as in Seal, and has no zero byte.
func (k *Key) Hash(text, label string) []byte {
	mac := hmac.New(sha256.New, k.hashes)
	mac.Write([]byte(label + "\x00" + text)) // a hash takes everything
	return mac.Sum(nil)
}

// LoadKey reads the key file, or makes one, readable by its owner only, when there is none.
func LoadKey(path string) (*Key, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err := createKey(path); err != nil && !errors.Is(err, fs.ErrExist) {
			return nil, fmt.Errorf("make the key file: %w", err)
		}
		text, err = os.ReadFile(path)
	}
	if err != nil {
		return nil, fmt.Errorf("read the key file: %w", err)
	}
	secret, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(text)))
	if err != nil {
		return nil, fmt.Errorf("the key file %s is damaged: restore it from a backup", path)
	}
	return NewKey(secret)
}

// createKey writes a fresh key under another name first, so that path never holds half a key; of two processes that
// start at once one wins and the other gets fs.ErrExist.
func createKey(path string) error {
	secret := make([]byte, 32)
	rand.Read(secret)
	f, err := os.CreateTemp(filepath.Dir(path), ".key-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.WriteString(base64.StdEncoding.EncodeToString(secret) + "\n")
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Link(f.Name(), path)
}
