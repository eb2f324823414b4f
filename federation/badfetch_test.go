package federation

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/songferry/songferry/federation/federationtest"
	"github.com/songferry/songferry/playlists"
)

// forbiddenOrigins are those that this machine can reach and a stranger must not make it reach.
var forbiddenOrigins = []string{"https://10.0.0.1", "https://172.16.0.1", "https://192.168.1.1", "http://169.254.169.254", "https://[::1]", "https://[fd00::1]",
	"https://0.0.0.0", "https://[::ffff:10.0.0.1]", "https://100.64.0.1"}

func TestA01NoFieldLeadsIntoAPrivateNetwork(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	road, other := w.publish("Road trip", playlists.Public), w.instance()
	object := w.addr().Actor(road.PublicID)
	for n, origin := range forbiddenOrigins {
		// As actor and key: refused without a word of why.
		inside := federationtest.Actor{ID: origin + "/users/x", KeyID: origin + "/users/x#main-key"}
		bob := other.AddActor(fmt.Sprint("bob", n), nil)
		signed := *bob
		signed.ID, signed.KeyID = inside.ID, inside.KeyID
		if a := w.post(&signed, text(t, activity(&signed, "Follow", 1, object))); a.status != 401 || strings.Contains(a.body, "network") {
			t.Errorf("actor at %s: %+v", origin, a)
		}
		// As inbox, shared inbox, collection and next page of somebody who does exist.
		other.Change(bob, map[string]any{"inbox": origin + "/inbox", "endpoints": map[string]any{"sharedInbox": origin + "/inbox"}})
		w.follow(other, bob, n, object)
		if _, err := w.Lookup(t.Context(), w.alice.ID, origin+"/list"); playlists.CodeOf(err) != playlists.Invalid {
			t.Errorf("lookup at %s: %v", origin, err)
		}
		mix := w.list(other, fmt.Sprint("mix", n), "One")
		doc := mix.document()
		delete(doc, "orderedItems")
		doc["first"] = map[string]any{"type": "OrderedCollectionPage", "next": origin + "/page"}
		other.Put(mix.path(), doc)
		if _, err := w.Lookup(t.Context(), w.alice.ID, mix.id); playlists.CodeOf(err) != playlists.Invalid {
			t.Errorf("page at %s: %v", origin, err)
		}
	}
	w.step(w.DeliverOnce)
	if n := w.count(`SELECT COUNT(*) FROM remote_actors WHERE host <> $1`, other.Host()); n != 0 {
		t.Errorf("%d keys are kept", n)
	}
	if n := w.count(`SELECT COUNT(*) FROM deliveries WHERE attempts = 0 OR error NOT LIKE '%not on the public internet%' AND error NOT LIKE '%without encryption%'`); n != 0 {
		t.Errorf("%d deliveries were not refused for their address", n)
	}
}

func TestA11OnlyWebAddressesAreAddressesInAnyField(t *testing.T) {
	t.Parallel()
	for _, odd := range []string{"file:///etc/passwd", "ftp://m.example/x", "gopher://m.example/x", "data:text/plain,x", "javascript:alert(1)", "unix:/run/x", "//m.example/x", "mailto:a@m.example"} {
		a, err := decodeActor([]byte(fmt.Sprintf(`{"id":"https://m.example/u","type":"Person","inbox":%[1]q,"followers":%[1]q,"url":[%[1]q,{"type":"Link","href":%[1]q}],
			"streams":[%[1]q],"attributedTo":%[1]q,"alsoKnownAs":[%[1]q],"movedTo":%[1]q,"endpoints":{"sharedInbox":%[1]q},
			"publicKey":{"id":%[1]q,"owner":"https://m.example/u","publicKeyPem":"x"}}`, odd)))
		if err != nil || a.Inbox+a.Followers+a.URL+a.AttributedTo+a.MovedTo+a.SharedInbox != "" || len(a.Streams)+len(a.AlsoKnownAs)+len(a.Keys) != 0 {
			t.Errorf("%s: %+v, %v", odd, a, err)
		}
		e, err := parseEnvelope([]byte(fmt.Sprintf(`{"id":"https://m.example/1","type":"Follow","actor":"https://m.example/u","object":{"id":%[1]q,"actor":%[1]q,"object":%[1]q,"attributedTo":%[1]q},"target":%[1]q}`, odd)))
		if err != nil || e.ObjectID+e.ObjectActor+e.ObjectObject+e.ObjectOwner+e.TargetID != "" {
			t.Errorf("%s: %+v, %v", odd, e, err)
		}
	}
}

