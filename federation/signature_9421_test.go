package federation

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha512"
	"encoding/base64"
	"fmt"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/songferry/songferry/federation/federationtest"
)

// message9421 is a request on its way to us, signed by RFC 9421.
type message9421 struct {
	*message
	sig federationtest.MessageSignature
}

func newMessage9421(method, target, body string) *message9421 {
	m := &message9421{message: &message{Request: httptest.NewRequest(method, target, strings.NewReader(body))}}
	m.Host = ourHost
	if body != "" {
		m.body = []byte(body)
	}
	federationtest.Prepare9421(m.Request, m.body)
	m.sig = federationtest.MessageSignature{KeyID: keyID, Key: testKey(), Created: signedAt}
	m.keys, m.now = keysOf(&testKey().PublicKey), signedAt
	return m
}

func newPost9421() *message9421 {
	return newMessage9421(http.MethodPost, "/ap/inbox", `{"type":"Follow"}`)
}

func (m *message9421) components(names ...string) { m.sig.Components = names }

// params replaces the parameters; {created} and {keyid} stand for the usual ones.
func (m *message9421) params(params ...string) {
	for i, p := range params {
		p = strings.ReplaceAll(p, "{created}", fmt.Sprintf("created=%d", signedAt.Unix()))
		params[i] = strings.ReplaceAll(p, "{keyid}", fmt.Sprintf("keyid=%q", keyID))
	}
	m.sig.Params = params
}

func TestB43ValidSignaturesOfRFC9421AreAccepted(t *testing.T) {
	t.Parallel()
	_, edKey, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*message9421){
		"RSA":     func(*message9421) {},
		"RSA-PSS": func(m *message9421) { m.sig.PSS = true },
		"Ed25519": func(m *message9421) { m.sig.Key, m.keys = edKey, keysOf(edKey.Public()) },
		"Ed25519 without alg": func(m *message9421) {
			m.sig.Key, m.keys = edKey, keysOf(edKey.Public())
			m.params("{created}", "{keyid}")
		},
		"no alg":           func(m *message9421) { m.params("{created}", "{keyid}") },
		"params reordered": func(m *message9421) { m.params(`alg="rsa-v1_5-sha256"`, "{keyid}", "{created}") },
		"nonce":            func(m *message9421) { m.params("{created}", "{keyid}", `nonce="a\"b\\c"`) },
		"another label":    func(m *message9421) { m.sig.Label = "fedify-1" },
		"expires in time": func(m *message9421) {
			m.params("{created}", "{keyid}", fmt.Sprintf("expires=%d", signedAt.Unix()+12*3600))
		},
		"an hour old":       func(m *message9421) { m.now = signedAt.Add(time.Hour) },
		"an hour too early": func(m *message9421) { m.now = signedAt.Add(-time.Hour) },
		"parts of the address": func(m *message9421) {
			m.components("@method", "@authority", "@path", "content-digest")
		},
		"headers too": func(m *message9421) {
			m.Header.Set("Content-Type", "application/activity+json")
			m.Header.Set("Date", signedAt.Format(http.TimeFormat))
			m.components("@method", "@target-uri", "@scheme", "@query", "host", "content-digest", "content-type", "date")
		},
		"sha-512 only": func(m *message9421) {
			sum := sha512.Sum512(m.body)
			m.Header.Set("Content-Digest", "sha-512=:"+base64.StdEncoding.EncodeToString(sum[:])+":")
		},
		"an unknown digest beside": func(m *message9421) { m.Header.Add("Content-Digest", "md5=:eA==:") },
		"our host in capital": func(m *message9421) {
			m.components("@method", "@path", "@authority", "content-digest")
			m.sig.Sign(t, m.Request)
			m.Host = "B.Example:443"
		},
	} {
		m := newPost9421()
		change(m)
		if m.Header.Get("Signature") == "" {
			m.sig.Sign(t, m.Request)
		}
		verified(t, name, m.message, false)
	}
}

