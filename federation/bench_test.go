package federation

import (
	"bufio"
	"bytes"
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/songferry/songferry/federation/federationtest"
	"github.com/songferry/songferry/playlists"
)

// Each benchmark of a flow has the bare operation beside it that nothing can be faster than: compare within one run.

func BenchmarkPage(b *testing.B) {
	w := newWorld(b)
	var titles []string
	for n := range 1000 {
		titles = append(titles, fmt.Sprintf("Song number %d of a long list", n))
	}
	pub := w.republish(w.record("", "Long list", titles...), playlists.Public)
	h := handlerOf(w.Federation)
	get := func(tag string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodGet, "/ap/playlists/"+pub.PublicID+"?page=5", nil)
		r.Header.Set("If-None-Match", tag)
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, r)
		return rec
	}
	tag := get("").Header().Get("ETag")
	for name, c := range map[string]struct {
		tag    string
		status int
	}{"built": {"", 200}, "304": {tag, 304}} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if rec := get(c.tag); rec.Code != c.status {
					b.Fatal(rec.Code)
				}
			}
		})
	}
}

// BenchmarkIntake takes activities as a busy bridge does, many requests at a time, and acts on them. What the HTTP server
// costs comes on top.
func BenchmarkIntake(b *testing.B) {
	w := newWorld(b)
	w.log = slog.New(slog.DiscardHandler)
	other := w.instance()
	bob := other.AddActor("bob", nil)
	list := w.list(other, "mix", "One")
	w.wants(w.alice, list.actor.ID)
	verify := bareVerification(b)
	for _, c := range []struct {
		name   string
		actor  *federationtest.Actor
		object string
	}{{"Update", list.actor, list.id}, {"Follow", bob, w.addr().Actor(w.publish("Road trip", playlists.Public).PublicID)}} {
		round := make([]signedBody, 200)
		for n := range round {
			round[n] = w.signedBody(b, c.actor, activity(c.actor, c.name, n, c.object))
		}
		w.takeAll(b, round[:1]) // fetches the key
		for _, act := range []bool{false, true} {
			b.Run(fmt.Sprintf("%s/acted=%v", c.name, act), func(b *testing.B) {
				bare := cpuTimeOf(b, 2000, verify)
				var spent time.Duration
				for b.Loop() {
					b.StopTimer()
					w.quotas = quotas{} // else an hour's is soon spent
					for _, table := range []string{"inbox", "followers", "activities", "deliveries", "quotas"} {
						w.exec(`DELETE FROM ` + table)
					}
					b.StartTimer()
					begun := cpuTime(b)
					w.takeAll(b, round)
					for n := 1; act && n > 0; {
						var err error
						n, err = w.InboxOnce(b.Context())
						w.ok(err)
					}
					spent += cpuTime(b) - begun
				}
				reportBeside(b, bare, spent/time.Duration(b.N*len(round)), "activities")
			})
		}
	}
}

// bareVerification returns the verification of a signature and a digest, and nothing else.
func bareVerification(b *testing.B) func() {
	key, sum := testKey(), sha256.Sum256(benchBody)
	signature, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, sum[:])
	if err != nil {
		b.Fatal(err)
	}
	return func() {
		sum := sha256.Sum256(benchBody)
		if err := rsa.VerifyPKCS1v15(&key.PublicKey, crypto.SHA256, sum[:], signature); err != nil {
			b.Fatal(err)
		}
	}
}

// reportBeside reports what one of several things cost this process, and the bare signature operation that it holds.
func reportBeside(b *testing.B, bare, each time.Duration, things string) {
	b.ReportMetric(float64(each.Nanoseconds())/1000, "cpu-µs/each")
	b.ReportMetric(float64(bare.Nanoseconds())/1000, "bare-µs/each")
	b.ReportMetric(float64(time.Second/each), things+"/cpu-s")
	b.ReportMetric(100*float64(bare)/float64(each), "%-of-bare")
}

