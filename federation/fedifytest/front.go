package fedifytest

import (
	"bytes"
	"encoding/json"
	"encoding/pem"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
)

// Scheme is a way to sign HTTP requests, by Fedify's name for it.
type Scheme string

const (
	Unsigned Scheme = ""
	Cavage   Scheme = "draft-cavage-http-signatures-12"
	RFC9421  Scheme = "rfc9421"
)

func schemeOf(r *http.Request) Scheme {
	switch {
	case r.Header.Get("Signature-Input") != "":
		return RFC9421
	case r.Header.Get("Signature") != "":
		return Cavage
	}
	return Unsigned
}

// Exchange is a request that passed a Front, and the status of its answer.
type Exchange struct {
	Method, Path string
	Activity     string // the type of the activity in its body, if any
	Scheme       Scheme
	Status       int
}

// Front stands before a server as a reverse proxy does on the internet: it speaks https on a loopback port. It ends with
// its test.
type Front struct {
	URL    string
	CAFile string // PEM of the certificate that clients have to trust; all Fronts have the same

	mu      sync.Mutex // covers everything below
	proxy   http.Handler
	refused Scheme
	passed  []Exchange
}

// NewFront returns a Front before no server: it answers 502 until Forward is called.
func NewFront(t testing.TB) *Front {
	t.Helper()
	f := &Front{CAFile: filepath.Join(t.TempDir(), "ca.pem")}
	server := httptest.NewTLSServer(f)
	t.Cleanup(server.Close)
	f.URL = server.URL
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(f.CAFile, certificate, 0o600); err != nil {
		t.Fatal(err)
	}
	return f
}

// Forward names the server, an origin of plain http. It sees the Front's own host name, as behind Caddy.
func (f *Front) Forward(origin string) {
	target, err := url.Parse(origin)
	if err != nil {
		panic(err) // a mistake of the test
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.proxy = &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(target)
			r.Out.Host = r.In.Host
		},
		// Node may close an idle connection just when a POST is about to use it.
		Transport: &http.Transport{DisableKeepAlives: true},
	}
}

// Refuse answers 401 to every POST that is signed in this way, like a server that does not know it.
func (f *Front) Refuse(s Scheme) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.refused = s
}

// Passed returns what passed so far, oldest first.
func (f *Front) Passed() []Exchange {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.passed)
}

// Posts returns how the activities of one type that were POSTed here were signed and answered, oldest first.
func (f *Front) Posts(kind string) (some []Exchange) {
	for _, e := range f.Passed() {
		if e.Method == http.MethodPost && e.Activity == kind {
			some = append(some, e)
		}
	}
	return some
}

// ServeHTTP implements http.Handler.
func (f *Front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	e := Exchange{Method: r.Method, Path: r.URL.RequestURI(), Scheme: schemeOf(r)}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	var activity struct{ Type string }
	if json.Unmarshal(body, &activity) == nil { // a GET has none
		e.Activity = activity.Type
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	f.handler(e).ServeHTTP(&witness{ResponseWriter: w, front: f, exchange: e}, r)
}

func (f *Front) handler(e Exchange) http.Handler {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case f.proxy == nil:
		return status(http.StatusBadGateway)
	case e.Method == http.MethodPost && e.Scheme != Unsigned && e.Scheme == f.refused:
		return status(http.StatusUnauthorized)
	}
	return f.proxy
}

func status(code int) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { http.Error(w, http.StatusText(code), code) })
}

// witness keeps the exchange before the client can know its answer.
type witness struct {
	http.ResponseWriter
	front    *Front
	exchange Exchange
}

func (w *witness) WriteHeader(code int) {
	if code >= http.StatusOK {
		w.exchange.Status = code
		w.front.keep(w.exchange)
	}
	w.ResponseWriter.WriteHeader(code)
}

func (f *Front) keep(e Exchange) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.passed = append(f.passed, e)
}