// TestA14 with a byte now and then: each read succeeds, the deadline is that of the whole.
func TestA14AnAnswerThatDripsIsGivenUp(t *testing.T) {
	t.Parallel()
	inst := federationtest.New(t)
	left := make(chan struct{})
	inst.Fail(secretPath, func(w http.ResponseWriter, r *http.Request) {
		defer close(left)
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				send(w, []byte("{"))
				w.(http.Flusher).Flush()
			case <-r.Context().Done():
				return
			}
		}
	})
	c := loopback()
	c.Timeout = 100 * time.Millisecond
	start := time.Now()
	_, err := NewClient(c).Get(t.Context(), inst.URL+secretPath, "*/*", nil, Conditional{})
	problem(t, "drips", err, playlists.Unavailable)
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("took %v", took)
	}
	<-left // the connection was closed, so nothing here waits for more
}

// rawServer answers every connection with what write sends, without any of net/http's care.
func rawServer(t *testing.T, write func(net.Conn)) (origin string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return // the test is over
			}
			go func() {
				defer c.Close()
				if _, err := http.ReadRequest(bufio.NewReader(c)); err != nil {
					return // an answer before the request would belong to none
				}
				write(c)
			}()
		}
	}()
	return "http://" + l.Addr().String()
}

func TestA15A16AnswersThatBreakHTTPAreBounded(t *testing.T) {
	t.Parallel()
	client := NewClient(loopback())
	endlessly := func(c net.Conn, head, more string) {
		_, err := c.Write([]byte(head))
		for err == nil {
			_, err = c.Write([]byte(more)) // until the client hangs up
		}
	}
	for name, write := range map[string]func(net.Conn){
		"headers that never end":   func(c net.Conn) { endlessly(c, "HTTP/1.1 200 OK\r\n", "X-More: "+strings.Repeat("x", 1000)+"\r\n") },
		"a header that never ends": func(c net.Conn) { endlessly(c, "HTTP/1.1 200 OK\r\nX-More: ", strings.Repeat("x", 1000)) },
		"a status that never ends": func(c net.Conn) { endlessly(c, "HTTP/1.1 200 ", strings.Repeat("x", 1000)) },
		"no HTTP":                  func(c net.Conn) { send(c, []byte("SSH-2.0-OpenSSH_9.6\r\n")) },
	} {
		_, err := client.Get(t.Context(), rawServer(t, write)+secretPath, "*/*", nil, Conditional{})
		problem(t, name, err, playlists.Unavailable)
	}
	// A length that is smaller than the body ends it: the rest is not read.
	origin := rawServer(t, func(c net.Conn) {
		endlessly(c, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\n", strings.Repeat("x", 1000))
	})
	if doc, err := client.Get(t.Context(), origin+secretPath, "*/*", nil, Conditional{}); err != nil || string(doc.Body) != "xxxxx" {
		t.Errorf("a length that lies: %v", err)
	}
	// Chunks without end.
	origin = rawServer(t, func(c net.Conn) {
		endlessly(c, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "3e8\r\n"+strings.Repeat("x", 1000)+"\r\n")
	})
	_, err := client.Get(t.Context(), origin+secretPath, "*/*", nil, Conditional{})
	problem(t, "chunks without end", err, playlists.Invalid)
}

// Not parallel: it measures what is allocated.
func TestA18HugeJSONCostsLittle(t *testing.T) {
	docs := map[string][]byte{
		"100,000 levels":        []byte(`{"a":` + strings.Repeat(`{"a":`, 100_000) + `1` + strings.Repeat(`}`, 100_001)),
		"a million keys":        []byte(manyKeys(1_000_000)),
		"a million digits":      []byte(`{"a":` + strings.Repeat("7", 1_000_000) + `}`),
		"a megabyte of text":    []byte(`{"a":"` + strings.Repeat("x", 1<<20) + `"}`),
		"a megabyte of escapes": []byte(`{"a":"` + strings.Repeat(`\u0041`, 150_000) + `"}`),
	}
	for name, doc := range docs {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		err := documentLimits.check(doc)
		runtime.ReadMemStats(&after)
		if err == nil != (name == "a megabyte of escapes") || after.TotalAlloc-before.TotalAlloc > 8<<20 {
			t.Errorf("%s: %v, %d kB allocated", name, err, (after.TotalAlloc-before.TotalAlloc)>>10)
		}
	}
}

func TestA21AnExpiredCertificateIsRefused(t *testing.T) {
	t.Parallel()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		until time.Time
		ok    bool
	}{"valid": {time.Now().Add(time.Hour), true}, "expired": {time.Now().Add(-time.Hour), false}} {
		template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-24 * time.Hour), NotAfter: c.until,
			IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign}
		der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
		if err != nil {
			t.Fatal(err)
		}
		s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { send(w, []byte("{}")) }))
		s.TLS = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
		s.Config.ErrorLog = log.New(io.Discard, "", 0)
		s.StartTLS()
		t.Cleanup(s.Close)
		config := loopback()
		config.RootCAs = x509.NewCertPool()
		own, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		config.RootCAs.AddCert(own)
		_, err = NewClient(config).Get(t.Context(), s.URL+secretPath, "*/*", nil, Conditional{})
		if c.ok {
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		problem(t, name, err, playlists.Unavailable)
	}
}

