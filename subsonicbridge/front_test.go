package subsonicbridge_test

import (
	"net/http"
	"net/http/httptest"
	"sync"
)

// front stands before a server and breaks off one request, before or after the server did what it asks.
type front struct {
	next http.Handler

	mu     sync.Mutex
	count  int  // requests since arm
	breaks int  // which one breaks off, from 1; 0 none
	after  bool // the server does it, and only the answer is lost
}

func (f *front) arm(n int, after bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.count, f.breaks, f.after = 0, n, after
}

// reached reports whether the armed request came.
func (f *front) reached() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.count >= f.breaks
}

func (f *front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	f.count++
	broken, after, dead := f.breaks > 0 && f.count == f.breaks, f.after, f.breaks > 0 && f.count > f.breaks
	f.mu.Unlock()
	switch {
	case broken && after:
		f.next.ServeHTTP(httptest.NewRecorder(), r)
		panic(http.ErrAbortHandler)
	case broken, dead:
		panic(http.ErrAbortHandler)
	}
	f.next.ServeHTTP(w, r)
}
