package federation

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"database/sql"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
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

func BenchmarkTake(b *testing.B) {
	w := newWorld(b)
	w.log = slog.New(slog.DiscardHandler)
	other := w.instance()
	bob := other.AddActor("bob", nil)
	object := w.addr.Actor(w.publish("Road trip", playlists.Public).PublicID)
	b.Run("inbox", func(b *testing.B) {
		signed := make([]*http.Request, 0, 1024)
		bodies := make([][]byte, 0, 1024)
		n := 0
		for b.Loop() {
			if n == len(signed) { // signing costs far more than what is measured
				b.StopTimer()
				for range 500 {
					body := text(b, activity(bob, "Follow", len(signed), object))
					r := httptest.NewRequest(http.MethodPost, w.addr.SharedInbox(), nil)
					r.Header.Set("Content-Type", activityJSON)
					federationtest.Prepare(r, body, w.clock.now())
					bob.Signature().Sign(b, r)
					signed, bodies = append(signed, r), append(bodies, body)
				}
				w.exec(`UPDATE inbox SET due = 0`)
				b.StartTimer()
			}
			r := signed[n]
			r.Body = readCloser{bytes.NewReader(bodies[n])}
			if status, err := w.take(r); status != 202 || err != nil {
				b.Fatal(status, err)
			}
			n++
		}
	})
	b.Run("bareRSA", func(b *testing.B) {
		key, err := w.Key(b.Context(), bob.KeyID, false)
		w.ok(err)
		body := text(b, activity(bob, "Follow", 1, object))
		sum := sha256.Sum256(body)
		signature, err := bob.Signature().Key.Sign(nil, sum[:], crypto.SHA256)
		w.ok(err)
		for b.Loop() {
			sum := sha256.Sum256(body)
			if err := rsa.VerifyPKCS1v15(key.Public.(*rsa.PublicKey), crypto.SHA256, sum[:], signature); err != nil {
				b.Fatal(err)
			}
		}
	})
}

type readCloser struct{ *bytes.Reader }

func (readCloser) Close() error { return nil }

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
