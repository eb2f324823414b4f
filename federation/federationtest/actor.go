package federationtest

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"maps"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// Actor is an account of an instance.
type Actor struct {
	Name     string
	ID       string // …/users/NAME
	KeyID    string // …/users/NAME#main-key
	Inbox    string
	Document map[string]any // what is served at ID; change it with Change

	key *rsa.PrivateKey
}

// AddActor adds a Person, with its actor document and its WebFinger answer. Members of extra are added to the document,
// over the usual ones.
func (i *Instance) AddActor(name string, extra map[string]any) *Actor {
	i.t.Helper()
	id := i.URL + "/users/" + name
	a := &Actor{Name: name, ID: id, KeyID: id + "#main-key", Inbox: id + "/inbox", key: newKey(i.t)}
	a.Document = map[string]any{
		"@context":          []any{"https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1"},
		"id":                id,
		"type":              "Person",
		"preferredUsername": name,
		"inbox":             a.Inbox,
		"outbox":            id + "/outbox",
		"followers":         id + "/followers",
		"url":               i.URL + "/@" + name,
	}
	i.mu.Lock()
	i.actors[strings.ToLower(name)] = a
	i.mu.Unlock()
	i.Change(a, extra)
	return a
}

// Change lays changes over an actor's document; nil removes a member.
func (i *Instance) Change(a *Actor, changes map[string]any) {
	i.t.Helper()
	a.Document["publicKey"] = map[string]any{"id": a.KeyID, "owner": a.ID, "publicKeyPem": publicPEM(i.t, a.key)}
	maps.Copy(a.Document, changes)
	for name, value := range a.Document {
		if value == nil {
			delete(a.Document, name)
		}
	}
	i.Put(strings.TrimPrefix(a.ID, i.URL), a.Document)
}

// Rekey gives an actor a new key under the same id, as after a restored backup.
func (i *Instance) Rekey(a *Actor) {
	i.t.Helper()
	a.key = newKey(i.t)
	i.Change(a, nil)
}

// MoveKey gives an actor a new key under a new id, as key rotation does.
func (i *Instance) MoveKey(a *Actor, fragment string) {
	i.t.Helper()
	a.KeyID = a.ID + "#" + fragment
	i.Rekey(a)
}

func (i *Instance) webFinger(w http.ResponseWriter, r *http.Request) {
	user, host, _ := strings.Cut(strings.TrimPrefix(r.URL.Query().Get("resource"), "acct:"), "@")
	i.mu.Lock()
	a := i.actors[strings.ToLower(user)]
	i.mu.Unlock()
	if a == nil || host != i.Host() {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/jrd+json")
	_, _ = w.Write(JRD("acct:"+a.Name+"@"+host, a.ID)) // the client may have hung up
}

// JRD returns a WebFinger answer.
func JRD(subject, actorID string) []byte {
	b, err := json.Marshal(map[string]any{"subject": subject, "links": []any{
		map[string]any{"rel": "http://webfinger.net/rel/profile-page", "type": "text/html", "href": actorID},
		map[string]any{"rel": "self", "type": "application/activity+json", "href": actorID},
	}})
	if err != nil {
		panic(err) // strings always encode
	}
	return b
}

// readyKeys are a few RSA keys of 2,048 bits: making one takes longer than most tests do.
var readyKeys = sync.OnceValues(func() (keys [8]*rsa.PrivateKey, err error) {
	for i := range keys {
		if keys[i], err = rsa.GenerateKey(rand.Reader, 2048); err != nil {
			return keys, err
		}
	}
	return keys, nil
})

var keysGiven atomic.Uint64

// Key returns an RSA key of 2,048 bits; eight take turns, so that two calls in a row give two keys.
func Key() (*rsa.PrivateKey, error) {
	keys, err := readyKeys()
	return keys[keysGiven.Add(1)%uint64(len(keys))], err
}

func newKey(t testing.TB) *rsa.PrivateKey {
	t.Helper()
	key, err := Key()
	if err != nil {
		t.Fatalf("make key: %v", err)
	}
	return key
}

func publicPEM(t testing.TB, key *rsa.PrivateKey) string {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		t.Fatalf("encode key: %v", err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
}
