package federation

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/songferry/songferry/federation/federationtest"
	"github.com/songferry/songferry/playlists"
)

// followed publishes a playlist that an actor of each instance follows, and forgets what they were told so far.
func (w *world) followed(instances ...*federationtest.Instance) playlists.Publication {
	w.t.Helper()
	pub := w.publish("Road trip", playlists.Public)
	for n, i := range instances {
		w.follow(i, i.AddActor("fan", nil), n, w.addr().Actor(pub.PublicID))
	}
	w.step(w.AnnounceOnce)
	w.clock.forward(time.Hour)
	w.steps()
	return pub
}

// edit makes a new version and announces it.
func (w *world) edit(pub playlists.Publication, titles ...string) {
	w.t.Helper()
	w.record(pub.Playlist, "Road trip", titles...)
	w.step(w.AnnounceOnce)
	w.clock.forward(w.quiet)
	w.step(w.AnnounceOnce)
}

func posts(i *federationtest.Instance) (n int) {
	for _, r := range i.Requests("") {
		if r.Method == http.MethodPost {
			n++
		}
	}
	return n
}

func TestG116ADeliveryIsRepeatedUntilItArrives(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	pub := w.followed(other)
	before := len(sent(t, other, "Update"))
	w.edit(pub, "New")
	for n, fault := range []http.HandlerFunc{federationtest.Status(500), federationtest.Status(404), federationtest.Redirect("/elsewhere", 301), other.Hang()} {
		if n == 3 {
			w.client.config.Timeout = 100 * time.Millisecond
		}
		other.Fail("/users/fan/inbox", fault)
		tried := posts(other)
		w.step(w.DeliverOnce)
		if got := posts(other) - tried; got != 1 {
			t.Errorf("fault %d: tried %d times in one turn", n, got)
		}
		if w.text(`SELECT error FROM deliveries`) == "" {
			t.Errorf("fault %d: no sentence is kept", n)
		}
		w.step(w.DeliverOnce)
		if got := posts(other) - tried; got != 1 {
			t.Errorf("fault %d: not waited for", n)
		}
		w.clock.forward(30 * time.Minute)
	}
	if n := len(other.Requests("/elsewhere")); n != 0 {
		t.Error("a redirect was followed")
	}

	w.client.config.Timeout = maxFetchTime
	other.Heal("/users/fan/inbox")
	w.step(w.DeliverOnce) // the instance refuses a Date that is older than half a minute
	if got := len(sent(t, other, "Update")) - before; got != 1 {
		t.Errorf("%d Updates arrived", got)
	}
	if n := w.count(`SELECT (SELECT COUNT(*) FROM deliveries) + (SELECT COUNT(*) FROM delivery_hosts WHERE due > 0)`); n != 0 {
		t.Errorf("%d things are left", n)
	}
}

func TestAnInboxThatIsGoneLosesItsFollowers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	gone, stays := w.instance(), w.instance()
	pub := w.followed(gone, stays)
	gone.Fail("/users/fan/inbox", federationtest.Status(410))
	w.edit(pub, "New")
	w.step(w.DeliverOnce)
	if n := w.count(`SELECT COUNT(*) FROM followers`); n != 1 {
		t.Errorf("%d followers", n)
	}
	if n := w.count(`SELECT COUNT(*) FROM deliveries`); n != 0 {
		t.Errorf("%d deliveries", n)
	}
}

func TestAServerSaysHowLongToWait(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	busy := w.instance()
	pub := w.followed(busy)
	w.edit(pub, "New")
	for _, wait := range []func() string{
		func() string { return "7200" },
		func() string { return w.clock.now().Add(2 * time.Hour).UTC().Format(http.TimeFormat) },
	} {
		busy.Fail("/users/fan/inbox", func(rw http.ResponseWriter, r *http.Request) {
			rw.Header().Set("Retry-After", wait())
			rw.WriteHeader(429)
		})
		tried := posts(busy)
		w.step(w.DeliverOnce)
		w.clock.forward(119 * time.Minute)
		w.step(w.DeliverOnce)
		if n := posts(busy) - tried; n != 1 {
			t.Errorf("Retry-After %s: tried %d times", wait(), n)
		}
		w.clock.forward(3 * time.Minute)
	}
}

