package federation

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"database/sql"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
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

// BenchmarkIntake takes activities as a busy bridge does, many requests at a time, and acts on them.
func BenchmarkIntake(b *testing.B) {
	w := newWorld(b)
	w.log = slog.New(slog.DiscardHandler)
	other := w.instance()
	bob := other.AddActor("bob", nil)
	list := w.list(other, "mix", "One")
	w.wants(w.alice, list.actor.ID)
	for _, c := range []struct {
		name   string
		actor  *federationtest.Actor
		object string
	}{{"Update", list.actor, list.id}, {"Follow", bob, w.addr.Actor(w.publish("Road trip", playlists.Public).PublicID)}} {
		round := make([]signedBody, 200)
		for n := range round {
			round[n] = w.signedBody(b, c.actor, activity(c.actor, c.name, n, c.object))
		}
		for _, act := range []bool{false, true} {
			b.Run(fmt.Sprintf("%s/acted=%v", c.name, act), func(b *testing.B) {
				var spent time.Duration
				for b.Loop() {
					b.StopTimer()
					for _, table := range []string{"inbox", "followers", "activities", "deliveries"} {
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
				b.ReportMetric(float64(spent.Microseconds())/float64(b.N*len(round)), "cpu-µs/activity")
			})
		}
	}
	b.Run("bareRSA", func(b *testing.B) {
		key, err := w.Key(b.Context(), bob.KeyID, false)
		w.ok(err)
		body := text(b, activity(bob, "Follow", 1, bob.ID))
		sum := sha256.Sum256(body)
		signature, err := bob.Signature().Key.Sign(nil, sum[:], crypto.SHA256)
		w.ok(err)
		const round = 2000
		begun := cpuTime(b)
		for b.Loop() {
			for range round {
				sum := sha256.Sum256(body)
				if err := rsa.VerifyPKCS1v15(key.Public.(*rsa.PublicKey), crypto.SHA256, sum[:], signature); err != nil {
					b.Fatal(err)
				}
			}
		}
		b.ReportMetric(float64((cpuTime(b)-begun).Microseconds())/float64(b.N*round), "cpu-µs/activity")
	})
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
	r := httptest.NewRequest(http.MethodPost, w.addr.SharedInbox(), nil)
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

// BenchmarkDeliver sends one activity to many inboxes of as many host names, all on this machine.
func BenchmarkDeliver(b *testing.B) {
	w := newWorld(b)
	w.log = slog.New(slog.DiscardHandler)
	sink := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { rw.WriteHeader(202) }))
	b.Cleanup(sink.Close)
	w.client.plain.MaxIdleConnsPerHost = 1
	b.Run("fanout", func(b *testing.B) {
		left, round := 0, 0
		for b.Loop() {
			if left == 0 {
				b.StopTimer()
				round++
				left = 200
				w.queueTo(b, sink.URL, left, round)
				b.StartTimer()
			}
			n, err := w.DeliverOnce(context.Background())
			if err != nil || n == 0 {
				b.Fatal(n, err)
			}
			left -= n
		}
	})
	b.Run("bareSigning", func(b *testing.B) {
		key, err := w.signingKey(b.Context(), w.alice.PublicID)
		w.ok(err)
		for b.Loop() {
			sum := sha256.Sum256(benchBody)
			if _, err := rsa.SignPKCS1v15(nil, key.Private, crypto.SHA256, sum[:]); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("keyOnly", func(b *testing.B) {
		for b.Loop() {
			if _, err := w.signingKey(b.Context(), w.alice.PublicID); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// queueTo queues one activity to inboxes on hosts of their own: a row of delivery_hosts each, one address behind all.
func (w *world) queueTo(b *testing.B, url string, hosts, round int) {
	b.Helper()
	w.ok(playlists.InTx(context.Background(), w.db, func(tx *sql.Tx) error {
		id := activityID("bench", fmt.Sprint(round))
		_, err := tx.Exec(`INSERT INTO activities (id, actor, body, created) VALUES ($1, $2, $3, 1)`, id, w.alice.PublicID, string(benchBody))
		for h := range hosts {
			host := fmt.Sprintf("host%d", h)
			if err == nil {
				_, err = tx.Exec(`INSERT INTO deliveries (activity, inbox, host, due, attempts, error, created) VALUES ($1, $2, $3, 1, 0, '', $4)`,
					id, fmt.Sprintf("%s/%s/inbox", url, host), host, w.clock.now().UnixMilli())
			}
			if err == nil {
				_, err = tx.Exec(`INSERT INTO delivery_hosts (host, due, lease, attempts, error) VALUES ($1, 1, 0, 0, '') ON CONFLICT (host) DO UPDATE SET due = 1`, host)
			}
		}
		return err
	}))
	w.clock.forward(time.Millisecond)
}
