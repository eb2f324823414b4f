package federation

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/songferry/songferry/federation/federationtest"
)

// The past, because the library compares (created) and (expires) with the real clock.
var signedAt = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

const (
	ourHost = "b.example"
	keyID   = "https://social.example/users/alice#main-key"
	owner   = "https://social.example/users/alice"
)

// remoteKeys is a key server. Its answers are taken one after the other; the last one stays.
type remoteKeys struct {
	answers []RemoteKey
	errs    []error
	asked   []bool // fresh, per question
}

func (k *remoteKeys) Key(_ context.Context, _ string, fresh bool) (RemoteKey, error) {
	n := len(k.asked)
	k.asked = append(k.asked, fresh)
	if n < len(k.errs) && k.errs[n] != nil {
		return RemoteKey{}, k.errs[n]
	}
	return k.answers[min(n, len(k.answers)-1)], nil
}

func keysOf(public crypto.PublicKey) *remoteKeys {
	return &remoteKeys{answers: []RemoteKey{{ID: keyID, Owner: owner, Public: public}}}
}

// message is a request on its way to us, as it is built, signed, tampered with and received.
type message struct {
	*http.Request
	body []byte
	sig  federationtest.Signature
	keys *remoteKeys
	now  time.Time
}

func newMessage(method, target, body string) *message {
	m := &message{Request: httptest.NewRequest(method, target, strings.NewReader(body))}
	m.Host = ourHost
	if body != "" {
		m.body = []byte(body)
	}
	federationtest.Prepare(m.Request, m.body, signedAt)
	m.sig = federationtest.Signature{KeyID: keyID, Key: testKey(), Algorithm: "rsa-sha256"}
	m.keys, m.now = keysOf(&testKey().PublicKey), signedAt
	return m
}

func newPost() *message { return newMessage(http.MethodPost, "/ap/inbox", `{"type":"Follow"}`) }

func (m *message) verify() (RemoteKey, error) {
	return Verify(m.Request, m.body, NewAddresses(&url.URL{Scheme: "https", Host: ourHost}), m.keys, m.now)
}

// verified checks that a message is accepted as its owner's, and which keys were asked for: fresh, per question.
func verified(t *testing.T, name string, m *message, asked ...bool) {
	t.Helper()
	if key, err := m.verify(); err != nil || key.Owner != owner {
		t.Errorf("%s: %v, %v", name, key.Owner, err)
	}
	if !slices.Equal(m.keys.asked, asked) {
		t.Errorf("%s: keys asked for: %v", name, m.keys.asked)
	}
}

func TestValidSignaturesAreAccepted(t *testing.T) {
	t.Parallel()
	_, edKey, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*message){
		"as Mastodon signs": func(m *message) {
			m.sig.Headers = []string{"host", "date", "digest", "content-type", "(request-target)"}
		},
		"hs2019":              func(m *message) { m.sig.Algorithm = "hs2019" },
		"no algorithm":        func(m *message) { m.sig.Algorithm = "" },
		"an hour old":         func(m *message) { m.now = signedAt.Add(time.Hour) },
		"an hour too early":   func(m *message) { m.now = signedAt.Add(-time.Hour) },
		"our host in capital": func(m *message) { m.Host = "B.Example:443" },
		"two digests":         func(m *message) { m.Header.Set("Digest", "MD5=eA==,"+federationtest.Digest(m.body)) },
		"(created) instead of date": func(m *message) {
			m.sig.Headers, m.sig.Created = []string{"(request-target)", "(created)", "host", "digest"}, signedAt.Unix()
		},
		"expires in time": func(m *message) { m.sig.Expires = signedAt.Add(12 * time.Hour).Unix() },
		"Ed25519": func(m *message) {
			m.sig.Key, m.sig.Algorithm, m.keys = edKey, "hs2019", keysOf(edKey.Public())
		},
	} {
		m := newPost()
		m.Header.Set("Content-Type", "application/activity+json")
		change(m)
		m.sig.Sign(t, m.Request)
		verified(t, name, m, false)
	}
}