func TestB43SignaturesOfRFC9421ThatProveTooLittleCauseNoFetch(t *testing.T) {
	t.Parallel()
	params := func(p ...string) func(*message9421) { return func(m *message9421) { m.params(p...) } }
	components := func(c ...string) func(*message9421) { return func(m *message9421) { m.components(c...) } }
	digest := func(v string) func(*message9421) { return func(m *message9421) { m.Header.Set("Content-Digest", v) } }
	set := func(name, value string) func(*message9421) {
		return func(m *message9421) {
			m.sig.Sign(t, m.Request)
			m.Header.Set(name, value)
		}
	}
	for name, c := range map[string]struct {
		change func(*message9421)
		status int
	}{
		"no created":            {params("{keyid}"), 400},
		"no keyid":              {params("{created}"), 400},
		"created as text":       {params(`created="now"`, "{keyid}"), 400},
		"created as a fraction": {params("created=1.5", "{keyid}"), 400},
		"created before time":   {params("created=-1", "{keyid}"), 400},
		"keyid as a token":      {params("{created}", "keyid=abc"), 400},
		"alg as a token":        {params("{created}", "{keyid}", "alg=ed25519"), 400},
		"empty alg":             {params("{created}", "{keyid}", `alg=""`), 400},
		"tag":                   {params("{created}", "{keyid}", `tag="web-bot-auth"`), 400},
		"unknown parameter":     {params("{created}", "{keyid}", "x=1"), 400},
		"too old":               {func(m *message9421) { m.now = signedAt.Add(time.Hour + time.Second) }, 401},
		"from the future":       {func(m *message9421) { m.now = signedAt.Add(-time.Hour - time.Second) }, 401},
		"expired":               {params("{created}", "{keyid}", fmt.Sprintf("expires=%d", signedAt.Unix()-1)), 401},
		"valid for too long":    {params("{created}", "{keyid}", fmt.Sprintf("expires=%d", signedAt.Unix()+13*3600)), 401},
		"no @method":            {components("@target-uri", "content-digest"), 401},
		"no @target-uri":        {components("@method", "content-digest"), 401},
		"no @authority":         {components("@method", "@path", "content-digest"), 401},
		"no @path":              {components("@method", "@authority", "content-digest"), 401},
		"no content-digest":     {components("@method", "@target-uri"), 401},
		"nothing":               {func(m *message9421) { m.sig.Components = []string{} }, 401},
		"unknown component":     {components("@method", "@target-uri", "content-digest", "@status"), 400},
		"decoded path":          {components("@method", "@request-target", "content-digest"), 400},
		";req":                  {components("@method", "@target-uri", `"content-digest";req`), 400},
		";bs":                   {components("@method", "@target-uri", "content-digest", `"content-type";bs`), 400},
		";sf":                   {components("@method", "@target-uri", `"content-digest";sf`), 400},
		";tr":                   {components("@method", "@target-uri", `"content-digest";tr`), 400},
		";key":                  {components("@method", "@target-uri", `"content-digest";key="sha-256"`), 400},
		"@query-param":          {components("@method", "@authority", "@path", `"@query-param";name="x"`, "content-digest"), 400},
		"twice the same":        {components("@method", "@method", "@target-uri", "content-digest"), 400},
		"in capital":            {components("@METHOD", "@target-uri", "content-digest"), 400},
		"too many":              {components(strings.Fields(manyNames(33))...), 400},
		"no Content-Digest": {func(m *message9421) {
			m.Header.Del("Content-Digest")
			m.components("@method", "@target-uri", "content-digest")
		}, 401},
		"Content-Digest by md5":    {digest("md5=:eA==:"), 401},
		"Content-Digest of other":  {digest(federationtest.ContentDigest([]byte("other"))), 401},
		"one wrong":                {func(m *message9421) { m.Header.Add("Content-Digest", "sha-512=:AAAA:") }, 401},
		"Content-Digest unread":    {digest("sha-256=abc"), 401},
		"Digest of the other kind": {digest(federationtest.Digest([]byte(`{"type":"Follow"}`))), 401},
		"huge Content-Digest":      {digest(strings.Repeat("x=:AAAA:,", 1000) + "y=:AAAA:"), 401},
		"sent to another host":     {func(m *message9421) { m.Host = "c.example" }, 401},
		"keyid acct":               {params("{created}", `keyid="acct:alice@social.example"`), 401},
		"keyid of our own":         {params("{created}", `keyid="https://b.example/ap/actors/1#main-key"`), 401},
		"two labels": {func(m *message9421) {
			m.sig.Sign(t, m.Request)
			for _, name := range []string{"Signature-Input", "Signature"} {
				v := m.Header.Get(name)
				m.Header.Set(name, v+", "+strings.Replace(v, "sig1", "sig2", 1))
			}
		}, 400},
		"two lines": {func(m *message9421) {
			m.sig.Sign(t, m.Request)
			m.Header.Add("Signature", strings.Replace(m.Header.Get("Signature"), "sig1", "sig2", 1))
		}, 400},
		"b28 no Signature":         {func(m *message9421) { m.sig.Sign(t, m.Request); m.Header.Del("Signature") }, 400},
		"b28 no Signature-Input":   {func(m *message9421) { m.sig.Sign(t, m.Request); m.Header.Del("Signature-Input") }, 400},
		"b28 empty input":          {set("Signature-Input", ""), 400},
		"b28 garbage input":        {set("Signature-Input", "sig1=(((("), 400},
		"b28 garbage base64":       {set("Signature", "sig1=:%%%:"), 400},
		"b28 another label":        {set("Signature", "sig2=:AAAA:"), 400},
		"b28 text for a signature": {set("Signature", `sig1="AAAA"`), 400},
		"b28 100 kB":               {set("Signature-Input", "sig1=("+strings.Repeat(`"a" `, 25_000)+")"), 400},
		"draft-cavage beside": {func(m *message9421) {
			m.sig.Sign(t, m.Request)
			m.Header.Add("Signature", `keyId="`+keyID+`",headers="date",signature="AAAA"`)
		}, 400},
		"draft-cavage inside": {func(m *message9421) {
			federationtest.Prepare(m.Request, m.body, signedAt)
			federationtest.Signature{KeyID: keyID, Key: testKey(), Algorithm: "rsa-sha256"}.Sign(t, m.Request)
			m.Header.Set("Signature-Input", `sig1=("@method");created=1;keyid="x"`)
		}, 400},
	} {
		m := newPost9421()
		c.change(m)
		if m.Header.Get("Signature") == "" && m.Header.Get("Signature-Input") == "" {
			m.sig.Sign(t, m.Request)
		}
		refused(t, name, m.message, c.status)
		if len(m.keys.asked) != 0 {
			t.Errorf("%s: a key was asked for", name)
		}
	}
}

