package federationtest

import (
	"bytes"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

const maxBody = 8 << 20

// Delivery is what an inbox got.
type Delivery struct {
	Path     string // of the inbox
	KeyID    string
	Signer   string // the actor that the key belongs to; "" when Err is set
	Activity map[string]any
	Raw      []byte
	Err      error // what is wrong with its signature or its document
}

// Received returns what all inboxes of the instance got, oldest first. Deliveries with an Err were answered with 401,
// the others with 202.
func (i *Instance) Received() []Delivery {
	i.mu.Lock()
	defer i.mu.Unlock()
	return append([]Delivery(nil), i.received...)
}

func (i *Instance) inbox(w http.ResponseWriter, r *http.Request) {
	d := i.receive(r)
	i.mu.Lock()
	i.received = append(i.received, d)
	i.mu.Unlock()
	if d.Err != nil {
		http.Error(w, d.Err.Error(), http.StatusUnauthorized)
		return
	}
	w.WriteHeader(http.StatusAccepted)
}

func (i *Instance) receive(r *http.Request) (d Delivery) {
	d.Path, d.KeyID = r.URL.Path, keyIDOf(r)
	if d.Raw, d.Err = io.ReadAll(io.LimitReader(r.Body, maxBody)); d.Err != nil {
		return d
	}
	if d.Signer, d.Err = i.checkSignature(r, d.Raw); d.Err != nil {
		return d
	}
	if d.Err = json.Unmarshal(d.Raw, &d.Activity); d.Err == nil && d.Activity["actor"] != d.Signer {
		d.Err = fmt.Errorf("signed by %s, but the actor is %v", d.Signer, d.Activity["actor"])
	}
	return d
}

// Kinds of signature, for Demand.
const (
	Cavage     = "draft-cavage"
	CavagePath = "draft-cavage without the query" // as BookWyrm reads it
	RFC9421    = "RFC 9421"
)

// Demand makes the instance answer 401 to every signature that is not of one kind.
func (i *Instance) Demand(kind string) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.demand = kind
}

// keyIDOf returns the id of the key that r is signed with, "" without one.
func keyIDOf(r *http.Request) string {
	if id := keyID9421(r); id != "" {
		return id
	}
	p, _ := parseSignature(r.Header.Get("Signature")) // one that cannot be read counts as none
	return p["keyId"]
}

// checkSignature fetches the key that r names, as any server would, and returns the actor who signed.
func (i *Instance) checkSignature(r *http.Request, body []byte) (signer string, err error) {
	i.mu.Lock()
	demand := i.demand
	i.mu.Unlock()
	kind := demand
	if r.Header.Get("Signature-Input") != "" {
		kind = RFC9421
		if r.Header.Get("Digest") != "" || strings.Contains(r.Header.Get("Signature"), "keyId") {
			return "", errors.New("the request is signed in two ways")
		}
	} else if kind != CavagePath {
		kind = Cavage
	}
	if demand != "" && demand != kind {
		return "", fmt.Errorf("this server reads signatures of %s", demand)
	}
	key, err := i.keyOf(keyIDOf(r))
	if err != nil {
		return "", fmt.Errorf("fetch key %s: %w", keyIDOf(r), err)
	}
	if err := i.verifyAs(kind, r, body, key.public); err != nil {
		return "", fmt.Errorf("verify: %w", err)
	}
	return key.owner, nil
}

// heldKey is the key of an actor elsewhere.
type heldKey struct {
	public *rsa.PublicKey
	owner  string
}

// keyOf fetches a key, and keeps it for when it is gone: by it a server knows who says goodbye.
func (i *Instance) keyOf(id string) (heldKey, error) {
	public, owner, err := fetchKey(id)
	i.mu.Lock()
	defer i.mu.Unlock()
	if held, ok := i.keys[id]; ok && errors.Is(err, errGone) {
		return held, nil
	}
	if err == nil {
		i.keys[id] = heldKey{public, owner}
	}
	return heldKey{public, owner}, err
}

