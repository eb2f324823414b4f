package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// call is one kind of request on the wires of a journey, as a person would name it.
type call struct {
	stage    string // of the journey
	from, to string // alice, bob, or "alice's music"
	what     string // "createPlaylist", "GET /ap/playlists/…?page=1", "POST /ap/inbox Update"
}

func (c call) String() string {
	return fmt.Sprintf("%s: %s → %s %s", c.stage, c.from, c.to, c.what)
}

// moment is a moment at which a bridge may be killed: a request is on its way, or its answer is.
type moment struct {
	call
	nth   int // of this call, from 1
	after bool
}

func (m moment) String() string {
	when := "before"
	if m.after {
		when = "after"
	}
	return fmt.Sprintf("%s %v #%d", when, m.call, m.nth)
}

// wires carry all traffic of a journey, and remember it.
type wires struct {
	mu         sync.Mutex
	stage      string
	counts     map[call]int
	moments    []moment
	activities []activityOnWire
	states     []musicState // of Bob's music server, after each write

	strike func(moment) bool // kills somebody if it is time for that; true: the request or its answer is lost
	music  func() musicState
}

// activityOnWire is an activity that was sent to an inbox.
type activityOnWire struct {
	id, kind string
	said     string // everything but the id
}

func (w *wires) setStage(name string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stage = name
}

// seen returns what the wires have carried so far.
func (w *wires) seen() (moments []moment, activities []activityOnWire, states []musicState) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.moments), slices.Clone(w.activities), slices.Clone(w.states)
}

// wire is the way from one to another: it leads to target, and both ends of each request on it are moments.
func (w *wires) wire(from, to string, target http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			panic(http.ErrAbortHandler) // the sender died while it sent
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		m := w.enter(from, to, r, body)
		if w.strike(m) {
			panic(http.ErrAbortHandler)
		}
		answer := httptest.NewRecorder()
		target.ServeHTTP(answer, r)
		w.look(m)
		m.after = true
		if w.strike(m) || answer.Code == unreachable {
			panic(http.ErrAbortHandler)
		}
		maps.Copy(rw.Header(), answer.Header())
		rw.WriteHeader(answer.Code)
		// The sender may be dead; then nobody waits for it.
		_, _ = rw.Write(answer.Body.Bytes())
	})
}

// enter counts a request, and keeps the activity that it carries.
func (w *wires) enter(from, to string, r *http.Request, body []byte) moment {
	w.mu.Lock()
	defer w.mu.Unlock()
	what := nameOf(r)
	if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/inbox") {
		a := readActivity(body)
		w.activities = append(w.activities, a)
		what += " " + a.kind
	}
	c := call{w.stage, from, to, what}
	w.counts[c]++
	m := moment{call: c, nth: w.counts[c]}
	w.moments = append(w.moments, m)
	return m
}

// look keeps what Bob's music server holds after a request that writes.
func (w *wires) look(m moment) {
	if m.to != "bob's music" || !slices.Contains([]string{"createPlaylist", "updatePlaylist", "deletePlaylist"}, m.what) {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	s := w.music()
	s.after = m.String()
	w.states = append(w.states, s)
}

// opaque are the parts of paths that are random.
var opaque = regexp.MustCompile(`[0-9a-zA-Z_-]{16,}`)

func nameOf(r *http.Request) string {
	if strings.HasPrefix(r.URL.Path, "/rest/") {
		return strings.TrimSuffix(path.Base(r.URL.Path), ".view")
	}
	name := r.Method + " " + opaque.ReplaceAllString(r.URL.Path, "…")
	if page := r.URL.Query().Get("page"); page != "" {
		name += "?page=" + page
	}
	return name
}

func readActivity(body []byte) activityOnWire {
	var said map[string]any
	if err := json.Unmarshal(body, &said); err != nil {
		return activityOnWire{kind: "unreadable", said: string(body)}
	}
	id, _ := said["id"].(string)
	kind, _ := said["type"].(string)
	delete(said, "id")
	text, err := json.Marshal(said)
	if err != nil {
		panic(err) // it was JSON a moment ago
	}
	return activityOnWire{id: id, kind: kind, said: string(text)}
}

// unreachable is what a wire sees at its far end when nobody listens there.
const unreachable = 599

// toProcess leads to a process of a bridge, alive or not.
func toProcess(listener string) http.Handler {
	target, err := url.Parse(listener)
	if err != nil {
		panic(err)
	}
	return &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(target)
			r.Out.Host = r.In.Host // it is signed
		},
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(unreachable) },
	}
}
