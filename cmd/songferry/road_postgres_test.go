//go:build postgres

package main

import (
	"bytes"
	"errors"
	"net"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
)

// road leads from a bridge to its PostgreSQL server.
type road struct {
	address string // of the database, by this road
	server  string

	mu      sync.Mutex
	state   roadState
	open    map[net.Conn]bool
	commits int
	losing  int // of so many commits the answer to one is lost, and the connection; 0: of none
	lost    int // answers
}

type roadState int

const (
	passable roadState = iota
	blocked            // connections end, and no new ones are made
	unmoving           // they stay, and nothing is on the way any more
)

// newRoad opens a road to the database at address, which it closes when the test ends.
func newRoad(t *testing.T, address string) *road {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &road{server: u.Host, open: map[net.Conn]bool{}}
	u.Host = l.Addr().String()
	r.address = u.String()
	t.Cleanup(func() {
		_ = l.Close() // what is to end
		r.set(blocked)
	})
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go r.carry(c)
		}
	}()
	return r
}

// set changes the road's state.
func (r *road) set(s roadState) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.state = s
	for c := range r.open {
		if s == blocked {
			_ = c.Close() // whoever uses it sees that
		}
	}
}

func (r *road) is(s roadState) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.state == s
}

// lose has the answer to one of n commits be lost from now on, and returns how many were before.
func (r *road) lose(n int) (lost int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.losing = n
	return r.lost
}

// keep notes a connection, if there may be one.
func (r *road) keep(c net.Conn) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.state == blocked {
		return errors.Join(net.ErrClosed, c.Close())
	}
	r.open[c] = true
	return nil
}

func (r *road) end(c net.Conn) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.open, c)
	_ = c.Close() // the other end may have been first
}

// carry carries one connection until one of its ends does not go on.
func (r *road) carry(client net.Conn) {
	if r.keep(client) != nil {
		return
	}
	defer r.end(client)
	server, err := net.Dial("tcp", r.server)
	if err != nil || r.keep(server) != nil {
		return
	}
	var losing atomic.Bool // what the server says next
	go func() {
		defer r.end(client)
		r.pass(server, client, func([]byte) bool { return !losing.Load() })
	}()
	defer r.end(server)
	r.pass(client, server, func(said []byte) bool {
		if bytes.Contains(said, []byte("commit\x00")) && r.loses() {
			losing.Store(true)
		}
		return true
	})
}

// pass carries what one says to the other as long as it may.
func (r *road) pass(from, to net.Conn, may func([]byte) bool) {
	piece := make([]byte, 1<<16)
	for {
		n, err := from.Read(piece)
		if r.is(unmoving) {
			select {} // until the test's process ends
		}
		if err != nil || !may(piece[:n]) {
			return
		}
		if _, err := to.Write(piece[:n]); err != nil {
			return
		}
	}
}

func (r *road) loses() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.commits++
	if r.losing == 0 || r.commits%r.losing != 0 {
		return false
	}
	r.lost++
	return true
}
