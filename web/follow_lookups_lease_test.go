package web

import (
	"log/slog"
	"testing"
	"time"

	"github.com/songferry/songferry/migrations/migrationstest"
	"github.com/songferry/songferry/playlists"
)

// TestALookupIsTakenOverWhenItComesNoFurther: two processes work on one database, and one of them dies, or hangs, with a lookup in hand.
func TestALookupIsTakenOverWhenItComesNoFurther(t *testing.T) {
	t.Parallel()
	db, now := migrationstest.Open(t), time.Now()
	account, err := playlists.New(db, time.Now).AddAccount(t.Context(), playlists.Account{Handle: "bob", Language: "en"})
	if err != nil {
		t.Fatal(err)
	}
	process := func() *Lookups {
		return NewLookups(Config{DB: db, Now: func() time.Time { return now }, Log: slog.New(slog.DiscardHandler)})
	}
	one, other := process(), process()
	if _, err := one.add(t.Context(), account.ID, "@x@x.example", nil); err != nil {
		t.Fatal(err)
	}
	claims := func(l *Lookups) *held {
		t.Helper()
		h, err := l.claim(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	first := claims(one)
	further := one.progress(t.Context(), first)
	for range 3 {
		now = now.Add(lookupLease - time.Minute)
		if claims(other) != nil {
			t.Fatal("it is taken from a process that comes further")
		}
		further(1, 10)
	}
	now = now.Add(lookupLease + time.Second)
	second := claims(other)
	if second == nil {
		t.Fatal("it is left to a process that comes no further")
	}
	further(2, 10) // it had only been stopped for a while
	var lease int64
	if err := db.QueryRowContext(t.Context(), `SELECT lease FROM lookups`).Scan(&lease); err != nil || lease != second.lease {
		t.Errorf("the lease is %d, %v; who has it in hand has %d", lease, err, second.lease)
	}
}
