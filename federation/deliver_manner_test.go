package federation

import (
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/songferry/songferry/federation/federationtest"
	"github.com/songferry/songferry/playlists"
)

// manner returns how a host took what it got last.
func (w *world) manner(i *federationtest.Instance) manner {
	w.t.Helper()
	return manner(w.text(`SELECT manner FROM delivery_hosts WHERE host = $1`, i.Host()))
}

// TestThoseWhoAnswerDoNotWaitForThoseWhoDoNot: whatever waits for others, the loops of hosts that answer never take it up,
// and so cannot be held up by it.
func TestThoseWhoAnswerDoNotWaitForThoseWhoDoNot(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	alive, dead, stranger := w.instance(), w.instance(), w.instance()
	pub := w.followed(alive, dead)
	dead.Fail("", federationtest.Status(503))
	w.edit(pub, "One")
	w.step(w.DeliverOnce)
	w.follow(stranger, stranger.AddActor("eve", nil), 1, w.addr().Actor(pub.PublicID))
	w.step(w.InboxOnce)
	w.edit(pub, "Two")
	w.clock.forward(time.Hour)
	if a, d, s := w.manner(alive), w.manner(dead), w.manner(stranger); a != prompt || d != late || s != newcomer {
		t.Fatalf("alive is %s, dead %s, the stranger %s", a, d, s)
	}
	for _, c := range []struct {
		once func(context.Context) (int, error)
		who  *federationtest.Instance
	}{{w.Federation.DeliverOnce, alive}, {w.GreetOnce, stranger}, {w.RetryOnce, dead}} {
		before := map[*federationtest.Instance]int{alive: posts(alive), dead: posts(dead), stranger: posts(stranger)}
		for range 5 {
			_, err := c.once(t.Context())
			w.ok(err)
		}
		for i, n := range before {
			if tried := posts(i) > n; tried != (i == c.who) {
				t.Errorf("%s was tried: %v", w.manner(i), tried)
			}
		}
	}
}

func TestAHostIsJudgedByWhatItDidLast(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	pub := w.followed(other)
	takes := func(d time.Duration) http.HandlerFunc {
		return func(rw http.ResponseWriter, _ *http.Request) {
			w.clock.forward(d)
			rw.WriteHeader(http.StatusAccepted)
		}
	}
	for n, c := range []struct {
		answer http.HandlerFunc
		want   manner
	}{
		{takes(firstPatience + time.Second), late},
		{takes(time.Second), prompt},
		{federationtest.Status(404), prompt}, // about one inbox
		{federationtest.Status(503), late},
		{federationtest.Status(404), prompt},
		{federationtest.Status(429), late},
		{takes(0), prompt},
		{federationtest.Status(410), prompt},
	} {
		other.Fail("/users/fan/inbox", c.answer)
		w.edit(pub, string(rune('a'+n)))
		w.clock.forward(time.Hour)
		w.step(w.DeliverOnce)
		if got := w.manner(other); got != c.want {
			t.Errorf("%d: it is %s, want %s", n, got, c.want)
		}
	}
}

func TestAHostThatHangsGetsMorePatienceLater(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	pub := w.followed(other)
	patience := func(m manner) time.Duration {
		t.Helper()
		turn, err := w.nextTurn(t.Context(), m)
		w.ok(err)
		if turn == nil {
			t.Fatalf("no %s host has a turn", m)
		}
		w.ok(w.endTurn(t.Context(), turn))
		return turn.patience
	}
	w.edit(pub, "New")
	if p := patience(prompt); p != firstPatience {
		t.Errorf("first %v", p)
	}
	w.client.config.Timeout = 100 * time.Millisecond
	other.Fail("/users/fan/inbox", other.Hang())
	w.step(w.DeliverOnce)
	w.clock.forward(time.Minute)
	if p := patience(late); p != latePatience {
		t.Errorf("later %v", p)
	}
}