func (i *Instance) verifyAs(kind string, r *http.Request, body []byte, key *rsa.PublicKey) error {
	if kind == RFC9421 {
		scheme, _, _ := strings.Cut(i.URL, ":")
		return verify9421(r, body, scheme, key, i.clock())
	}
	target := r.RequestURI
	if kind == CavagePath {
		target = r.URL.EscapedPath()
	}
	p, err := parseSignature(r.Header.Get("Signature"))
	if err != nil {
		return fmt.Errorf("read signature: %w", err)
	}
	return verify(r, body, target, p, key, i.clock())
}

func fetchKey(keyID string) (*rsa.PublicKey, string, error) {
	body, err := fetch(keyID)
	if err != nil {
		return nil, "", err
	}
	var actor struct {
		ID        string
		PublicKey struct{ ID, Owner, PublicKeyPem string }
	}
	if err := json.Unmarshal(body, &actor); err != nil {
		return nil, "", err
	}
	if actor.PublicKey.ID != keyID || actor.PublicKey.Owner != actor.ID {
		return nil, "", fmt.Errorf("actor %s has key %+v", actor.ID, actor.PublicKey)
	}
	block, _ := pem.Decode([]byte(actor.PublicKey.PublicKeyPem))
	if block == nil {
		return nil, "", errors.New("the key is not PEM")
	}
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return nil, "", err
	}
	public, ok := key.(*rsa.PublicKey)
	if !ok {
		return nil, "", fmt.Errorf("the key is a %T", key)
	}
	return public, actor.ID, nil
}

// peer reads from bridges under test, whose certificates are their own.
var peer = &http.Client{
	Timeout:   10 * time.Second,
	Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, DisableKeepAlives: true},
}

var errGone = errors.New("status 410")

func fetch(address string) ([]byte, error) {
	r, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Accept", "application/activity+json")
	resp, err := peer.Do(r)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	switch resp.StatusCode {
	case http.StatusOK:
	case http.StatusGone:
		return nil, errGone
	default:
		return nil, fmt.Errorf("status %d", resp.StatusCode)
	}
	return io.ReadAll(io.LimitReader(resp.Body, maxBody))
}

// Send signs activity as a and posts it to an inbox elsewhere. It returns the status of the answer.
func (i *Instance) Send(a *Actor, inbox string, activity any) int {
	i.t.Helper()
	return i.send(inbox, activity, func(r *http.Request, body []byte) {
		Prepare(r, body, i.clock())
		a.Signature().Sign(i.t, r)
	})
}

// Send9421 is Send with a signature of RFC 9421.
func (i *Instance) Send9421(s MessageSignature, inbox string, activity any) int {
	i.t.Helper()
	return i.send(inbox, activity, func(r *http.Request, body []byte) {
		Prepare9421(r, body)
		s.Created, s.Scheme = i.clock(), r.URL.Scheme
		s.Sign(i.t, r)
	})
}

func (i *Instance) send(inbox string, activity any, sign func(r *http.Request, body []byte)) int {
	i.t.Helper()
	body := encode(i.t, activity)
	r, err := http.NewRequest(http.MethodPost, inbox, bytes.NewReader(body))
	if err != nil {
		i.t.Fatalf("send activity: %v", err)
	}
	r.Header.Set("Content-Type", "application/activity+json")
	sign(r, body)
	resp, err := peer.Do(r)
	if err != nil {
		i.t.Fatalf("send activity: %v", err)
	}
	resp.Body.Close()
	return resp.StatusCode
}

// Signature returns what an actor signs with.
func (a *Actor) Signature() Signature {
	return Signature{KeyID: a.KeyID, Key: a.key, Algorithm: "rsa-sha256"}
}

// MessageSignature returns what an actor signs with by RFC 9421.
func (a *Actor) MessageSignature() MessageSignature {
	return MessageSignature{KeyID: a.KeyID, Key: a.key}
}
