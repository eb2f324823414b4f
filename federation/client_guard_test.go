package federation

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"sync/atomic"
	"testing"

	"golang.org/x/net/dns/dnsmessage"

	"github.com/songferry/songferry/playlists"
)

func TestA01PrivateAddressesInURLsAreRefusedBeforeConnecting(t *testing.T) {
	t.Parallel()
	client := NewClient(ClientConfig{})
	for _, host := range []string{"127.0.0.1", "localhost", "[::1]", "0.0.0.0", "[::]", "10.0.0.1", "169.254.169.254", "[::ffff:127.0.0.1]", "[fd00::1]"} {
		for _, scheme := range []string{"https://", "http://"} {
			_, err := client.Get(t.Context(), scheme+host+secretPath, "*/*", nil, Conditional{})
			problem(t, scheme+host, err, playlists.Invalid)
			_, _, err = client.Post(t.Context(), scheme+host+secretPath, nil, nil)
			problem(t, scheme+host, err, playlists.Invalid)
		}
	}
}

// neighbours is two servers on one port: one that the client may reach, and one on an address it may not.
type neighbours struct {
	port           string
	allowed        http.HandlerFunc // what the allowed one answers
	client         *Client
	toAllowed, toX atomic.Int32 // connections
}

func newNeighbours(t *testing.T, resolver *net.Resolver) *neighbours {
	t.Helper()
	n := &neighbours{allowed: func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Connection", "close") }}
	first, second := listenBoth(t)
	_, n.port, _ = net.SplitHostPort(first.Addr().String())
	n.serve(t, first, &n.toAllowed, func(w http.ResponseWriter, r *http.Request) { n.allowed(w, r) })
	n.serve(t, second, &n.toX, func(http.ResponseWriter, *http.Request) {})
	n.client = NewClient(ClientConfig{AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.2/32")}, Resolver: resolver})
	return n
}

// listenBoth listens on 127.0.0.2 and on the same port of 127.0.0.1.
func listenBoth(t *testing.T) (allowed, forbidden net.Listener) {
	t.Helper()
	for range 20 {
		a, err := net.Listen("tcp", "127.0.0.2:0")
		if err != nil {
			t.Fatal(err)
		}
		_, port, _ := net.SplitHostPort(a.Addr().String())
		if b, err := net.Listen("tcp", "127.0.0.1:"+port); err == nil {
			return a, b
		}
		a.Close()
	}
	t.Fatal("found no port that is free on both addresses")
	return nil, nil
}

func (n *neighbours) serve(t *testing.T, l net.Listener, connections *atomic.Int32, h http.HandlerFunc) {
	s := httptest.NewUnstartedServer(h)
	s.Listener.Close()
	s.Listener = l
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections.Add(1)
		}
	}
	s.Start()
	t.Cleanup(s.Close)
}

func (n *neighbours) get(ctx context.Context, host string) error {
	_, err := n.client.Get(ctx, "http://"+host+":"+n.port+secretPath, "*/*", nil, Conditional{})
	return err
}

func TestA05ANameThatMovesToAPrivateAddressIsRefused(t *testing.T) {
	t.Parallel()
	n := newNeighbours(t, fakeDNS(func(question int) []string {
		if question == 0 {
			return []string{"127.0.0.2"}
		}
		return []string{"127.0.0.1"}
	}))
	if err := n.get(t.Context(), "rebinding.test"); err != nil {
		t.Fatal(err)
	}
	problem(t, "second lookup", n.get(t.Context(), "rebinding.test"), playlists.Invalid)
	if n.toX.Load() != 0 {
		t.Error("the private address was dialled")
	}
}

func TestA06OfSeveralAddressesThePrivateOneIsNeverDialled(t *testing.T) {
	t.Parallel()
	n := newNeighbours(t, fakeDNS(func(int) []string { return []string{"127.0.0.1", "127.0.0.2"} }))
	if err := n.get(t.Context(), "both.test"); err != nil {
		t.Error(err)
	}
	if n.toX.Load() != 0 || n.toAllowed.Load() != 1 {
		t.Errorf("connections: %d private, %d allowed", n.toX.Load(), n.toAllowed.Load())
	}
}

func TestA07RedirectsToPrivateAddressesAreRefusedAtTheHop(t *testing.T) {
	t.Parallel()
	n := newNeighbours(t, nil)
	signed := 0
	for _, status := range []int{301, 302, 303, 307, 308} {
		for _, to := range []string{"http://127.0.0.1:" + n.port + "/", "http://localhost:" + n.port, "//127.0.0.1:" + n.port, "http://169.254.169.254/latest",
			"https://10.0.0.1/", "http://[::1]:" + n.port, "file:///etc/passwd", "gopher://127.0.0.1:" + n.port, ""} {
			n.allowed = func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Location", to)
				w.WriteHeader(status)
			}
			_, err := n.client.Get(t.Context(), "http://127.0.0.2:"+n.port+secretPath, "*/*", func(*http.Request, Scheme) error { signed++; return nil }, Conditional{})
			problem(t, to, err, playlists.Invalid)
		}
	}
	if n.toX.Load() != 0 {
		t.Error("the private address was dialled")
	}
	if signed < 45 {
		t.Errorf("signed %d requests", signed)
	}
}

func TestAnUnknownNameIsUnavailable(t *testing.T) {
	t.Parallel()
	n := newNeighbours(t, fakeDNS(func(int) []string { return nil }))
	problem(t, "no such name", n.get(t.Context(), "nowhere.test"), playlists.Unavailable)
}

// fakeDNS returns a Resolver whose server answers the nth question for IPv4 addresses with addresses(n).
func fakeDNS(addresses func(question int) []string) *net.Resolver {
	var questions atomic.Int32
	return &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		client, server := net.Pipe()
		go func() {
			defer server.Close()
			// The resolver closes its end after the answer, and then there is nothing more to do.
			_ = answerDNS(server, func() []string { return addresses(int(questions.Add(1)) - 1) })
		}()
		return client, nil
	}}
}

// answerDNS answers questions over a stream: each message has its length before it (RFC 1035 §4.2.2).
func answerDNS(conn net.Conn, addresses func() []string) error {
	for {
		var size uint16
		if err := binary.Read(conn, binary.BigEndian, &size); err != nil {
			return err
		}
		query := make([]byte, size)
		if _, err := io.ReadFull(conn, query); err != nil {
			return err
		}
		var m dnsmessage.Message
		if err := m.Unpack(query); err != nil || len(m.Questions) != 1 {
			return errors.Join(err, errors.New("not one question"))
		}
		m.Response, m.RecursionAvailable, m.Additionals = true, true, nil
		q := m.Questions[0]
		if q.Type == dnsmessage.TypeA {
			for _, a := range addresses() {
				m.Answers = append(m.Answers, dnsmessage.Resource{
					Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class},
					Body:   &dnsmessage.AResource{A: netip.MustParseAddr(a).As4()},
				})
			}
		}
		if len(m.Answers) == 0 {
			m.RCode = dnsmessage.RCodeNameError
		}
		answer, err := m.Pack()
		if err != nil {
			return err
		}
		if _, err := conn.Write(binary.BigEndian.AppendUint16(nil, uint16(len(answer)))); err != nil {
			return err
		}
		if _, err := conn.Write(answer); err != nil {
			return err
		}
	}
}
