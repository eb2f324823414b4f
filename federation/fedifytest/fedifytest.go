// Package fedifytest runs a small server made with Fedify (https://fedify.dev) for a test: an implementation of
// ActivityPub that shares no code with ours. Its tests, and those of its users, carry the build tag fedify, which
// `make test` sets where npm could install what peer/package-lock.json names, a Node of its own included.
//
// Each server stands behind a Front, which speaks https and keeps what passed by: so handles can be looked up, and a
// test sees who signed how.
package fedifytest

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
)

// Options say how a Peer behaves. The zero value is an open server that signs as Fedify does by default.
type Options struct {
	FirstKnock      Scheme   `json:"firstKnock,omitempty"`      // the scheme that is tried first with a new host; "" is Fedify's default, RFC 9421
	AuthorizedFetch bool     `json:"authorizedFetch,omitempty"` // only signed GETs are answered, but for its instance actor
	Tracks          []string `json:"tracks"`                    // titles of its playlist @mix
}

// Peer is a running Fedify with the person @fay, whose doings the methods are, and the playlist @mix, which everybody may
// follow. It ends with its test.
type Peer struct {
	*Front

	t       testing.TB
	mu      sync.Mutex // one call at a time
	calls   *json.Encoder
	answers <-chan answer
	log     peerLog
}

// As says who reads.
type As bool

const (
	Nobody As = false // the GET is not signed
	Fay    As = true
)

// Start starts a server.
func Start(t testing.TB, o Options) *Peer {
	t.Helper()
	p := &Peer{Front: NewFront(t), t: t}
	args, err := json.Marshal(struct {
		Options
		Origin string `json:"origin"`
	}{o, p.URL})
	if err != nil {
		t.Fatal(err)
	}
	folder := peerFolder(t)
	cmd := exec.Command(node(folder), "peer.mjs", string(args))
	cmd.Dir = folder
	cmd.Env = append(os.Environ(), "NODE_EXTRA_CA_CERTS="+p.CAFile)
	p.launch(cmd)
	p.Forward("http://127.0.0.1:" + strconv.Itoa(p.next().Port))
	return p
}

// ID is the id of one of the peer's actors.
func (p *Peer) ID(name string) string { return p.URL + "/users/" + name }

// Object is what Fedify's classes read: properties by the names of Fedify's accessors, such as preferredUsername.
type Object map[string]any

// Text returns a property that is a text, an address or a time; "" when it is absent.
func (o Object) Text(name string) string {
	s, _ := o[name].(string)
	return s
}

// Lookup reads the object that a handle or an address leads to; nil when Fedify finds none or cannot read it.
func (p *Peer) Lookup(as As, what string) (o Object) {
	p.t.Helper()
	p.call(&o, "lookup", map[string]any{"what": what, "signed": as})
	return o
}

// Items pages through the collection with this id.
func (p *Peer) Items(as As, id string) (items []Object) {
	p.t.Helper()
	p.call(&items, "items", map[string]any{"id": id, "signed": as})
	return items
}

// Status returns the HTTP status that an address answers.
func (p *Peer) Status(as As, url string) (status int) {
	p.t.Helper()
	p.call(&status, "status", map[string]any{"url": url, "signed": as})
	return status
}

// NodeInfo reads what a server says about its software; nil when Fedify finds nothing or cannot read it.
func (p *Peer) NodeInfo(origin string) (o Object) {
	p.t.Helper()
	p.call(&o, "nodeInfo", map[string]any{"origin": origin})
	return o
}

// Lost returns the properties of the document at an address that mean nothing in JSON-LD, because its @context does not
// define them.
func (p *Peer) Lost(as As, url string) (paths []string) {
	p.t.Helper()
	p.call(&paths, "lost", map[string]any{"url": url, "signed": as})
	return paths
}

// Send sends an activity about object to the inbox of the actor to, and returns the activity's id. object is an address,
// or the id of an activity that was sent before and is embedded. The test fails unless the inbox takes it.
func (p *Peer) Send(kind, object, to string) (id string) {
	p.t.Helper()
	p.call(&id, "send", map[string]any{"type": kind, "object": object, "to": to})
	return id
}

// Write sends a public post to an actor, as an answer to replyTo if that is not "", and returns the id of the Create.
func (p *Peer) Write(content, replyTo, to string) (id string) {
	p.t.Helper()
	p.call(&id, "write", map[string]any{"content": content, "replyTo": replyTo, "to": to})
	return id
}

// Change gives the playlist @mix other tracks, and tells one actor so.
func (p *Peer) Change(to string, tracks ...string) {
	p.t.Helper()
	p.call(new(string), "change", map[string]any{"tracks": tracks, "to": to})
}

// Leave deletes fay, and tells one actor so.
func (p *Peer) Leave(to string) {
	p.t.Helper()
	p.call(new(string), "leave", map[string]any{"to": to})
}

// Received is an activity that arrived with a signature which Fedify verified.
type Received struct {
	Activity Object
	Lost     []string // see Peer.Lost
}

// About is what the activity is about, if that is embedded.
func (r Received) About() Object {
	about, _ := r.Activity["object"].(map[string]any)
	return about
}

// Received returns the activities of one type that arrived, oldest first.
func (p *Peer) Received(kind string) (some []Received) {
	p.t.Helper()
	var all []Received
	p.call(&all, "received", nil)
	for _, r := range all {
		if r.Activity.Text("type") == kind {
			some = append(some, r)
		}
	}
	return some
}

// peerFolder returns the folder of the peer's program. A test runs in its package's folder, somewhere below go.mod.
func peerFolder(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	for ; err == nil && dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, missing := os.Stat(filepath.Join(dir, "go.mod")); missing == nil {
			return filepath.Join(dir, "federation", "fedifytest", "peer")
		}
	}
	t.Fatalf("no go.mod above the test's folder: %v", err)
	return ""
}

// node returns the Node that npm installed for the peer, or the system's where there is none for it.
func node(folder string) string {
	found, err := filepath.Glob(filepath.Join(folder, "node_modules", "node-*", "bin", "node"))
	if err != nil || len(found) == 0 {
		return "node"
	}
	return found[0]
}
