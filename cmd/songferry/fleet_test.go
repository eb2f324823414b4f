//go:build load || soak

package main

import (
	"bytes"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/songferry/songferry/federation/federationtest"
)

// fleet are many servers of the fediverse in one: each has an address of its own on loopback, a shared inbox, and one key for all
// its people. It knows only what a bridge and its followers need.
type fleet struct {
	t         testing.TB
	bridge    string
	leaving   net.Listener // of the hosts that will be gone
	hosts     []string     // 127.0.1.1:port, …
	followers []string     // ids of actors, on the hosts in turn
	key       *rsa.PrivateKey
	pem       string
	client    *http.Client

	dead               atomic.Bool // a fifth is
	accepted, received atomic.Int64
	lost               atomic.Int64 // requests to the dead
	mu                 sync.Mutex
	waits              map[string]bool // hosts that have not heard yet of what expect is about; mu, as below
	expected           time.Time
	heard              []time.Duration // after which hosts have
}

const fleetWorkers = 8 // that send at a time

func newFleet(t *testing.T, bridge string, hosts, followers int) *fleet {
	t.Helper()
	staying, leaving := listenAnywhere(t), listenAnywhere(t)
	key, err := federationtest.Key()
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	p := &fleet{t: t, bridge: bridge, leaving: leaving, key: key, pem: string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})),
		client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}, Timeout: time.Minute}}
	for n := range hosts {
		l := staying
		if isDead(n) && manner(n) == gone {
			l = leaving
		}
		p.hosts = append(p.hosts, fmt.Sprintf("127.0.%d.%d:%d", 1+n/250, 1+n%250, l.Addr().(*net.TCPAddr).Port))
	}
	for n := range followers {
		p.followers = append(p.followers, fmt.Sprintf("http://%s/users/%d", p.hosts[n%hosts], n))
	}
	for _, l := range []net.Listener{staying, leaving} {
		server := &http.Server{Handler: p}
		go func() { _ = server.Serve(l) }() // it ends when the test does
		t.Cleanup(func() { _ = server.Close() })
	}
	return p
}

func listenAnywhere(t testing.TB) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "0.0.0.0:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// isDead reports whether the nth host is one of those that die: every fifth.
func isDead(n int) bool { return n%5 == 4 }

// How a server dies.
const (
	breaksOff = iota
	outOfOrder
	hangs
	gone // nobody listens there
	manners
)

func manner(n int) int { return n / 5 % manners }

func (p *fleet) letDie() {
	p.dead.Store(true)
	if err := p.leaving.Close(); err != nil {
		p.t.Error(err)
	}
}

// alive returns one of the followers whose server lives.
func (p *fleet) alive() int {
	for {
		if n := rand.N(len(p.followers)); !isDead(n % len(p.hosts)) {
			return n
		}
	}
}

// ServeHTTP is all of the hosts.
func (p *fleet) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if n := p.hostNumber(r.Host); p.dead.Load() && isDead(n) {
		p.lost.Add(1)
		dieOn(w, r, n)
		return
	}
	switch {
	case r.Method == http.MethodPost:
		p.take(w, r)
	case strings.HasPrefix(r.URL.Path, "/users/"):
		w.Header().Set("Content-Type", "application/activity+json")
		_ = json.NewEncoder(w).Encode(p.actor(r.Host, r.URL.Path)) // a reader who left
	default:
		http.NotFound(w, r)
	}
}

func (p *fleet) hostNumber(host string) int {
	var a, b int
	if _, err := fmt.Sscanf(host, "127.0.%d.%d:", &a, &b); err != nil {
		return 0
	}
	return (a-1)*250 + b - 1
}

// dieOn is what who asks a dead server sees. On a connection that is still open the one that is gone breaks off.
func dieOn(w http.ResponseWriter, r *http.Request, n int) {
	switch manner(n) {
	case outOfOrder:
		http.Error(w, "out of order", http.StatusBadGateway)
	case hangs:
		<-r.Context().Done()
	default:
		panic(http.ErrAbortHandler)
	}
}