func TestG116ADeadHostHoldsUpNobodyAndIsGivenUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	dead, alive := w.instance(), w.instance()
	pub := w.followed(dead, alive)
	dead.Fail("", federationtest.Status(503))
	before := len(sent(t, alive, "Update"))
	tried := posts(dead)
	for n := range 40 { // a change a day
		w.edit(pub, "New", string(rune('a'+n%26)), string(rune('A'+n)))
		w.step(w.DeliverOnce)
		w.clock.forward(24 * time.Hour)
	}
	if n := len(sent(t, alive, "Update")) - before; n != 40 {
		t.Errorf("the other host got %d of 40", n)
	}
	if n := posts(dead) - tried; n > 60 {
		t.Errorf("the dead host was tried %d times", n)
	}
	if n := w.count(`SELECT COUNT(*) FROM deliveries`); n > 20 {
		t.Errorf("%d deliveries wait for the dead host", n)
	}

	// A host that speaks to us is not dead: it need not wait for its next turn, by now a day away.
	w.edit(pub, "Once more")
	w.step(w.DeliverOnce)
	if n := w.count(`SELECT attempts FROM delivery_hosts WHERE host = $1`, dead.Host()); n != 41 {
		t.Errorf("%d failures in a row", n)
	}
	w.clock.forward(time.Hour)
	dead.Heal("")
	eve := dead.AddActor("eve", nil)
	w.follow(dead, eve, 1, w.addr().Actor(pub.PublicID))
	w.step(w.DeliverOnce)
	if n := len(sent(t, dead, "Accept")); n != 2 {
		t.Errorf("%d Accepts", n)
	}
}

func TestG118ManyWorkersSendEachActivityOnceAndTalkToAHostOneAtATime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const hosts, messages = 5, 45 // more than a batch
	var instances []*federationtest.Instance
	var at [hosts]atomic.Int32
	var clash atomic.Bool
	received := make([]sync.Map, hosts)
	w.ok(playlists.InTx(t.Context(), w.db, queueMany(w, hosts, messages, func(h int) string {
		i := w.instance()
		instances = append(instances, i)
		i.Fail("/inbox", func(rw http.ResponseWriter, r *http.Request) {
			if at[h].Add(1) != 1 {
				clash.Store(true)
			}
			defer at[h].Add(-1)
			if _, twice := received[h].LoadOrStore(r.Header.Get("Digest"), true); twice {
				clash.Store(true)
			}
			rw.WriteHeader(202)
		})
		return i.URL + "/inbox"
	})))
	var workers sync.WaitGroup
	for range 8 {
		workers.Go(func() {
			for idle := 0; idle < 3; {
				n, err := w.DeliverOnce(context.Background())
				if err != nil {
					t.Error(err)
					return
				}
				if n == 0 {
					idle++
				}
			}
		})
	}
	workers.Wait()
	w.step(w.DeliverOnce)
	for h, i := range instances {
		if n := posts(i); n != messages {
			t.Errorf("host %d got %d of %d", h, n, messages)
		}
	}
	if clash.Load() {
		t.Error("an activity was sent twice, or two workers talked to one host")
	}
}

// queueMany queues messages of alice's to each of some inboxes.
func queueMany(w *world, hosts, messages int, inbox func(h int) string) func(tx *sql.Tx) error {
	return func(tx *sql.Tx) error {
		var inboxes []string
		for h := range hosts {
			inboxes = append(inboxes, inbox(h))
		}
		for m := range messages {
			id := activityID("test", string(rune(m)))
			if err := w.queue(context.Background(), tx, outgoing{id: id, actor: w.alice.PublicID, inboxes: inboxes, body: newFollow(w.addr().Activity(id), "a", "b")}); err != nil {
				return err
			}
		}
		return nil
	}
}

func TestG118ACrashCostsARepetitionAtMost(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	pub := w.followed(other)
	before := len(sent(t, other, "Update"))
	w.edit(pub, "New")

	// A process that dies in its turn: the lease passes to another after a while, and not before.
	turn, err := w.nextTurn(t.Context(), prompt)
	if err != nil || turn == nil || turn.host != other.Host() {
		t.Fatalf("%+v, %v", turn, err)
	}
	w.step(w.DeliverOnce)
	if n := len(sent(t, other, "Update")) - before; n != 0 {
		t.Error("two talk to one host")
	}
	w.clock.forward(deliveryLease + time.Second)
	w.step(w.DeliverOnce)
	if n := len(sent(t, other, "Update")) - before; n != 1 {
		t.Errorf("%d Updates", n)
	}

	// The dead one comes back: its turn is over, and it takes nobody else's.
	w.edit(pub, "Newer")
	if next, err := w.nextTurn(t.Context(), prompt); err != nil || next == nil {
		t.Fatalf("%+v, %v", next, err)
	}
	w.ok(w.endTurn(t.Context(), turn))
	w.step(w.DeliverOnce)
	if n := len(sent(t, other, "Update")) - before; n != 1 {
		t.Error("a turn was taken away")
	}
}