// wildcard is a domain that has every name below itself, on one server.
type wildcard struct {
	*federationtest.Instance
	w    *world
	port string
}

func (w *world) wildcard() wildcard {
	i := w.instance()
	w.client = NewClient(ClientConfig{AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Resolver: fakeDNS(func(int) []string { return []string{"127.0.0.1"} }),
		OwnHost: w.isOwnHost, Now: w.clock.now, UserAgent: testAgent, Timeout: 5 * time.Second})
	_, port, _ := net.SplitHostPort(i.Host())
	return wildcard{i, w, port}
}

// actor returns an actor of a name below the domain. All names serve the same paths, so each actor has its own.
func (d wildcard) actor(name, user string) *federationtest.Actor {
	a := d.AddActor(user, nil)
	origin := "http://" + name + ":" + d.port
	old := d.URL
	a.ID, a.KeyID, a.Inbox = strings.Replace(a.ID, old, origin, 1), strings.Replace(a.KeyID, old, origin, 1), strings.Replace(a.Inbox, old, origin, 1)
	a.Document["id"], a.Document["inbox"], a.Document["url"], a.Document["followers"] = a.ID, a.Inbox, origin+"/@"+user, a.ID+"/followers"
	d.Change(a, nil) // the key under its new name
	d.Put("/users/"+user, a.Document)
	return a
}

func TestA22NamesBelowADomainAreFewAnHour(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	object := w.addr().Actor(w.publish("Road trip", playlists.Public).PublicID)
	evil := w.wildcard()
	follow := func(name string, n int) int {
		a := evil.actor(name, fmt.Sprint("u", n))
		return w.post(a, text(t, activity(a, "Follow", n, object))).status
	}
	for n := range maxNewHosts {
		if got := follow(fmt.Sprintf("a%d.evil.example", n), n); got != 202 {
			t.Fatalf("name %d: %d", n, got)
		}
	}
	for n := maxNewHosts; n < maxNewHosts+5; n++ {
		if got := follow(fmt.Sprintf("a%d.evil.example", n), n); got != 503 {
			t.Errorf("name %d: %d", n, got)
		}
	}
	// A host that was seen has as many people as it likes, another domain its own ten names.
	if got := follow("a0.evil.example", 100); got != 202 {
		t.Errorf("another account of a known name: %d", got)
	}
	if got := follow("mastodon.good.example", 101); got != 202 {
		t.Errorf("another domain: %d", got)
	}
	if n := w.count(`SELECT COUNT(DISTINCT host) FROM remote_actors`); n != maxNewHosts+1 {
		t.Errorf("%d hosts are kept", n)
	}
	w.clock.forward(quotaTime)
	if got := follow("a20.evil.example", 102); got != 202 {
		t.Errorf("an hour later: %d", got)
	}
}

