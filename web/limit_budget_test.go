package web

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/songferry/songferry/migrations/migrationstest"
	"github.com/songferry/songferry/playlists/seal"
)

// spender spends budgets on a clock that stands still until it is moved.
type spender struct {
	*limits
	t  *testing.T
	at time.Time
}

func newSpender(t *testing.T) *spender {
	t.Helper()
	key, err := seal.NewKey([]byte(strings.Repeat("k", 32)))
	if err != nil {
		t.Fatal(err)
	}
	s := &spender{t: t, at: time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)}
	s.limits = newLimits(Config{DB: migrationstest.Open(t), Key: key, Now: func() time.Time { return s.at }})
	return s
}

// spends spends as often as it can, and returns how often.
func (s *spender) spends(budgets ...budget) (n int) {
	s.t.Helper()
	for ; n < 1000; n++ {
		ok, err := s.spend(s.t.Context(), budgets...)
		if err != nil {
			s.t.Fatal(err)
		}
		if !ok {
			break
		}
	}
	return n
}

func TestABudgetComesBackOneByOneAndNeverMoreThanAll(t *testing.T) {
	t.Parallel()
	s := newSpender(t)
	b := limit{"test", 5, time.Minute}.of("somebody")
	for _, step := range []struct {
		after time.Duration
		want  int
	}{{0, 5}, {59 * time.Second, 0}, {time.Second, 1}, {3*time.Minute + 30*time.Second, 3}, {30 * time.Second, 1}, {time.Hour, 5}} {
		s.at = s.at.Add(step.after)
		if got := s.spends(b); got != step.want {
			t.Errorf("%v later: %d, want %d", step.after, got, step.want)
		}
	}
}

func TestWhereOneBudgetIsSpentTheOthersAreNotTouched(t *testing.T) {
	t.Parallel()
	s := newSpender(t)
	mine, all := limit{"mine", 2, time.Hour}, limit{"all", 5, time.Hour}.of("")
	for range 10 {
		s.spends(mine.of("alice"), all)
		s.at = s.at.Add(time.Second) // so that the database is asked again
	}
	if got := s.spends(mine.of("bob"), all) + s.spends(mine.of("carol"), all); got != 3 {
		t.Errorf("alice, who was refused ten times, left %d of 3", got)
	}
	s.at = s.at.Add(time.Second)
	if got := s.spends(mine.of("carol")); got != 1 {
		t.Errorf("carol, whom the others' spending refused, has %d left", got)
	}
}

// What a try has cost comes back by itself, too. If it were given back on top of that, whoever knows one slow music server could
// guess more often.
func TestATryIsGivenBackOnce(t *testing.T) {
	t.Parallel()
	for _, after := range []time.Duration{0, 30 * time.Second, time.Minute, time.Hour} {
		s := newSpender(t)
		b := limit{"test", 5, time.Minute}.of("somebody")
		slow, ok, err := s.try(t.Context(), b)
		if !ok || err != nil {
			t.Fatal(ok, err)
		}
		s.at = s.at.Add(after)
		got := s.spends(b) // all that there is
		if err := slow.notCounted(t.Context()); err != nil {
			t.Fatal(err)
		}
		s.at = s.at.Add(recentlySpent)
		if got += s.spends(b); got != 5 {
			t.Errorf("%v later it was given back, and %d others were heard, as if it had not been: 5", after, got)
		}
	}
}

func TestMemoryOfWhatIsSpentIsBounded(t *testing.T) {
	t.Parallel()
	var r recently
	now := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	for n := range maxRecent + 500 {
		r.add(fmt.Sprint(n), now)
	}
	if len(r.found) > maxRecent || !r.has(fmt.Sprint(maxRecent+499), now) {
		t.Errorf("it holds %d", len(r.found))
	}
	if r.has(fmt.Sprint(maxRecent+499), now.Add(-time.Hour)) {
		t.Error("a clock that jumps back makes it last")
	}
}
