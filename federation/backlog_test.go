package federation

import (
	"testing"

	"github.com/songferry/songferry/federation/federationtest"
)

func TestAnAdministratorSeesWhatWaitsForAHostTriesItAndDropsIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	sick, well := w.instance(), w.instance()
	pub := w.followed(sick, well)
	w.edit(pub, "New")
	sick.Fail("/users/fan/inbox", federationtest.Status(500))
	w.steps()

	b, err := w.Backlog(t.Context())
	w.ok(err)
	if len(b.Hosts) != 1 || b.InAll != 1 || b.Hosts[0].Host != sick.Host() || b.Hosts[0].N != 1 || b.Hosts[0].Error.String() != "The server answered 500." ||
		b.Hosts[0].Failures != 1 || !b.Hosts[0].Next.After(w.clock.now()) || b.Hosts[0].Since.IsZero() {
		t.Fatalf("%+v", b)
	}

	if h, err := w.WaitingFor(t.Context(), sick.Host()); err != nil || h.N != 1 || h.Host != sick.Host() {
		t.Errorf("%+v %v", h, err)
	}
	if _, err := w.WaitingFor(t.Context(), well.Host()); !isNotFound(err) {
		t.Errorf("nothing waits for the other: %v", err)
	}

	tried := posts(sick)
	w.ok(w.RetryHost(t.Context(), sick.Host()))
	w.step(w.RetryOnce)
	if got := posts(sick) - tried; got != 1 {
		t.Errorf("tried %d times", got)
	}
	n, err := w.DropHost(t.Context(), sick.Host())
	if n != 1 || err != nil {
		t.Errorf("dropped %d: %v", n, err)
	}
	if b, err := w.Backlog(t.Context()); err != nil || len(b.Hosts) != 0 {
		t.Errorf("%+v %v", b, err)
	}
	sick.Heal("/users/fan/inbox")
	tried = posts(sick)
	w.edit(pub, "Newer")
	w.steps()
	if posts(sick) == tried {
		t.Error("the host hears nothing any more")
	}
}
