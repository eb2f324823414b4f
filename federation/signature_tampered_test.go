package federation

import (
	"net/http"
	"testing"
	"time"

	"github.com/songferry/songferry/federation/federationtest"
)

func TestB31B32WhatWasChangedAfterSigningIsRefused(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*message){
		"path":           func(m *message) { m.RequestURI = "/ap/actors/2/inbox" },
		"method":         func(m *message) { m.Method = http.MethodPut },
		"query added":    func(m *message) { m.RequestURI += "?x=1" },
		"escape changed": func(m *message) { m.RequestURI = "/ap%2Finbox" },
		"path in capital": func(m *message) {
			m.RequestURI = "/AP/inbox"
		},
		"Date":               func(m *message) { m.Header.Set("Date", signedAt.Add(time.Minute).Format(http.TimeFormat)) },
		"body and Digest":    func(m *message) { m.body = []byte("{}"); m.Header.Set("Digest", federationtest.Digest(m.body)) },
		"signed header":      func(m *message) { m.Header.Set("Content-Type", "text/html") },
		"signed header gone": func(m *message) { m.Header.Del("Content-Type") },
		"signature":          func(m *message) { replace(`signature="`, `signature="AAAA`)(m.Header, m.Header.Get("Signature")) },
		"order of headers":   func(m *message) { replace("host date", "date host")(m.Header, m.Header.Get("Signature")) },
	} {
		m := newPost()
		m.Header.Set("Content-Type", "application/activity+json")
		m.sig.Headers = []string{"(request-target)", "host", "date", "digest", "content-type"}
		m.sig.Sign(t, m.Request)
		change(m)
		refused(t, name, m, http.StatusUnauthorized)
	}
}

func TestB31ASignatureForAnotherHostOrMethodIsRefused(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*message){
		"host":   func(m *message) { m.Host = "c.example" },
		"method": func(m *message) { m.Method = http.MethodGet },
	} {
		m := newPost()
		change(m)
		m.sig.Sign(t, m.Request)
		m.Host, m.Method = ourHost, http.MethodPost
		refused(t, name, m, http.StatusUnauthorized)
	}
}

func TestB31TheQueryMayBeUnsignedForReadsOnly(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		method, body, signed string
		accepted             bool
	}{
		{http.MethodGet, "", "/ap/playlists/1?page=2", true},
		{http.MethodGet, "", "/ap/playlists/1", true},
		{http.MethodGet, "", "/ap/playlists/1?page=3", false},
		{http.MethodGet, "", "/ap/playlists/2", false},
		{http.MethodPost, "{}", "/ap/playlists/1?page=2", true},
		{http.MethodPost, "{}", "/ap/playlists/1", false},
	} {
		m := newMessage(c.method, "/ap/playlists/1?page=2", c.body)
		m.sig.Target = c.signed
		m.sig.Sign(t, m.Request)
		if _, err := m.verify(); (err == nil) != c.accepted {
			t.Errorf("%s signed for %s: %v", c.method, c.signed, err)
		}
	}
}

func TestB31EscapedPathsVerifyByteForByte(t *testing.T) {
	t.Parallel()
	for _, target := range []string{"/a%20b/c%2Fd", "/a%2fb", "/%C3%BC?q=%20+", "/x?"} {
		m := newMessage(http.MethodGet, target, "")
		m.RequestURI, m.sig.Target = target, target
		m.sig.Sign(t, m.Request)
		if _, err := m.verify(); err != nil {
			t.Errorf("%s: %v", target, err)
		}
	}
}

func TestVerifyingLeavesTheRequestAsItWas(t *testing.T) {
	t.Parallel()
	m := newPost()
	m.sig.Sign(t, m.Request)
	before := m.Header.Clone()
	if _, err := m.verify(); err != nil {
		t.Fatal(err)
	}
	if len(before) != len(m.Header) || m.Header.Get("Signature") != before.Get("Signature") || m.URL.Path != "/ap/inbox" {
		t.Errorf("headers were %v, are %v", before, m.Header)
	}
}