func (p *fleet) actor(host, path string) map[string]any {
	id := "http://" + host + path
	name := strings.TrimPrefix(path, "/users/")
	return map[string]any{
		"@context": []any{"https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1"},
		"id":       id, "type": "Person", "preferredUsername": "u" + name, "inbox": id + "/inbox", "outbox": id + "/outbox",
		"endpoints": map[string]any{"sharedInbox": "http://" + host + "/inbox"},
		"publicKey": map[string]any{"id": id + "#main-key", "owner": id, "publicKeyPem": p.pem},
	}
}

// take is an inbox. Of an edit it reads the list, as another bridge does.
func (p *fleet) take(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	var a struct{ Type string }
	if err := json.Unmarshal(body, &a); err != nil {
		p.t.Errorf("%v in %s", err, body)
	}
	p.received.Add(1)
	switch a.Type {
	case "Accept":
		p.accepted.Add(1)
	case "Update":
		p.hear(r.Host)
	}
	w.WriteHeader(http.StatusAccepted)
}

func (p *fleet) hear(host string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.waits[host] {
		delete(p.waits, host)
		p.heard = append(p.heard, time.Since(p.expected))
	}
}

// heardAfter returns after which time each host has heard of what was expected.
func (p *fleet) heardAfter() []time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.heard
}

// expect begins to wait for an edit, at all hosts that live.
func (p *fleet) expect() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.waits, p.heard, p.expected = map[string]bool{}, nil, time.Now()
	for n, host := range p.hosts {
		if !p.dead.Load() || !isDead(n) {
			p.waits[host] = true
		}
	}
}

func (p *fleet) missing() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.waits) > 0 {
		return fmt.Errorf("%d servers have not heard of it", len(p.waits))
	}
	return nil
}

// each does something for every follower, several at a time.
func (p *fleet) each(do func(n int)) { inParallel(fleetWorkers, len(p.followers), do) }

// inParallel calls do for 0 … n-1, so many at a time.
func inParallel(workers, n int, do func(int)) {
	var next atomic.Int64
	var working sync.WaitGroup
	for range workers {
		working.Go(func() {
			for k := int(next.Add(1)) - 1; k < n; k = int(next.Add(1)) - 1 {
				do(k)
			}
		})
	}
	working.Wait()
}

func (p *fleet) follow(n int, publicID string) {
	id := p.followers[n]
	p.send(n, map[string]any{"id": id + "#follow-" + publicID, "type": "Follow", "actor": id, "object": p.bridge + "/ap/actors/" + publicID})
}

// turn is somebody who follows a playlist and likes something else better a moment later.
func (p *fleet) turn(n int, publicID string) {
	id, again := p.followers[n], strconv.Itoa(rand.Int())
	follow := map[string]any{"id": id + "#follow-" + again, "type": "Follow", "actor": id, "object": p.bridge + "/ap/actors/" + publicID}
	p.send(n, follow)
	p.send(n, map[string]any{"id": id + "#undo-" + again, "type": "Undo", "actor": id, "object": follow})
}

func (p *fleet) send(n int, activity map[string]any) {
	if err := p.post(p.sign(n, activity)); err != nil {
		p.t.Errorf("%s sends: %v", p.followers[n], err)
	}
}

// sign makes the request that brings an activity of the nth follower to the bridge's inbox.
func (p *fleet) sign(n int, activity map[string]any) *http.Request {
	activity["@context"] = "https://www.w3.org/ns/activitystreams"
	body, err := json.Marshal(activity)
	if err != nil {
		p.t.Error(err)
	}
	r, err := http.NewRequest(http.MethodPost, p.bridge+"/ap/inbox", bytes.NewReader(body))
	if err != nil {
		p.t.Error(err)
	}
	r.Header.Set("Content-Type", "application/activity+json")
	federationtest.Prepare(r, body, time.Now())
	federationtest.Signature{KeyID: p.followers[n] + "#main-key", Key: p.key, Algorithm: "rsa-sha256"}.Sign(p.t, r)
	return r
}

// post sends a request, which must be accepted.
func (p *fleet) post(r *http.Request) error {
	res, err := p.client.Do(r)
	if err != nil {
		return err
	}
	said, err := io.ReadAll(res.Body)
	res.Body.Close()
	if err == nil && res.StatusCode != http.StatusAccepted {
		err = errors.New(res.Status + " " + string(said))
	}
	return err
}
