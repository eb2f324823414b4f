package federation

import (
	"bytes"
	"crypto/rsa"
	"slices"
	"sync"
)

// maxOpened bounds the private keys that are held open, a few kilobytes each.
const maxOpened = 200

// openedKeys holds the private keys that were used last: to open and check one takes about as long as a signature.
type openedKeys struct {
	mu   sync.Mutex
	keys []openedKey // the one used last is at the end
}

type openedKey struct {
	actor, name string
	sealed      []byte
	private     *rsa.PrivateKey
}

// open returns what open returned for the same sealed key of the same actor before, else what it returns now.
func (o *openedKeys) open(actor string, s storedKey, open func(actor string, sealed []byte) (*rsa.PrivateKey, error)) (*rsa.PrivateKey, error) {
	if k := o.get(func(k openedKey) bool { return k.actor == actor && bytes.Equal(k.sealed, s.sealed) }); k != nil {
		return k, nil
	}
	k, err := open(actor, s.sealed)
	if err == nil {
		o.put(openedKey{actor, s.name, s.sealed, k})
	}
	return k, err
}

// named returns the key of an actor that has a name; nil if it was not opened lately.
func (o *openedKeys) named(actor, name string) *rsa.PrivateKey {
	return o.get(func(k openedKey) bool { return k.actor == actor && k.name == name })
}

func (o *openedKeys) get(is func(openedKey) bool) *rsa.PrivateKey {
	o.mu.Lock()
	defer o.mu.Unlock()
	i := slices.IndexFunc(o.keys, is)
	if i < 0 {
		return nil
	}
	k := o.keys[i]
	o.keys = append(slices.Delete(o.keys, i, i+1), k)
	return k.private
}

func (o *openedKeys) put(k openedKey) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.keys = append(o.keys, k); len(o.keys) > maxOpened {
		o.keys = slices.Delete(o.keys, 0, 1)
	}
}
