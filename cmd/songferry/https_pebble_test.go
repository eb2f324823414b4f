//go:build pebble

package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

// Without a proxy, a bridge gets a certificate for its name from an ACME server, here Pebble, which is Let's Encrypt's own for
// tests, and speaks HTTPS with it.
func TestABridgeGetsItsOwnCertificate(t *testing.T) {
	t.Parallel()
	secure := freeAddress(t)
	authority := startPebble(t, portOf(secure))
	i := install(t, "SONGFERRY_URL=https://songs.example", "SONGFERRY_HTTPS_LISTEN="+secure, "SONGFERRY_ACME_DIRECTORY="+authority.directory,
		"SSL_CERT_FILE="+authority.trusted)
	i.serve()

	client := &http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{
		ForceAttemptHTTP2: true, TLSClientConfig: &tls.Config{RootCAs: authority.roots(t)},
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "tcp", secure)
		},
	}}
	await(t, "the certificate", func() error {
		res, err := client.Get("https://songs.example/livez")
		if err != nil {
			return err
		}
		defer res.Body.Close()
		if res.ProtoMajor != 2 || res.TLS.PeerCertificates[0].VerifyHostname("songs.example") != nil {
			t.Errorf("it speaks %s with a certificate for %v", res.Proto, res.TLS.PeerCertificates[0].DNSNames)
		}
		return nil
	})
	if !strings.Contains(i.readLog(), "a certificate was obtained") {
		t.Error("the log does not say so")
	}

	plain := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for host, status := range map[string]int{"songs.example": http.StatusPermanentRedirect, "127.0.0.1": http.StatusOK} {
		r, err := http.NewRequest(http.MethodGet, i.url+"/livez", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Host = host
		res, err := plain.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != status {
			t.Errorf("without TLS, at %s: %s", host, res.Status)
		}
	}
}

func portOf(address string) int {
	var port int
	// It is an address that was just listened on.
	_, _ = fmt.Sscanf(address[strings.LastIndex(address, ":"):], ":%d", &port)
	return port
}

// pebble is an ACME server.
type pebble struct {
	directory string // its address
	trusted   string // file with the certificate that it has itself
	manage    string // where it tells its root
}

// startPebble starts one that looks for who asks at a port of this machine, whatever the name.
func startPebble(t *testing.T, port int) pebble {
	t.Helper()
	folder := t.TempDir()
	p := pebble{trusted: filepath.Join(folder, "cert.pem")}
	listen, manage := freeAddress(t), freeAddress(t)
	p.directory, p.manage = "https://"+listen+"/dir", "https://"+manage
	own := httptest.NewTLSServer(nil) // for the sake of its certificate, for 127.0.0.1
	defer own.Close()
	writeFile(t, p.trusted, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: own.Certificate().Raw}))
	key, err := x509.MarshalPKCS8PrivateKey(own.TLS.Certificates[0].PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(folder, "key.pem"), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key}))
	settings, err := json.Marshal(map[string]any{"pebble": map[string]any{
		"listenAddress": listen, "managementListenAddress": manage, "certificate": p.trusted, "privateKey": filepath.Join(folder, "key.pem"),
		"httpPort": 1, "tlsPort": port,
	}})
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(folder, "config.json"), settings)
	cmd := exec.Command("../../.tools/pebble", "-config", filepath.Join(folder, "config.json"), "-dnsserver", loopbackDNS(t))
	cmd.Env = append(os.Environ(), "PEBBLE_VA_NOSLEEP=1")
	var log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &log, &log
	endsWithUs(cmd)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		// It says "killed".
		_ = errors.Join(cmd.Process.Kill(), cmd.Wait())
		if t.Failed() {
			t.Logf("pebble wrote:\n%s", &log)
		}
	})
	await(t, "pebble", func() error { _, err := p.read(p.directory); return err })
	return p
}

func writeFile(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// read reads from the ACME server itself.
func (p pebble) read(address string) ([]byte, error) {
	text, err := os.ReadFile(p.trusted)
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(text)
	client := &http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}}
	res, err := client.Get(address)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	return io.ReadAll(res.Body)
}

// roots returns what its certificates are to be checked with.
func (p pebble) roots(t *testing.T) *x509.CertPool {
	t.Helper()
	text, err := p.read(p.manage + "/roots/0")
	pool := x509.NewCertPool()
	if err != nil || !pool.AppendCertsFromPEM(text) {
		t.Fatalf("%v: %s", err, text)
	}
	return pool
}

// loopbackDNS answers every question with 127.0.0.1.
func loopbackDNS(t *testing.T) (address string) {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	go func() {
		buf := make([]byte, 1500)
		for {
			n, from, err := conn.ReadFrom(buf)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if m.Unpack(buf[:n]) != nil || len(m.Questions) != 1 {
				continue
			}
			m.Response, m.Authoritative, m.Additionals = true, true, nil
			if q := m.Questions[0]; q.Type == dnsmessage.TypeA {
				m.Answers = []dnsmessage.Resource{{
					Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class, TTL: 1}, Body: &dnsmessage.AResource{A: [4]byte{127, 0, 0, 1}},
				}}
			}
			if answer, err := m.Pack(); err == nil {
				_, _ = conn.WriteTo(answer, from) // who does not get it asks again
			}
		}
	}()
	return conn.LocalAddr().String()
}