func TestB43WhatWasChangedAfterSigningIsRefused(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*message9421){
		"b31 path":            func(m *message9421) { m.RequestURI = "/ap/actors/2/inbox" },
		"b31 path in capital": func(m *message9421) { m.RequestURI = "/AP/inbox" },
		"b31 escape":          func(m *message9421) { m.RequestURI = "/ap%2Finbox" },
		"b31 query added":     func(m *message9421) { m.RequestURI += "?x=1" },
		"b31 empty query":     func(m *message9421) { m.RequestURI += "?" },
		"b31 method":          func(m *message9421) { m.Method = http.MethodPut },
		"b32 body and digest": func(m *message9421) {
			m.body = []byte("{}")
			m.Header.Set("Content-Digest", federationtest.ContentDigest(m.body))
		},
		"b32 body":    func(m *message9421) { m.body = []byte("{}") },
		"header":      func(m *message9421) { m.Header.Set("Content-Type", "text/html") },
		"header gone": func(m *message9421) { m.Header.Del("Content-Type") },
		"order": func(m *message9421) {
			m.Header.Set("Signature-Input", strings.Replace(m.Header.Get("Signature-Input"), `"@method" "@target-uri"`, `"@target-uri" "@method"`, 1))
		},
		"created": func(m *message9421) {
			m.Header.Set("Signature-Input", strings.Replace(m.Header.Get("Signature-Input"), "created=1", "created=2", 1))
			m.now = m.now.AddDate(0, 0, 0)
		},
		"signature": func(m *message9421) { m.Header.Set("Signature", "sig1=:AAAA:") },
	} {
		m := newPost9421()
		m.Header.Set("Content-Type", activityJSON)
		m.components("@method", "@target-uri", "content-digest", "content-type")
		m.sig.Sign(t, m.Request)
		change(m)
		refused(t, name, m.message, http.StatusUnauthorized)
	}
}

func TestB43ASignatureOfRFC9421ForAnotherPlaceIsRefused(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*message9421){
		"host":   func(m *message9421) { m.Host = "c.example" },
		"port":   func(m *message9421) { m.Host = ourHost + ":8443" },
		"scheme": func(m *message9421) { m.sig.Scheme = "http" },
		"method": func(m *message9421) { m.Method = http.MethodGet },
		"target": func(m *message9421) { m.sig.Target = "/ap/actors/2/inbox" },
	} {
		m := newPost9421()
		change(m)
		m.sig.Sign(t, m.Request)
		m.Host, m.Method = ourHost, http.MethodPost
		refused(t, name, m.message, http.StatusUnauthorized)
	}
}

