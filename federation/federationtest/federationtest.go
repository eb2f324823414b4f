// Package federationtest plays a remote server of the fediverse in tests: actors with keys, WebFinger, documents, an
// inbox that checks our signatures, and misbehaviour on request.
//
// It shares no code with package federation, so that a mistake there is not repeated here. It listens on 127.0.0.1:
// clients under test must be allowed to reach 127.0.0.0/8.
package federationtest

import (
	"crypto/x509"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// Instance is a remote server. It is safe for concurrent use and ends with its test.
type Instance struct {
	URL string // origin, like http://127.0.0.1:34567

	t      testing.TB
	server *httptest.Server
	done   chan struct{} // closed when the test ends

	mu       sync.Mutex
	now      func() time.Time
	secure   bool
	demand   string            // the one kind of signature that is read, "" for all
	actors   map[string]*Actor // by name
	docs     map[string][]byte // by path and query
	keys     map[string]heldKey
	faults   map[string]http.HandlerFunc
	requests []Request
	received []Delivery
}

// New starts an instance that speaks plain http.
func New(t testing.TB) *Instance { return start(t, (*httptest.Server).Start) }

// NewTLS starts an instance that speaks https, with a certificate of RootCAs.
func NewTLS(t testing.TB) *Instance { return start(t, (*httptest.Server).StartTLS) }

func start(t testing.TB, listen func(*httptest.Server)) *Instance {
	i := &Instance{t: t, done: make(chan struct{}), now: time.Now, actors: map[string]*Actor{}, docs: map[string][]byte{}, keys: map[string]heldKey{}, faults: map[string]http.HandlerFunc{}}
	i.server = httptest.NewUnstartedServer(http.HandlerFunc(i.serve))
	i.server.Config.ErrorLog = quiet // clients under test hang up on purpose
	listen(i.server)
	i.URL = i.server.URL
	t.Cleanup(func() {
		close(i.done)
		i.server.Close()
	})
	return i
}

// Host returns host and port.
func (i *Instance) Host() string { return i.server.Listener.Addr().String() }

// RootCAs returns what a client must trust to talk to an instance of NewTLS.
func (i *Instance) RootCAs() *x509.CertPool {
	pool := x509.NewCertPool()
	if c := i.server.Certificate(); c != nil {
		pool.AddCert(c)
	}
	return pool
}

// Put serves doc as application/activity+json at path, which may have a query, and returns its address. doc is encoded
// unless it is a []byte.
func (i *Instance) Put(path string, doc any) string {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.docs[path] = encode(i.t, doc)
	return i.URL + path
}

// SetClock lets the instance live by another clock than time.Now, for the Date of what it sends and of what it gets.
func (i *Instance) SetClock(now func() time.Time) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.now = now
}

func (i *Instance) clock() time.Time {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.now()
}

// RequireSignatures makes the instance answer 401 to unsigned GETs, as GoToSocial does. WebFinger stays open.
func (i *Instance) RequireSignatures() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.secure = true
}

// Request is a request that an instance got.
type Request struct {
	Method, Path string // with query
	KeyID        string // of its signature, "" without one
	Header       http.Header
}

// Requests returns all requests for path, including query, or all there were for "".
func (i *Instance) Requests(path string) []Request {
	i.mu.Lock()
	defer i.mu.Unlock()
	var out []Request
	for _, r := range i.requests {
		if path == "" || r.Path == path {
			out = append(out, r)
		}
	}
	return out
}

func (i *Instance) serve(w http.ResponseWriter, r *http.Request) {
	path := r.URL.RequestURI()
	if fault := i.note(r, path); fault != nil {
		fault(w, r)
		return
	}
	switch {
	case r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/inbox"):
		i.inbox(w, r)
	case r.URL.Path == "/.well-known/webfinger":
		i.webFinger(w, r)
	case r.Method == http.MethodGet:
		i.document(w, r, path)
	default:
		http.Error(w, "no such thing", http.StatusMethodNotAllowed)
	}
}

// note keeps the request and returns the fault that is to answer it, if any.
func (i *Instance) note(r *http.Request, path string) http.HandlerFunc {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.requests = append(i.requests, Request{Method: r.Method, Path: path, KeyID: keyIDOf(r), Header: r.Header.Clone()})
	if f := i.faults[path]; f != nil {
		return f
	}
	return i.faults[""]
}

func (i *Instance) document(w http.ResponseWriter, r *http.Request, path string) {
	i.mu.Lock()
	doc, found := i.docs[path]
	secure := i.secure
	i.mu.Unlock()
	if secure {
		if _, err := i.checkSignature(r, nil); err != nil {
			http.Error(w, err.Error(), http.StatusUnauthorized)
			return
		}
	}
	if !found {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/activity+json; charset=utf-8")
	_, _ = w.Write(doc) // the client may have hung up
}

func encode(t testing.TB, doc any) []byte {
	t.Helper()
	if raw, ok := doc.([]byte); ok {
		return raw
	}
	b, err := json.Marshal(doc)
	if err != nil {
		t.Fatalf("encode document: %v", err)
	}
	return b
}
