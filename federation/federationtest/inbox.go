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
	d := receive(r, i.clock())
	i.mu.Lock()
	i.received = append(i.received, d)
	i.mu.Unlock()
	if d.Err != nil {
		http.Error(w, d.Err.Error(), http.StatusUnauthorized)
		return
	}
	w.WriteHeader(http.StatusAccepted)
}

func receive(r *http.Request, now time.Time) (d Delivery) {
	d.Path = r.URL.Path
	p, _ := parseSignature(r.Header.Get("Signature")) // checkSignature reports what cannot be read
	d.KeyID = p["keyId"]
	if d.Raw, d.Err = io.ReadAll(io.LimitReader(r.Body, maxBody)); d.Err != nil {
		return d
	}
	if d.Signer, d.Err = checkSignature(r, d.Raw, now); d.Err != nil {
		return d
	}
	if d.Err = json.Unmarshal(d.Raw, &d.Activity); d.Err == nil && d.Activity["actor"] != d.Signer {
		d.Err = fmt.Errorf("signed by %s, but the actor is %v", d.Signer, d.Activity["actor"])
	}
	return d
}

// checkSignature fetches the key that r names, as any server would, and returns the actor who signed.
func checkSignature(r *http.Request, body []byte, now time.Time) (signer string, err error) {
	p, err := parseSignature(r.Header.Get("Signature"))
	if err != nil {
		return "", fmt.Errorf("read signature: %w", err)
	}
	key, owner, err := fetchKey(p["keyId"])
	if err != nil {
		return "", fmt.Errorf("fetch key %s: %w", p["keyId"], err)
	}
	if err := verify(r, body, p, key, now); err != nil {
		return "", fmt.Errorf("verify: %w", err)
	}
	return owner, nil
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
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("status %d", resp.StatusCode)
	}
	return io.ReadAll(io.LimitReader(resp.Body, maxBody))
}

// Send signs activity as a and posts it to an inbox elsewhere. It returns the status of the answer.
func (i *Instance) Send(a *Actor, inbox string, activity any) int {
	i.t.Helper()
	body := encode(i.t, activity)
	r, err := http.NewRequest(http.MethodPost, inbox, bytes.NewReader(body))
	if err != nil {
		i.t.Fatalf("send activity: %v", err)
	}
	r.Header.Set("Content-Type", "application/activity+json")
	Prepare(r, body, i.clock())
	a.Signature().Sign(i.t, r)
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