func TestB36AlgorithmsOfRFC9421ThatDoNotFitTheKeyAreRefused(t *testing.T) {
	t.Parallel()
	_, edKey, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	alg := func(name string) func(*message9421) {
		return func(m *message9421) { m.params("{created}", "{keyid}", fmt.Sprintf("alg=%q", name)) }
	}
	modulus := func(bits uint) *big.Int { return new(big.Int).SetBit(big.NewInt(1), int(bits)-1, 1) }
	for name, change := range map[string]func(*message9421){
		"hmac-sha256":       alg("hmac-sha256"),
		"ed25519":           alg("ed25519"),
		"ecdsa-p256-sha256": alg("ecdsa-p256-sha256"),
		"rsa-sha256":        alg("rsa-sha256"), // a name of draft-cavage
		"none":              alg("none"),
		"RSA-PSS by label":  alg("rsa-pss-sha512"),
		"RSA-PSS unlabelled": func(m *message9421) {
			m.sig.PSS = true
			m.params("{created}", "{keyid}")
		},
		"RSA with an Ed25519 key": func(m *message9421) { m.keys = keysOf(edKey.Public()) },
		"Ed25519 called RSA": func(m *message9421) {
			alg("rsa-v1_5-sha256")(m)
			m.sig.Key, m.keys = edKey, keysOf(edKey.Public())
		},
		"RSA of 1024 bits":  func(m *message9421) { m.keys = keysOf(&rsa.PublicKey{N: modulus(1024), E: 65537}) },
		"RSA of 32768 bits": func(m *message9421) { m.keys = keysOf(&rsa.PublicKey{N: modulus(32768), E: 65537}) },
		"RSA with e=1":      func(m *message9421) { m.keys = keysOf(&rsa.PublicKey{N: testKey().N, E: 1}) },
		"b37 owner elsewhere": func(m *message9421) {
			m.keys.answers[0].Owner = "https://victim.example/users/alice"
		},
	} {
		m := newPost9421()
		change(m)
		m.sig.Sign(t, m.Request)
		refused(t, name, m.message, http.StatusUnauthorized)
	}
}

func TestB31AddressesVerifyByteForByteByRFC9421(t *testing.T) {
	t.Parallel()
	for _, target := range []string{"/a%20b/c%2Fd", "/a%2fb", "/%C3%BC?q=%20+", "/x?", "//x", "/x?a=1&a=2"} {
		for _, components := range [][]string{{"@method", "@target-uri"}, {"@method", "@authority", "@path", "@query"}} {
			m := newMessage9421(http.MethodGet, "/", "")
			m.RequestURI, m.sig.Target = target, target
			m.components(components...)
			m.sig.Sign(t, m.Request)
			if _, err := m.verify(); err != nil {
				t.Errorf("%s by %v: %v", target, components, err)
			}
		}
	}
	m := newMessage9421(http.MethodGet, "/ap/playlists/1?page=2", "")
	m.components("@method", "@authority", "@path")
	m.sig.Sign(t, m.Request)
	refused(t, "query not covered", m.message, http.StatusUnauthorized)
}

func TestB41AChangedKeyIsFetchedOnceForRFC9421(t *testing.T) {
	t.Parallel()
	other, err := NewRSAKey()
	if err != nil {
		t.Fatal(err)
	}
	m := newPost9421()
	m.keys = &remoteKeys{answers: []RemoteKey{{ID: keyID, Owner: owner, Public: &other.PublicKey}, {ID: keyID, Owner: owner, Public: &testKey().PublicKey}}}
	m.sig.Sign(t, m.Request)
	before := m.Header.Clone()
	verified(t, "new key", m.message, false, true)
	if len(before) != len(m.Header) || m.URL.Host != "" || m.URL.Scheme != "" {
		t.Errorf("verifying changed the request: %v, %v", m.Header, m.URL)
	}
}

// Whatever the headers say, nothing is accepted without a signature, and nothing breaks.
func FuzzMessageSignature(f *testing.F) {
	for _, seed := range [][3]string{
		{`sig1=("@method" "@target-uri" "content-digest");created=1767323045;keyid="https://a.example/u#main-key";alg="rsa-v1_5-sha256"`, "sig1=:AAAA:", "sha-256=:AAAA:"},
		{`sig1=("@method";req "@query-param";name="x");created=1;expires=2;nonce="x";tag="y"`, `sig1=:AAAA:;x, sig2=:AA==:`, "sha-512=:AAAA:, x"},
		{`sig1`, `sig1=1`, ``}, {`a=()`, `a=::`, `a=?1`}, {`a=("b" c);keyid="\""`, `a=:A`, `=`},
	} {
		f.Add(seed[0], seed[1], seed[2])
	}
	us := NewAddresses(&url.URL{Scheme: "https", Host: ourHost})
	f.Fuzz(func(t *testing.T, input, signature, digest string) {
		r := httptest.NewRequest(http.MethodPost, "/ap/inbox", nil)
		r.Host = ourHost
		r.Header = http.Header{"Signature-Input": {input}, "Signature": {signature}, "Content-Digest": {digest}}
		if _, err := Verify(r, nil, us, keysOf(&testKey().PublicKey), signedAt); err == nil {
			t.Fatalf("%q, %q was accepted", input, signature)
		}
	})
}