func TestB29B32B37UncoveringAndStaleRequestsCauseNoFetch(t *testing.T) {
	t.Parallel()
	without := func(name string) func(*message) {
		return func(m *message) {
			all := []string{"(request-target)", "host", "date", "digest"}
			m.sig.Headers = slices.DeleteFunc(all, func(h string) bool { return h == name })
		}
	}
	set := func(name, value string) func(*message) { return func(m *message) { m.Header.Set(name, value) } }
	for name, change := range map[string]func(*message){
		"no (request-target)":  without("(request-target)"),
		"no host":              without("host"),
		"no date":              without("date"),
		"no digest":            without("digest"),
		"date only":            func(m *message) { m.sig.Headers = []string{"date"} },
		"sent to another host": func(m *message) { m.Host = "c.example" },
		"sent to another port": func(m *message) { m.Host = "b.example:8443" },
		"too old":              func(m *message) { m.now = signedAt.Add(time.Hour + time.Second) },
		"from the future":      func(m *message) { m.now = signedAt.Add(-time.Hour - time.Second) },
		"years old":            func(m *message) { m.now = signedAt.AddDate(10, 0, 0) },
		"no Date":              func(m *message) { m.Header.Del("Date") },
		"two Dates":            func(m *message) { m.Header.Add("Date", m.Header.Get("Date")) },
		"unreadable Date":      set("Date", "yesterday"),
		"stale (created)":      func(m *message) { m.sig.Created = signedAt.Add(-2 * time.Hour).Unix() },
		"expired":              func(m *message) { m.sig.Expires = signedAt.Add(-time.Second).Unix() },
		"valid for too long":   func(m *message) { m.sig.Expires = signedAt.Add(13 * time.Hour).Unix() },
		"no Digest": func(m *message) {
			m.Header.Del("Digest")
			m.sig.Headers = []string{"(request-target)", "host", "date", "digest"}
		},
		"Digest by MD5":        set("Digest", "MD5=rL0Y20zC+Fzt72VPzMSk2A=="),
		"Digest by SHA-1":      set("Digest", "SHA=thvDyvhfIqlvFe+A9MYgxAfm1q5="),
		"Digest not base64":    set("Digest", "SHA-256=!"),
		"Digest of other body": set("Digest", federationtest.Digest([]byte("other"))),
		"one Digest wrong": func(m *message) {
			m.Header.Set("Digest", federationtest.Digest(m.body)+",SHA-512=AAAA")
		},
		"right Digest, then a wrong one": func(m *message) {
			m.Header.Set("Digest", federationtest.Digest(m.body))
			m.Header.Add("Digest", federationtest.Digest([]byte("other")))
		},
		"a thousand Digests":  set("Digest", strings.Repeat("SHA-256=AAAA,", 1000)),
		"keyId acct":          func(m *message) { m.sig.KeyID = "acct:alice@social.example" },
		"keyId data":          func(m *message) { m.sig.KeyID = "data:application/json" },
		"keyId relative":      func(m *message) { m.sig.KeyID = "/users/alice#main-key" },
		"keyId with password": func(m *message) { m.sig.KeyID = "https://u:p@social.example/users/alice" },
		"keyId of our own":    func(m *message) { m.sig.KeyID = "https://B.example:443/ap/actors/1#main-key" },
	} {
		m := newPost()
		change(m)
		m.sig.Sign(t, m.Request)
		refused(t, name, m, http.StatusUnauthorized)
		if len(m.keys.asked) != 0 {
			t.Errorf("%s: a key was asked for", name)
		}
	}
}

