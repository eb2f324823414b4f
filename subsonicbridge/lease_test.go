package subsonicbridge_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/songferry/songferry/migrations/migrationstest"
	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

// gate is a music server that, once, keeps a request waiting.
type gate struct {
	next    http.Handler
	came    chan struct{} // a request waits
	open    chan struct{} // it may go on
	aborted chan struct{} // who sent it no longer waits
}

// gated has the next request of bob's server wait until the gate is opened.
func (w *home) gated() *gate {
	g := &gate{w.front.next, make(chan struct{}), make(chan struct{}), make(chan struct{})}
	w.front.mu.Lock()
	defer w.front.mu.Unlock()
	w.front.next = g
	return g
}

func (g *gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	select {
	case <-g.came:
	default:
		if err := r.ParseForm(); err != nil { // as long as there is more to read, the server does not hear of a client that leaves
			panic(err)
		}
		close(g.came)
		select {
		case <-g.open:
		case <-r.Context().Done():
			close(g.aborted)
			return
		}
	}
	g.next.ServeHTTP(w, r)
}

// lease returns until when bob's list is in somebody's hand.
func (w *home) lease() (until int64) {
	w.Helper()
	w.must(w.db.QueryRowContext(w.Context(), `SELECT lease FROM subsonic_mirrors`).Scan(&until))
	return until
}

// mirrorAside begins to mirror, and returns what tells that it is done.
func (w *home) mirrorAside() <-chan error {
	done := make(chan error, 1)
	go func() {
		_, err := w.bridge.MirrorOnce(w.Context())
		done <- err
	}()
	return done
}

func homeWithWork(t *testing.T) (*home, playlists.Want) {
	t.Helper()
	w := newHome(t, subsonictest.Navidrome)
	w.own("Amber", "Birch")
	return w, w.follow(w.alice("Amber", "Birch"))
}

// Long work keeps its list, however short a lease is.
func TestALeaseIsRenewedWhileTheWorkGoesOn(t *testing.T) {
	t.Parallel()
	w, want := homeWithWork(t)
	other := w.process()
	subsonicbridge.Leases(w.bridge, time.Hour, time.Millisecond)
	g := w.gated()
	done := w.mirrorAside()
	<-g.came
	for range 3 {
		before := w.lease()
		w.clock.pass(50 * time.Second)
		for w.lease() == before {
		}
		n, err := other.MirrorOnce(t.Context())
		w.must(err)
		if n != 0 {
			t.Fatal("another process took a list that is being written")
		}
	}
	close(g.open)
	w.must(<-done)
	w.expect("Amber", "Birch")
	w.expectState(want, subsonicbridge.Written)
	if w.lease() != 0 {
		t.Error("the list is still in somebody's hand")
	}
}

// A process that was stopped for minutes finds its list in another's hand, and leaves it there.
func TestWhoLostItsLeaseStops(t *testing.T) {
	t.Parallel()
	w, _ := homeWithWork(t)
	subsonicbridge.Leases(w.bridge, time.Hour, time.Millisecond)
	g := w.gated()
	done := w.mirrorAside()
	<-g.came
	const others = 4_000_000_000_000
	_, err := w.db.ExecContext(t.Context(), `UPDATE subsonic_mirrors SET lease = $1`, others)
	w.must(err)
	<-g.aborted
	w.must(<-done)
	if w.lease() != others {
		t.Error("it gave away what another process has in hand")
	}
	if len(w.lists()) != 0 {
		t.Error("it wrote a list all the same")
	}
}

// The same where it had no time to notice: what it is about to keep is not its to say.
func TestWhoLostItsLeaseKeepsNothing(t *testing.T) {
	t.Parallel()
	w, _ := homeWithWork(t)
	g := w.gated()
	done := w.mirrorAside()
	<-g.came
	const others = 4_000_000_000_000
	_, err := w.db.ExecContext(t.Context(), `UPDATE subsonic_mirrors SET lease = $1, note = 'another wrote this'`, others)
	w.must(err)
	close(g.open)
	w.must(<-done)
	var note string
	w.must(w.db.QueryRowContext(t.Context(), `SELECT note FROM subsonic_mirrors`).Scan(&note))
	if w.lease() != others || note != "another wrote this" || len(w.lists()) != 0 {
		t.Errorf("lease %d, note %q, lists %+v", w.lease(), note, w.lists())
	}
}

// When the database takes no renewal, the work ends before another process may think that its process is dead.
func TestWorkEndsWithItsLease(t *testing.T) {
	t.Parallel()
	w, want := homeWithWork(t)
	subsonicbridge.Leases(w.bridge, 300*time.Millisecond, time.Millisecond)
	g := w.gated()
	done := w.mirrorAside()
	<-g.came
	mend := migrationstest.Refuse(t, w.db, "lease", "subsonic_mirrors")
	<-g.aborted
	<-done // whether it could give the list back depends on the database
	mend()
	w.mirror()
	w.expect("Amber", "Birch")
	w.expectState(want, subsonicbridge.Written)
}

// Two who want the same account read are served one after the other, and neither ends the other's reading.
func TestAPollLeavesAnothersLeaseAlone(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Navidrome)
	g := w.gated()
	w.clock.pass(time.Minute)
	done := make(chan error, 1)
	go func() {
		_, err := w.bridge.PollOnce(w.Context())
		done <- err
	}()
	<-g.came
	const others = 4_000_000_000_000
	_, err := w.db.ExecContext(t.Context(), `UPDATE subsonic_connections SET lease = $1`, others)
	w.must(err)
	close(g.open)
	w.must(<-done)
	var lease, polled int64
	w.must(w.db.QueryRowContext(t.Context(), `SELECT lease, polled FROM subsonic_connections`).Scan(&lease, &polled))
	if lease != others || polled != 0 {
		t.Errorf("lease %d, polled %d", lease, polled)
	}
	if read, err := w.process().PollNow(t.Context(), w.bob.ID); read || err != nil {
		t.Errorf("a second reading: %v, %v", read, err)
	}
}