func TestAHostIsDueWhenItsFirstDeliveryIs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	pub := w.followed(other)
	due := func(want time.Time) {
		t.Helper()
		if got := playlists.FromMillis(int64(w.count(`SELECT due FROM delivery_hosts`))); !got.Equal(want) {
			t.Errorf("due %v, want %v", got, want)
		}
	}
	due(time.Time{}) // nothing waits
	w.edit(pub, "New")
	due(w.clock.now())
	soon, later := w.clock.now().Add(time.Hour), w.clock.now().Add(2*time.Hour)
	for n, at := range []time.Time{later, soon} {
		w.exec(`INSERT INTO deliveries (activity, inbox, host, due, attempts, error, created)
			SELECT activity, inbox || $1, host, $2, 1, '', created FROM deliveries LIMIT 1`, fmt.Sprint("/", n), at.UnixMilli())
	}
	before := posts(other)
	w.step(w.DeliverOnce)
	due(soon)
	w.edit(pub, "Newer") // does not wait for the one that does
	due(w.clock.now())
	w.step(w.DeliverOnce)
	due(soon)
	if n := posts(other) - before; n != 2 {
		t.Errorf("%d deliveries were tried", n)
	}
}

func TestASlowHostHasNoMoreTimeThanOthers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	slow := w.instance()
	w.ok(playlists.InTx(t.Context(), w.db, queueMany(w, 1, 5, func(int) string { return slow.URL + "/inbox" })))
	slow.Fail("/inbox", func(rw http.ResponseWriter, r *http.Request) {
		w.clock.forward(latePatience - time.Second)
		rw.WriteHeader(202)
	})
	n, err := w.GreetOnce(t.Context())
	if err != nil || n != 2 {
		t.Errorf("%d deliveries in a turn, %v", n, err)
	}
}

func TestOneHostHasOneNameHoweverItIsWritten(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.ok(playlists.InTx(t.Context(), w.db, func(tx *sql.Tx) error {
		return w.queue(t.Context(), tx, outgoing{id: "x", actor: w.alice.PublicID, body: 1, inboxes: []string{
			"https://a.example/1", "https://A.example/2", "https://a.example:443/3", "https://a.example./4", "", "mailto:x", "https://"}})
	}))
	if hosts, rows := w.count(`SELECT COUNT(*) FROM delivery_hosts`), w.count(`SELECT COUNT(*) FROM deliveries`); hosts != 1 || rows != 4 {
		t.Errorf("%d hosts, %d deliveries", hosts, rows)
	}
}

func TestNothingIsQueuedForABlockedHostAndWhatWasIsDropped(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *Config) { c.Policy.Blocked = []string{"127.0.0.1"} })
	other := w.instance()
	w.ok(playlists.InTx(t.Context(), w.db, queueMany(w, 1, 1, func(int) string { return other.URL + "/inbox" })))
	if n := w.count(`SELECT COUNT(*) FROM deliveries`); n != 0 {
		t.Errorf("%d deliveries are queued", n)
	}
	// One that a process queued which had not seen the newest rules.
	w.exec(`INSERT INTO deliveries (activity, inbox, host, due, attempts, error, created) SELECT id, $1, $2, 1, 0, '', created FROM activities`, other.URL+"/inbox", other.Host())
	w.exec(`INSERT INTO delivery_hosts (host, due, lease, attempts, error) VALUES ($1, 1, 0, 0, '')`, other.Host())
	w.step(w.DeliverOnce)
	if n := w.count(`SELECT COUNT(*) FROM deliveries`) + w.count(`SELECT COUNT(*) FROM delivery_hosts WHERE lease > 0`) + posts(other); n != 0 {
		t.Errorf("%d deliveries, leases and messages", n)
	}
}
