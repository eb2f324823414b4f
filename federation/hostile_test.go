package federation

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/songferry/songferry/federation/federationtest"
	"github.com/songferry/songferry/playlists"
)

// hostile is a peer that owns a domain with every name below it, makes up an account for every path, and plays foul. The
// bridge that it attacks is a real one; only names lead to this machine, and time passes when the test says so.
type hostile struct {
	t       *testing.T
	w       *world
	port    string
	key     ed25519.PrivateKey
	pem     string
	handler http.Handler // the bridge's

	mu       sync.Mutex
	faults   map[string]http.HandlerFunc // by the first element of the path
	requests atomic.Int64
}

func newHostile(t *testing.T) *hostile {
	t.Helper()
	w := newWorld(t, func(c *Config) { c.Log = slog.New(slog.DiscardHandler) })
	public, private, err := ed25519.GenerateKey(nil)
	w.ok(err)
	der, err := x509.MarshalPKIXPublicKey(public)
	w.ok(err)
	h := &hostile{t: t, w: w, key: private, pem: string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})), handler: handlerOf(w.Federation), faults: map[string]http.HandlerFunc{}}
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	_, h.port, _ = net.SplitHostPort(server.Listener.Addr().String())
	w.get("/ap/actors/instance") // makes its key, which takes its time
	w.client = NewClient(ClientConfig{AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, OwnHost: w.isOwnHost, Now: w.clock.now, UserAgent: testAgent,
		Timeout: time.Second, Resolver: fakeDNS(func(int) []string { return []string{"127.0.0.1"} })})
	return h
}

func (h *hostile) origin(name string) string { return "http://" + name + ":" + h.port }

// fault answers everything whose path begins with /first/.
func (h *hostile) fault(first string, f http.HandlerFunc) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.faults[first] = f
}

func (h *hostile) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.requests.Add(1)
	first, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	h.mu.Lock()
	fault := h.faults[first]
	h.mu.Unlock()
	if fault != nil {
		fault(w, r)
		return
	}
	h.actor(w, "http://"+r.Host+r.URL.Path, h.pem)
}

func (h *hostile) actor(w http.ResponseWriter, id, key string) {
	w.Header().Set("Content-Type", activityJSON)
	fmt.Fprintf(w, `{"@context":%q,"id":%q,"type":"Service","preferredUsername":"x","inbox":"%s/inbox","streams":["%s/list"],"publicKey":{"id":"%s#k","owner":%q,"publicKeyPem":%q}}`,
		activityStreams, id, id, id, id, id, key)
}

// send posts an activity of an actor and returns the status.
func (h *hostile) send(actor, kind string, n int, object string) int {
	body := fmt.Appendf(nil, `{"@context":%q,"id":"%s#%s/%d","type":%q,"actor":%q,"object":%q}`, activityStreams, actor, kind, n, kind, actor, object)
	return h.post(federationtest.Signature{KeyID: actor + "#k", Key: h.key, Algorithm: "hs2019"}, body)
}

func (h *hostile) post(s federationtest.Signature, body []byte) int {
	r := httptest.NewRequest(http.MethodPost, h.w.addr().SharedInbox(), bytes.NewReader(body))
	r.Header.Set("Content-Type", activityJSON)
	federationtest.Prepare(r, body, h.w.clock.now())
	s.Sign(h.t, r)
	rec := httptest.NewRecorder()
	h.handler.ServeHTTP(rec, r)
	return rec.Code
}

// usage is what the process uses after its garbage is collected.
type usage struct {
	heap       uint64
	goroutines int
}

func used() usage {
	runtime.GC()
	runtime.GC() // the second collects what the first gave finalizers
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return usage{m.HeapAlloc, runtime.NumGoroutine()}
}

// settled waits for goroutines that are on their way out, a few seconds at most.
func (h *hostile) settled(before usage) usage {
	h.w.client.plain.CloseIdleConnections()
	for range 100 {
		if runtime.NumGoroutine() <= before.goroutines+10 {
			break
		}
		<-time.After(50 * time.Millisecond)
	}
	return used()
}