func TestB28UnreadableSignatureHeadersCauseNoFetch(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(h http.Header, valid string)
		status int
	}{
		"none":            {func(h http.Header, _ string) { h.Del("Signature") }, 401},
		"empty":           {func(h http.Header, _ string) { h.Set("Signature", " ") }, 401},
		"RFC 9421":        {func(h http.Header, _ string) { h.Set("Signature-Input", `sig1=("@method");keyid="x"`) }, 400},
		"two":             {func(h http.Header, v string) { h.Add("Signature", v) }, 400},
		"in the wrong":    {func(h http.Header, v string) { h.Del("Signature"); h.Set("Authorization", "Signature "+v) }, 401},
		"text":            {func(h http.Header, v string) { h.Set("Signature", "please") }, 400},
		"too long":        {func(h http.Header, v string) { h.Set("Signature", v+`,x="`+strings.Repeat("a", 100_000)+`"`) }, 400},
		"not base64":      {replace(`signature="`, `signature="!`), 400},
		"unclosed":        {func(h http.Header, v string) { h.Set("Signature", strings.TrimSuffix(v, `"`)) }, 400},
		"no keyId":        {replace("keyId", "key"), 400},
		"no signature":    {replace("signature=", "sig="), 400},
		"two keyIds":      {func(h http.Header, v string) { h.Set("Signature", v+`,keyId="https://evil.example/key"`) }, 400},
		"two headers":     {func(h http.Header, v string) { h.Set("Signature", v+`,headers="date"`) }, 400},
		"repeated":        {replace(`headers="`, `headers="host `), 400},
		"no created":      {replace(`headers="`, `headers="(created) `), 400},
		"no expires":      {replace(`headers="`, `headers="(expires) `), 400},
		"bad created":     {func(h http.Header, v string) { h.Set("Signature", v+`,created=soon`) }, 400},
		"too many":        {replace(`headers="`, `headers="`+manyNames(33)+" "), 400},
		"comma in keyId":  {replace(`keyId="https`, `keyId="a,signature=https`), 400},
		"comma in header": {replace(`headers="`, `headers="x,y `), 400},
	} {
		m := newPost()
		m.sig.Sign(t, m.Request)
		c.change(m.Header, m.Header.Get("Signature"))
		refused(t, name, m, c.status)
		if len(m.keys.asked) != 0 {
			t.Errorf("%s: a key was asked for", name)
		}
	}
}

func replace(old, new string) func(http.Header, string) {
	return func(h http.Header, valid string) { h.Set("Signature", strings.Replace(valid, old, new, 1)) }
}

func manyNames(n int) string {
	var names []string
	for i := range n {
		names = append(names, "x-"+strings.Repeat("a", i))
	}
	return strings.Join(names, " ")
}

// refused checks that m is refused with status, and returns the error.
func refused(t *testing.T, name string, m *message, status int) error {
	t.Helper()
	key, err := m.verify()
	var e *SignatureError
	switch {
	case err == nil:
		t.Errorf("%s: accepted as %s", name, key.Owner)
	case !errors.As(err, &e):
		t.Errorf("%s: error is a %T", name, err)
	case e.Status != status || e.Reason == "" || key != (RemoteKey{}):
		t.Errorf("%s: %d %s, key %v; want %d", name, e.Status, e.Reason, key, status)
	}
	return err
}

// A header that passes reads the same when it is written again, so the library cannot read it otherwise.
func FuzzSignatureHeader(f *testing.F) {
	for _, seed := range []string{
		`keyId="https://a.example/u#main-key",algorithm="rsa-sha256",headers="(request-target) host date digest",signature="AAAA"`,
		`keyId="k",created=1,expires=2,headers="(created) (expires)",signature="AAAA"`,
		`keyId="k", signature="AAAA" , headers=""`, `keyId=k,signature=AAAA`, `Signature keyId="a"`, `keyId="a,b=c",signature="A==="`, `=`, `,`, `"`,
		`keyId=0,headers="(CreAted) ",signature="0000"`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		p, err := parseSignature(value)
		if err != nil {
			return
		}
		q, err := parseSignature(p.header())
		if err != nil {
			t.Fatalf("%q becomes %q: %v", value, p.header(), err)
		}
		if p.keyID != q.keyID || p.signature != q.signature || !slices.Equal(p.headers, q.headers) {
			t.Fatalf("%q becomes %q", value, p.header())
		}
		r := httptest.NewRequest(http.MethodPost, "https://b.example/", bytes.NewReader(nil))
		r.Header.Set("Signature", value)
		m := message{Request: r, keys: keysOf(&testKey().PublicKey), now: signedAt}
		if _, err := m.verify(); err == nil {
			t.Fatalf("%q was accepted", value)
		}
	})
}
