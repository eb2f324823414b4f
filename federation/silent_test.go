package federation

import (
	"slices"
	"testing"
	"time"

	"github.com/songferry/songferry/federation/federationtest"
)

func TestWhatIsSilentForAMonthHasEndedAndComesBackByItself(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	mix := w.list(other, "mix", "One")
	want := w.wants(w.alice, mix.actor.ID)
	silent := func() bool {
		t.Helper()
		is, err := w.Silent(t.Context(), want.Playlist)
		w.ok(err)
		return is
	}
	tries := func(days int) int {
		t.Helper()
		before := len(other.Requests(mix.path()))
		for range days * 4 {
			w.clock.forward(6 * time.Hour)
			w.step(w.RefreshOnce)
		}
		return len(other.Requests(mix.path())) - before
	}
	other.Fail(mix.path(), federationtest.Status(500))
	if n := tries(29); n < 29 || silent() {
		t.Errorf("after 29 days: %d tries, silent: %v", n, silent())
	}
	tries(2)
	if !silent() || !slices.Equal(w.has(want.Playlist), []string{"One"}) {
		t.Errorf("silent: %v, has %v", silent(), w.has(want.Playlist))
	}
	if n := tries(28); n < 3 || n > 5 {
		t.Errorf("a silent one is tried %d times in four weeks", n)
	}
	other.Heal(mix.path())
	mix.set("One", "Two")
	tries(8)
	if silent() || !slices.Equal(w.has(want.Playlist), []string{"One", "Two"}) || w.sourceError(want.Playlist) != "" {
		t.Errorf("it answers again: silent %v, has %v, %q", silent(), w.has(want.Playlist), w.sourceError(want.Playlist))
	}
	if n := tries(2); n < 2 {
		t.Errorf("and is read %d times in two days", n)
	}
}