// TestAHostilePeerCostsLittle plays each foul in small. SONGFERRY_TEST_HOSTILE=1 plays them in full and prints figures.
// It is not parallel: it measures the process.
func TestAHostilePeerCostsLittle(t *testing.T) {
	full := os.Getenv("SONGFERRY_TEST_HOSTILE") != ""
	size := func(small, large int) int {
		if full {
			return large
		}
		return small
	}
	h := newHostile(t)
	w := h.w
	road := w.addr().Actor(w.publish("Road trip", playlists.Public).PublicID)
	drain := func(once func(context.Context) (int, error)) {
		for {
			n, err := once(t.Context())
			w.ok(err)
			if n == 0 {
				return
			}
		}
	}
	before := used()
	for _, foul := range []struct {
		name string
		play func(t *testing.T)
	}{
		{"100,000 Follows from one domain in a minute", func(t *testing.T) {
			statuses := map[int]int{}
			for n := range size(200, 100_000) {
				statuses[h.send(fmt.Sprintf("%s/follower/%d", h.origin("crowd.example"), n), "Follow", 1, road)]++
				if n%500 == 499 {
					drain(w.InboxOnce)
				}
			}
			drain(w.InboxOnce)
			t.Logf("answered %v", statuses)
			if n := w.count(`SELECT COUNT(*) FROM followers`); n != statuses[202] || n > maxNewKeys {
				t.Errorf("%d followers", n)
			}
			if statuses[202]+statuses[503]+statuses[429] != size(200, 100_000) {
				t.Errorf("answered %v", statuses)
			}
		}},
		{"100,000 followers of one host, each with an inbox", func(t *testing.T) {
			all := size(maxOfHost+500, 100_000)
			w.exec(`INSERT INTO followers (actor, follower, host, state, follow_id, follow, inbox, at, domain)
				WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1)
				SELECT $2, 'http://crowd.example/f/' || i, 'crowd.example', 'accepted', 'f' || i, '{}', 'http://crowd.example:' || $3 || '/f/' || i || '/inbox', 1, 'crowd.example' FROM n`,
				all, strings.TrimPrefix(road, w.addr().Home()+"/ap/actors/"), h.port)
			pub, err := w.store.PublicationByHandle(t.Context(), "alice_road_trip")
			w.ok(err)
			start := time.Now()
			w.edit(pub, "New")
			waiting := w.count(`SELECT COUNT(*) FROM deliveries`)
			t.Logf("%d deliveries wait, after %v", waiting, time.Since(start).Round(time.Millisecond))
			if waiting > maxOfHost {
				t.Errorf("%d deliveries wait for one host", waiting)
			}
			// A Follow among so many is as quick as one among few.
			start = time.Now()
			for n := range size(20, 100) {
				h.send(fmt.Sprintf("%s/late/%d", h.origin("calm.example"), n), "Follow", 1, road)
			}
			drain(w.InboxOnce)
			t.Logf("more Follows take %v", time.Since(start).Round(time.Millisecond))
			w.exec(`DELETE FROM deliveries`)
		}},
		{"wildcard subdomains", func(t *testing.T) {
			rows, asked := w.count(`SELECT COUNT(*) FROM remote_actors`), h.requests.Load()
			statuses := map[int]int{}
			for n := range size(200, 20_000) {
				statuses[h.send(h.origin(fmt.Sprintf("a%d.evil.example", n))+"/u/1", "Follow", 1, road)]++
			}
			drain(w.InboxOnce)
			t.Logf("answered %v, fetched %d", statuses, h.requests.Load()-asked)
			if n := w.count(`SELECT COUNT(*) FROM remote_actors`) - rows; n != maxNewHosts || h.requests.Load()-asked != maxNewHosts {
				t.Errorf("%d actors kept, %d fetched", n, h.requests.Load()-asked)
			}
		}},
		{"key rotation storm", func(t *testing.T) {
			actor := h.origin("rotate.example") + "/rotate/1"
			h.fault("rotate", func(rw http.ResponseWriter, r *http.Request) {
				public, _, err := ed25519.GenerateKey(nil)
				w.ok(err)
				der, err := x509.MarshalPKIXPublicKey(public)
				w.ok(err)
				h.actor(rw, "http://"+r.Host+r.URL.Path, string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})))
			})
			asked := h.requests.Load()
			for n := range size(200, 10_000) {
				if status := h.send(actor, "Follow", n, road); status == 202 {
					t.Fatal("a signature by another key is believed")
				}
			}
			t.Logf("fetched %d times", h.requests.Load()-asked)
			if n := h.requests.Load() - asked; n > 2 {
				t.Errorf("asked %d times", n)
			}
		}},
		{"unknown keys", func(t *testing.T) {
			h.fault("unknown", func(rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(http.StatusNotFound) })
			asked := h.requests.Load()
			for n := range size(300, 20_000) {
				h.send(fmt.Sprintf("%s/unknown/%d", h.origin("nokeys.example"), n), "Follow", 1, road)
			}
			t.Logf("fetched %d times, %d rows", h.requests.Load()-asked, w.count(`SELECT COUNT(*) FROM missing_keys`))
			if n := h.requests.Load() - asked; n > maxMissingOfDomain {
				t.Errorf("asked %d times", n)
			}
			// Of ever new domains.
			domains := size(100, 5_000)
			for n := range domains {
				h.send(h.origin(fmt.Sprintf("new%d.example", n))+"/unknown/1", "Follow", 1, road)
			}
			t.Logf("%d rows after %d domains, %d domains in memory", w.count(`SELECT COUNT(*) FROM missing_keys`), domains, len(w.quotas.domains))
			w.clock.forward(keyMissing + time.Second)
			w.ok(w.Tidy(t.Context()))
			if n := w.count(`SELECT COUNT(*) FROM missing_keys`); n != 0 || len(w.quotas.domains) > maxCounted {
				t.Errorf("%d rows stay", n)
			}
		}},
		{"keys that are slow", func(t *testing.T) {
			var now, most atomic.Int32
			h.fault("slow", func(rw http.ResponseWriter, r *http.Request) {
				for n := now.Add(1); ; {
					if old := most.Load(); n <= old || most.CompareAndSwap(old, n) {
						break
					}
				}
				defer now.Add(-1)
				rw.Header().Set("Content-Type", activityJSON)
				for r.Context().Err() == nil {
					send(rw, []byte(" "))
					rw.(http.Flusher).Flush()
					select {
					case <-r.Context().Done():
					case <-time.After(100 * time.Millisecond):
					}
				}
			})
			var requests sync.WaitGroup
			var refused atomic.Int32
			many := size(50, 2_000)
			body := fmt.Appendf(nil, `{"id":"%s","type":"Follow","actor":"%s","x":%q}`, "%s", "%s", strings.Repeat("x", 500_000))
			start := time.Now()
			for n := range many {
				requests.Go(func() {
					actor := fmt.Sprintf("%s/slow/%d", h.origin("slow.example"), n)
					if h.post(federationtest.Signature{KeyID: actor + "#k", Key: h.key}, fmt.Appendf(nil, string(body), actor+"#1", actor)) == 503 {
						refused.Add(1)
					}
				})
			}
			requests.Wait()
			t.Logf("%d of %d refused, %d at once, %v", refused.Load(), many, most.Load(), time.Since(start).Round(time.Millisecond))
			// This server may hear that a fetch was given up a moment after the next one has begun.
			if most.Load() > 2*maxFetchingOfDomain || int(refused.Load()) != many {
				t.Errorf("%d fetches at the same time, %d of %d refused", most.Load(), refused.Load(), many)
			}
			w.clock.forward(keyMissing)
		}},
		{"bodies that are slow", func(t *testing.T) {
			server := httptest.NewUnstartedServer(h.handler)
			server.Config.ReadTimeout, server.Config.ReadHeaderTimeout = 2*time.Second, time.Second // the daemon's are 30 and 10 s
			server.Start()
			defer server.Close()
			var open sync.WaitGroup
			many := size(50, 1_000)
			for range many {
				open.Go(func() {
					c, err := net.Dial("tcp", server.Listener.Addr().String())
					if err != nil {
						t.Error(err)
						return
					}
					defer c.Close()
					fmt.Fprintf(c, "POST /ap/inbox HTTP/1.1\r\nHost: x\r\nContent-Type: %s\r\nContent-Length: 1000000\r\n\r\n{", activityJSON)
					_, _ = io.Copy(io.Discard, c) // until the bridge hangs up
				})
			}
			start := time.Now()
			open.Wait()
			t.Logf("%d connections are gone after %v", many, time.Since(start).Round(time.Millisecond))
		}},
		{"endless pages and a flood of Updates", func(t *testing.T) {
			actor := h.origin("pages.example") + "/pages/1"
			var page atomic.Int32
			endless := atomic.Bool{}
			h.fault("pages", func(rw http.ResponseWriter, r *http.Request) {
				id := "http://" + r.Host + r.URL.RequestURI()
				switch {
				case !strings.HasSuffix(r.URL.Path, "/list"):
					h.actor(rw, id, h.pem)
				case r.URL.RawQuery == "" && !endless.Load():
					rw.Header().Set("Content-Type", activityJSON)
					fmt.Fprintf(rw, `{"id":%q,"type":"OrderedCollection","attributedTo":%q,"orderedItems":[{"type":"Audio","name":"One"}]}`, id, actor)
				case r.URL.RawQuery == "":
					rw.Header().Set("Content-Type", activityJSON)
					fmt.Fprintf(rw, `{"id":%q,"type":"OrderedCollection","attributedTo":%q,"totalItems":1000000,"first":"%s?page=1"}`, id, actor, id)
				default:
					rw.Header().Set("Content-Type", activityJSON)
					fmt.Fprintf(rw, `{"id":%q,"type":"OrderedCollectionPage","next":"http://%s%s?page=%d","orderedItems":[{"type":"Audio","name":%q}]}`,
						id, r.Host, r.URL.Path, page.Add(1)+1, strings.Repeat("x", 10_000))
				}
			})
			want := w.wants(w.alice, actor)
			endless.Store(true)
			statuses := map[int]int{}
			asked := h.requests.Load()
			for n := range size(100, 5_000) {
				statuses[h.send(actor, "Update", n, actor+"/list")]++
				if n%1000 == 999 {
					drain(w.InboxOnce)
				}
			}
			drain(w.InboxOnce)
			w.clock.forward(time.Minute)
			drain(w.RefreshOnce)
			t.Logf("answered %v, %d pages read, says %q", statuses, page.Load(), w.sourceError(want.Playlist))
			if page.Load() > maxPages+1 || w.sourceError(want.Playlist) == "" || len(w.has(want.Playlist)) != 1 || h.requests.Load()-asked > maxPages+10 {
				t.Errorf("%d pages, %d requests", page.Load(), h.requests.Load()-asked)
			}
		}},
	} {
		t.Run(foul.name, func(t *testing.T) {
			start := time.Now()
			foul.play(t)
			after := h.settled(before)
			grown := int64(after.heap) - int64(before.heap)
			t.Logf("%v; heap %+d kB, goroutines %+d", time.Since(start).Round(time.Millisecond), grown>>10, after.goroutines-before.goroutines)
			if grown > 24<<20 || after.goroutines > before.goroutines+20 {
				t.Errorf("the heap grew by %d kB, %d goroutines more", grown>>10, after.goroutines-before.goroutines)
			}
		})
	}

	// Two weeks later, nothing of it is left but those who do follow.
	drain(w.AnnounceOnce)
	w.exec(`DELETE FROM deliveries`)
	w.clock.forward(longestWait)
	drain(w.DeliverOnce)
	w.clock.forward(KeepInbox + KeepActivities)
	w.ok(w.Tidy(t.Context()))
	for table, most := range map[string]int{"inbox": 0, "missing_keys": 0, "deliveries": 0, "activities": 0, "delivery_hosts": 0, "remote_actors": maxNewKeys + 1000} {
		n := w.count(`SELECT COUNT(*) FROM ` + table)
		t.Logf("%s: %d rows", table, n)
		if n > most {
			t.Errorf("%s has %d rows", table, n)
		}
	}
}
