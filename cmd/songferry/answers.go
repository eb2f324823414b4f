package main

import (
	"bytes"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/go-chi/chi/v5"
)

// answerCache keeps for a moment what was answered to everybody, for when many ask the same at once: a post with a link brings a
// request from every server that its readers are on. An answer is given again only as long as nothing at all has been committed to
// the database since before it was made, so that a withdrawal, an edit or a block is seen by the next reader. What depends on the
// time alone (a rule is known within a second) is at most keepAnswer late.
type answerCache struct {
	version func() (int64, error) // of the database
	now     func() time.Time

	mu   sync.Mutex
	at   int64 // version that all kept answers are of
	size int   // bytes of their bodies
	kept map[string]keptAnswer
}

// keptAnswer is an answer of status 200 or 304.
type keptAnswer struct {
	until  time.Time
	status int
	header http.Header
	body   []byte
	routes []string // patterns, for those who count
}

const (
	keepAnswer     = time.Second
	maxAnswer      = 1 << 20  // bytes of a body that is kept
	maxAnswersKept = 16 << 20 // of all
	maxAnswerKey   = 2 << 10
	answerMinimum  = 2 << 10 // bytes that each counts for at least: a small one takes up some 1600 with its headers
)

// varies are the headers that an answer may depend on (Vary), those by which a proxy says what was asked, and those that ask whether
// there is anything new: all who have seen a page ask that alike.
var varies = []string{"Accept", "Accept-Language", "Accept-Encoding", "X-Forwarded-Host", "X-Forwarded-Proto", "If-None-Match", "If-Modified-Since"}

// personal are headers of requests that are somebody's own, or not for a whole new answer.
var personal = []string{"Cookie", "Signature", "Signature-Input", "Authorization", "Range", "If-Range", "If-Match", "If-Unmodified-Since"}

func newAnswerCache(version func() (int64, error), now func() time.Time) *answerCache {
	return &answerCache{version: version, now: now, kept: map[string]keptAnswer{}}
}

// answerKey is what a request is known by, "" when its answer is not for everybody.
func answerKey(r *http.Request) string {
	if r.Method != http.MethodGet || !strings.HasPrefix(r.URL.Path, "/@") && !strings.HasPrefix(r.URL.Path, "/ap/") && r.URL.Path != "/.well-known/webfinger" {
		return ""
	}
	for _, name := range personal {
		if r.Header[name] != nil {
			return ""
		}
	}
	var key strings.Builder
	key.WriteString(r.Host + "\n" + r.URL.RequestURI())
	for _, name := range varies {
		key.WriteString("\n" + strings.Join(r.Header[name], "\r")) // no header holds one, so two lines are never taken for one
	}
	if key.Len() > maxAnswerKey {
		return ""
	}
	return key.String()
}

// again answers from what is kept, or keeps what next answers.
func (a *answerCache) again(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		key := answerKey(r)
		if key == "" {
			next.ServeHTTP(w, r)
			return
		}
		version, err := a.version()
		if err != nil { // then next cannot read either, and says so
			next.ServeHTTP(w, r)
			return
		}
		if k, ok := a.find(key, version); ok {
			k.send(w, r)
			return
		}
		c := &copied{ResponseWriter: w}
		next.ServeHTTP(c, r)
		if c.mayKeep() {
			a.keep(key, version, keptAnswer{a.now().Add(keepAnswer), c.status, w.Header().Clone(), c.body.Bytes(), slices.Clone(chi.RouteContext(r.Context()).RoutePatterns)})
		}
	})
}

func (a *answerCache) find(key string, version int64) (keptAnswer, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	k, ok := a.kept[key]
	return k, ok && a.at == version && a.now().Before(k.until)
}

// keep adds an answer that was made after the database had a version. When another is there, or there is no room, all others go.
func (a *answerCache) keep(key string, version int64, k keptAnswer) {
	a.mu.Lock()
	defer a.mu.Unlock()
	size := len(key) + max(len(k.body), answerMinimum)
	if version != a.at || a.size+size > maxAnswersKept {
		a.kept, a.size, a.at = map[string]keptAnswer{}, 0, version
	}
	if old, ok := a.kept[key]; ok {
		a.size -= len(key) + max(len(old.body), answerMinimum)
	}
	a.kept[key] = k
	a.size += size
}

func (k keptAnswer) send(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	for name, values := range k.header {
		h[name] = values
	}
	if k.status == http.StatusOK {
		h.Set("Content-Length", strconv.Itoa(len(k.body)))
	}
	if route := chi.RouteContext(r.Context()); route != nil {
		route.RoutePatterns = k.routes
	}
	w.WriteHeader(k.status)
	_, _ = w.Write(k.body) // a reader who left is no error of ours
}

// copied notes what is answered, as long as that may be kept.
type copied struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
	broken bool // off: the reader left, and next may not have written the rest
}

// Unwrap implements what http.ResponseController asks for.
func (c *copied) Unwrap() http.ResponseWriter { return c.ResponseWriter }

func (c *copied) WriteHeader(status int) {
	c.status = status
	c.ResponseWriter.WriteHeader(status)
}

func (c *copied) Write(b []byte) (int, error) {
	if c.status == 0 {
		c.status = http.StatusOK
	}
	if c.status == http.StatusOK && c.body.Len() <= maxAnswer {
		c.body.Write(b)
	}
	n, err := c.ResponseWriter.Write(b)
	c.broken = c.broken || err != nil
	return n, err
}

// mayKeep reports whether an answer is a whole one, or says that nothing is new, is for everybody, and depends on nothing that is not part of its key.
func (c *copied) mayKeep() bool {
	h := c.Header()
	if c.status != http.StatusOK && c.status != http.StatusNotModified || c.broken || c.body.Len() > maxAnswer || h["Set-Cookie"] != nil || strings.Contains(h.Get("Cache-Control"), "no-store") || strings.Contains(h.Get("Cache-Control"), "private") {
		return false
	}
	for _, list := range h["Vary"] {
		for name := range strings.SplitSeq(list, ",") {
			name = http.CanonicalHeaderKey(strings.TrimSpace(name))
			if !slices.Contains(varies, name) && !slices.Contains(personal, name) {
				return false
			}
		}
	}
	return true
}