func TestAStopIsNobodysFailure(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	pub := w.followed(other)
	w.edit(pub, "New")
	ctx, stop := context.WithCancel(t.Context())
	hang := other.Hang()
	other.Fail("/users/fan/inbox", func(rw http.ResponseWriter, r *http.Request) {
		stop()
		hang(rw, r)
	})
	_, err := w.Federation.DeliverOnce(ctx)
	w.ok(err)
	if n := w.count(`SELECT COUNT(*) FROM deliveries WHERE attempts > 0`) + w.count(`SELECT COUNT(*) FROM delivery_hosts WHERE attempts > 0 OR lease > 0`); n != 0 {
		t.Error("it counts as failed, or the host is still leased")
	}
	other.Heal("/users/fan/inbox")
	before := len(sent(t, other, "Update"))
	w.step(w.DeliverOnce)
	if n := len(sent(t, other, "Update")) - before; n != 1 {
		t.Errorf("%d Updates", n)
	}
}

func TestAHostIsForgottenWhenNothingWaitedForLong(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	quiet, busy := w.instance(), w.instance()
	w.followed(quiet, busy)
	w.exec(`UPDATE delivery_hosts SET due = 1 WHERE host = $1`, busy.Host())
	w.ok(w.Tidy(t.Context()))
	if n := w.count(`SELECT COUNT(*) FROM delivery_hosts`); n != 2 {
		t.Errorf("%d hosts", n)
	}
	w.clock.forward(keepHosts + time.Hour)
	w.ok(w.Tidy(t.Context()))
	if got := w.text(`SELECT host FROM delivery_hosts`); got != busy.Host() {
		t.Errorf("%s is left", got)
	}
}

func TestOfTooManyHostsTheLatestAreKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.exec(`INSERT INTO delivery_hosts (host, manner, due, lease, attempts, error, ended)
		WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1) SELECT i || '.example', 'prompt', 0, 0, 0, '', CAST($2 AS BIGINT) + i FROM n`,
		maxHosts+5, playlists.Millis(w.clock.now()))
	w.ok(w.Tidy(t.Context()))
	if n, oldest := w.count(`SELECT COUNT(*) FROM delivery_hosts`), w.text(`SELECT host FROM delivery_hosts ORDER BY ended LIMIT 1`); n != maxHosts || oldest != "6.example" {
		t.Errorf("%d hosts, from %s", n, oldest)
	}
}

// TestNothingIsSignedForAHostThatIsStillAway: a signature costs more than a connection.
func TestNothingIsSignedForAHostThatIsStillAway(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	pub := w.followed(other)
	other.Leave()
	w.edit(pub, "New")
	w.step(w.DeliverOnce)
	w.clock.forward(time.Minute)
	w.signing = signing{} // whoever wants to sign waits for ever
	w.step(w.RetryOnce)
	if n := w.count(`SELECT COUNT(*) FROM deliveries WHERE attempts = 2`); n != 1 {
		t.Errorf("%d deliveries were tried twice", n)
	}
	if said := w.text(`SELECT error FROM deliveries`); !strings.Contains(said, other.Host()) {
		t.Errorf("it says %q", said)
	}
}

func TestReachSaysNothing(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	heard := make(chan []byte)
	go func() {
		conn, err := l.Accept()
		if err != nil {
			t.Error(err)
		}
		said, err := io.ReadAll(conn)
		if err != nil {
			t.Error(err)
		}
		heard <- said
	}()
	c := NewClient(loopback())
	if err := c.Reach(t.Context(), "http://"+l.Addr().String()+"/inbox"); err != nil {
		t.Error(err)
	}
	if said := <-heard; len(said) > 0 {
		t.Errorf("it said %q", said)
	}
	l.Close()
	problem(t, "nobody listens", c.Reach(t.Context(), "http://"+l.Addr().String()+"/inbox"), playlists.Unavailable)
	problem(t, "a network that is not public", NewClient(ClientConfig{}).Reach(t.Context(), "https://127.0.0.1/inbox"), playlists.Invalid)
}
