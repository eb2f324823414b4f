//go:build postgres

package migrations_test

import (
	"context"
	"testing"

	"github.com/songferry/songferry/migrations"
	"github.com/songferry/songferry/migrations/migrationstest"
)

// A process whose connection was cut is at work all the same, and who starts next must not take what it has in hand.
func TestAProcessThatLostItsConnectionIsStillCounted(t *testing.T) {
	t.Parallel()
	address := migrationstest.File(t)
	opened(t, address)
	join := func() (p *migrations.Presence, alone bool) {
		t.Helper()
		p, err := migrations.Join(t.Context(), address, func(context.Context) error { alone = true; return nil })
		if err != nil {
			t.Fatal(err)
		}
		return p, alone
	}
	living, first := join()
	defer living.Close()
	if !first {
		t.Fatal("somebody is there before the first")
	}
	hold := func(want int) {
		t.Helper()
		if n, err := living.HoldOnce(t.Context()); n != want || err != nil {
			t.Fatalf("%d, %v, want %d", n, err, want)
		}
	}
	hold(0)
	asAdmin(t, address, `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`)
	if n, err := living.HoldOnce(t.Context()); n == 0 { // it may hear only now that it was cut off
		t.Log(err)
		hold(1)
	}
	hold(0)
	next, alone := join()
	if alone {
		t.Error("the next takes the living for dead")
	}
	for _, p := range []*migrations.Presence{next, living} {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	}
	for range 100 { // the server hears of a connection's end a moment later
		last, alone := join()
		if err := last.Close(); err != nil {
			t.Error(err)
		}
		if alone {
			return
		}
	}
	t.Error("those who left are still counted")
}
