package federation

import (
	"math"
	"testing"
	"time"
)

func TestWaitsGrowToADayAndEndAfterTwoWeeks(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		attempts   int
		retryAfter time.Duration
		want       time.Duration
		again      bool
	}{
		{-1, 0, 15 * time.Second, true},
		{0, 0, 15 * time.Second, true},
		{1, 0, 16 * time.Second, true},
		{2, 0, 31 * time.Second, true},
		{5, 0, 640 * time.Second, true},
		{10, 0, 10_015 * time.Second, true},
		{17, 0, 83_536 * time.Second, true},
		{18, 0, 24 * time.Hour, true},
		{27, 0, 24 * time.Hour, true},
		{28, 0, 24 * time.Hour, false},
		{math.MaxInt, 0, 24 * time.Hour, false},
		{1, time.Hour, time.Hour, true},
		{1, -time.Hour, 16 * time.Second, true},
		{10, time.Minute, 10_015 * time.Second, true},
		{1, 1000 * time.Hour, 24 * time.Hour, true},
	} {
		at, again := retryAt(c.attempts, now, c.retryAfter)
		if again != c.again || at.Sub(now) != c.want {
			t.Errorf("attempt %d, Retry-After %v: %v, %v; want %v", c.attempts, c.retryAfter, at.Sub(now), again, c.want)
		}
	}
	at := now
	for attempts := 1; ; attempts++ {
		next, again := retryAt(attempts, at, 0)
		if !again {
			break
		}
		at = next
	}
	if total := at.Sub(now); total < 13*24*time.Hour || total > 15*24*time.Hour {
		t.Errorf("gives up after %v", total)
	}
}