// cpuTimeOf returns what one of n calls of do costs.
func cpuTimeOf(b *testing.B, n int, do func()) time.Duration {
	begun := cpuTime(b)
	for range n {
		do()
	}
	return (cpuTime(b) - begun) / time.Duration(n)
}

// cpuTime is what this process has used so far: unlike the clock it does not count what else the machine does.
func cpuTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// signedBody is a request that brings an activity to our shared inbox, once or often.
type signedBody struct {
	*http.Request
	body []byte
}

func (w *world) signedBody(b *testing.B, a *federationtest.Actor, activity any) signedBody {
	body := text(b, activity)
	r := httptest.NewRequest(http.MethodPost, w.addr().SharedInbox(), nil)
	r.Header.Set("Content-Type", activityJSON)
	federationtest.Prepare(r, body, w.clock.now())
	a.Signature().Sign(b, r)
	return signedBody{r, body}
}

// takeAll lets 32 handlers take the requests.
func (w *world) takeAll(b *testing.B, round []signedBody) {
	var handlers sync.WaitGroup
	var next atomic.Int64
	for range 32 {
		handlers.Go(func() {
			for {
				n := int(next.Add(1)) - 1
				if n >= len(round) {
					return
				}
				r := round[n].WithContext(b.Context())
				r.Body = io.NopCloser(bytes.NewReader(round[n].body))
				if status, err := w.take(r); status != 202 || err != nil {
					b.Error(status, err)
				}
			}
		})
	}
	handlers.Wait()
}

// BenchmarkDeliver sends one activity to as many hosts as there are inboxes: a connection each. They are another process,
// and their names are not looked up.
func BenchmarkDeliver(b *testing.B) {
	w := newWorld(b)
	w.log = slog.New(slog.DiscardHandler)
	peers := startPeers(b)
	dial := w.client.plain.DialContext
	w.client.plain.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) { return dial(ctx, network, peers) }
	key, err := w.signingKey(b.Context(), w.alice.PublicID)
	w.ok(err)
	const hosts = 1000
	sign := func() {
		sum := sha256.Sum256(benchBody)
		if _, err := rsa.SignPKCS1v15(nil, key.Private, crypto.SHA256, sum[:]); err != nil {
			b.Fatal(err)
		}
	}
	var bare, spent time.Duration
	for round := 1; b.Loop(); round++ {
		b.StopTimer()
		w.queueToHosts(b, round, hostNames("host", hosts), prompt)
		bare += cpuTimeOf(b, 200, sign)
		b.StartTimer()
		begun := cpuTime(b)
		w.deliverAll(b, hosts)
		spent += cpuTime(b) - begun
	}
	reportBeside(b, bare/time.Duration(b.N), spent/time.Duration(b.N*hosts), "deliveries")
}

// deliverAll lets as many loops as the daemon has for hosts that answer deliver everything.
func (w *world) deliverAll(b *testing.B, deliveries int) {
	var loops sync.WaitGroup
	var left atomic.Int64
	left.Store(int64(deliveries))
	for range 64 {
		loops.Go(func() {
			for left.Load() > 0 {
				n, err := w.Federation.DeliverOnce(b.Context())
				if left.Add(-int64(n)); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	loops.Wait()
}

// benchPeers is set in the environment of this test binary when it is started to be the other servers.
const benchPeers = "SONGFERRY_BENCH_PEERS"

// startPeers starts a process that takes every delivery, and returns its address.
func startPeers(b *testing.B) string {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), benchPeers+"=1")
	in, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		in.Close()
		_ = cmd.Wait() // it has been told to end
	})
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		b.Fatal(err)
	}
	return strings.TrimSpace(address)
}

func TestMain(m *testing.M) {
	if os.Getenv(benchPeers) == "" {
		os.Exit(m.Run())
	}
	peers := httptest.NewServer(http.HandlerFunc(answerAs))
	fmt.Println(peers.Listener.Addr())
	_, _ = io.Copy(io.Discard, os.Stdin) // until the benchmark ends, however it does
}
