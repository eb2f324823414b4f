package web

import (
	"log/slog"
	"testing"
	"time"

	"github.com/songferry/songferry/migrations/migrationstest"
	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/lease"
)

// TestALookupOfADeadProcessIsTakenOverSoon: who is alive renews its lease.
func TestALookupOfADeadProcessIsTakenOverSoon(t *testing.T) {
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
	if claims(one) == nil {
		t.Fatal("it waits for nobody")
	}
	now = now.Add(lease.Last - time.Second)
	if claims(other) != nil {
		t.Error("it is taken from a process that may be alive")
	}
	now = now.Add(2 * time.Second)
	if claims(other) == nil {
		t.Error("it is left to a process that is dead")
	}
}
