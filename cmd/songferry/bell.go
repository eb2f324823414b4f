package main

import (
	"net/http"
	"sync"
	"time"
)

// ringTime is how long a job waits after a ring, so that thousands of requests do not wake it as often.
const ringTime = 20 * time.Millisecond

// bell wakes every job that waits.
type bell struct {
	mu sync.Mutex
	c  chan struct{}
}

func newBell() *bell { return &bell{c: make(chan struct{})} }

// next returns a channel that is closed at the next ring.
func (b *bell) next() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.c
}

func (b *bell) ring() {
	b.mu.Lock()
	defer b.mu.Unlock()
	close(b.c)
	b.c = make(chan struct{})
}

// ringAfterPost wakes the jobs when something was sent to us.
func ringAfterPost(next http.Handler, b *bell) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r)
		if r.Method == http.MethodPost {
			b.ring()
		}
	})
}
