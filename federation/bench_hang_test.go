package federation

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/songferry/songferry/playlists"
)

// BenchmarkDeliverBesideHanging delivers to 1,250 hosts with as many loops as the daemon has. 1,000 answer after a tenth
// of a second; so do the others, and then the same again with others that take the connection and never answer. Nobody
// knows any of them yet (met), the others have just begun to hang (sudden), or they hung before (known).
func BenchmarkDeliverBesideHanging(b *testing.B) {
	for _, c := range []struct {
		name            string
		living, hanging manner
	}{{"met", newcomer, newcomer}, {"sudden", prompt, prompt}, {"known", prompt, late}} {
		b.Run(c.name, func(b *testing.B) {
			w := newWorld(b)
			w.log = slog.New(slog.DiscardHandler)
			peers := startPeers(b)
			dial := w.client.plain.DialContext
			w.client.plain.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) { return dial(ctx, network, peers) }
			const living = 1000
			round := 0
			deliver := func(others string, m manner) time.Duration {
				round++
				w.queueToHosts(b, round, hostNames("slow", living), c.living)
				w.queueToHosts(b, -round, hostNames(others+"-other", living/4), m)
				w.exec(`UPDATE delivery_hosts SET due = 1 + ABS(RANDOM()) % 1000`) // in no order
				return w.deliverToLiving(b)
			}
			var answer, hang time.Duration
			for b.Loop() {
				answer += deliver("slow", c.living)
				hang += deliver("hang", c.hanging)
			}
			b.ReportMetric(float64(living*b.N)/answer.Seconds(), "living/s-while-all-answer")
			b.ReportMetric(float64(living*b.N)/hang.Seconds(), "living/s-while-a-fifth-hangs")
			b.ReportMetric(100*answer.Seconds()/hang.Seconds(), "%-kept")
		})
	}
}

func hostNames(kind string, n int) (hosts []string) {
	for i := range n {
		hosts = append(hosts, fmt.Sprintf("%s%d.example", kind, i))
	}
	return hosts
}

// deliverToLiving runs all loops until only deliveries to the others are left.
func (w *world) deliverToLiving(b *testing.B) time.Duration {
	ctx, stop := context.WithCancel(b.Context())
	var loops sync.WaitGroup
	for once, n := range map[*func(context.Context) (int, error)]int{
		new(w.Federation.DeliverOnce): 256, new(w.GreetOnce): 256, new(w.RetryOnce): 64,
	} {
		for range n {
			loops.Go(func() {
				for ctx.Err() == nil {
					if n, err := (*once)(ctx); err != nil && ctx.Err() == nil {
						b.Error(err)
					} else if n == 0 {
						select {
						case <-ctx.Done():
						case <-time.After(100 * time.Millisecond):
						}
					}
				}
			})
		}
	}
	begun := time.Now()
	for w.count(`SELECT COUNT(*) FROM deliveries WHERE attempts = 0 AND host NOT LIKE '%other%'`) > 0 {
		time.Sleep(10 * time.Millisecond)
	}
	took := time.Since(begun)
	stop()
	loops.Wait()
	w.exec(`DELETE FROM deliveries`)
	w.exec(`DELETE FROM delivery_hosts`)
	return took
}

// answerAs is how the other servers of the benchmarks answer: the names of some tell it.
func answerAs(rw http.ResponseWriter, r *http.Request) {
	switch {
	case strings.HasPrefix(r.Host, "hang"):
		<-r.Context().Done()
	case strings.HasPrefix(r.Host, "slow"):
		time.Sleep(100 * time.Millisecond)
	}
	rw.WriteHeader(http.StatusAccepted)
}

// queueToHosts queues one activity to an inbox of each host.
func (w *world) queueToHosts(b *testing.B, round int, hosts []string, m manner) {
	b.Helper()
	w.ok(playlists.InTx(context.Background(), w.db, func(tx *sql.Tx) error {
		id := activityID("bench", fmt.Sprint(round))
		_, err := tx.Exec(`INSERT INTO activities (id, actor, body, created) VALUES ($1, $2, $3, 1)`, id, w.alice.PublicID, string(benchBody))
		now := w.clock.now().UnixMilli()
		for _, host := range hosts {
			if err == nil {
				_, err = tx.Exec(`INSERT INTO deliveries (activity, inbox, host, due, attempts, error, created) VALUES ($1, $2, $3, 1, 0, '', $4)`,
					id, "http://"+host+"/inbox", host, now)
			}
			if err == nil {
				_, err = tx.Exec(`INSERT INTO delivery_hosts (host, manner, due, lease, attempts, error) VALUES ($1, $2, $3, 0, 0, '')
					ON CONFLICT (host) DO UPDATE SET due = excluded.due`, host, m, now)
			}
		}
		return err
	}))
	w.clock.forward(time.Millisecond)
}