func TestA23WebFingerOfAnotherHostAfterARedirectSpeaksForItselfOnly(t *testing.T) {
	t.Parallel()
	victim, evil := federationtest.New(t), federationtest.New(t)
	client := NewClient(loopback())
	alice := victim.AddActor("alice", nil)
	asked := "/.well-known/webfinger?resource=acct%3Abob%40" + strings.Replace(evil.Host(), ":", "%3A", 1)
	for name, c := range map[string]struct {
		subject, self, want string
	}{
		"an alias of a real account":   {"alice@" + victim.Host(), alice.ID, alice.ID},
		"somebody else's name":         {"alice@" + victim.Host(), evil.URL + "/users/x", ""},
		"somebody else's actor":        {"bob@" + evil.Host(), alice.ID, ""},
		"a name of a third, unheard":   {"bob@third.invalid", evil.URL + "/users/x", ""},
		"its own name, its own person": {"bob@" + evil.Host(), evil.URL + "/users/bob", evil.URL + "/users/bob"},
	} {
		evil.Fail(asked, federationtest.Redirect(evil.URL+"/elsewhere", 302))
		evil.Fail("/elsewhere", federationtest.Answer("application/jrd+json", string(federationtest.JRD("acct:"+c.subject, c.self))))
		got, err := client.WebFinger(t.Context(), "bob@"+evil.Host())
		if got != c.want || (err == nil) != (c.want != "") {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

func TestA27F103F104NothingButDocumentsIsFetched(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	mix := w.list(other, "mix", "One")
	bait := func(name string) map[string]any {
		return map[string]any{"type": "Image", "mediaType": "image/png", "url": other.URL + "/bait/" + name + ".svg"}
	}
	other.Change(mix.actor, map[string]any{"icon": bait("icon"), "image": bait("header"), "attachment": []any{bait("field")}, "featured": other.URL + "/bait/featured"})
	doc := mix.document("One")
	doc["image"], doc["icon"], doc["attachment"] = bait("cover"), []any{bait("cover2")}, []any{bait("cover3")}
	doc["url"] = []any{map[string]any{"type": "Link", "mediaType": "image/png", "href": other.URL + "/bait/link.png"}}
	item := doc["orderedItems"].([]any)[0].(map[string]any)
	item["url"] = []any{map[string]any{"type": "Link", "mediaType": "audio/mpeg", "href": other.URL + "/bait/stream.mp3"}}
	item["image"], item["preview"], item["content"] = bait("track"), other.URL+"/bait/preview", `<p>note<img src="`+other.URL+`/bait/pixel.gif"></p>`
	item["track"] = map[string]any{"type": "Track", "name": "One", "album": map[string]any{"name": "A", "cover": bait("album"), "image": bait("album2")}, "url": other.URL + "/bait/track"}
	other.Put(mix.path(), doc)
	want := w.wants(w.alice, mix.actor.ID)
	for n, kind := range []string{"Update", "Create", "Announce"} {
		other.Send(mix.actor, w.addr().SharedInbox(), activity(mix.actor, kind, n, doc))
	}
	w.steps()
	w.reads(want.Playlist)
	for _, r := range other.Requests("") {
		if strings.Contains(r.Path, "bait") {
			t.Errorf("%s %s", r.Method, r.Path)
		}
	}
	p, err := w.store.Get(t.Context(), want.Playlist)
	if shown := fmt.Sprintf("%+v", p); err != nil || strings.Contains(shown, "bait") || p.Tracks[0].Note != "note" {
		t.Errorf("kept, where it would be linked: %s, %v", shown, err)
	}
}
