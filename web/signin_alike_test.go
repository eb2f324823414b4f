package web

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

func TestRefusalsTakeTheSameTimeWhetherAServerWasAskedOrNot(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for asking, want := range map[time.Duration]time.Duration{0: time.Second, time.Second / 3: time.Second, 2 * time.Second: 2 * time.Second} {
			began := time.Now()
			time.Sleep(asking)
			if alike(t.Context(), began, time.Second); time.Since(began) != want {
				t.Errorf("with %s for a music server it took %s", asking, time.Since(began))
			}
		}
		left, leave := context.WithCancel(t.Context())
		leave()
		began := time.Now()
		if alike(left, began, time.Second); time.Since(began) != 0 {
			t.Errorf("for whoever has left it took %s", time.Since(began))
		}
	})
}
