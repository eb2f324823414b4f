package lease_test

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/songferry/songferry/migrations/migrationstest"
	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/lease"
)

const (
	row    = playlists.ID("the work")
	set    = `UPDATE things SET lease = $1 WHERE id = $2 AND lease = $3`
	others = 4_000_000_000_000 // a lease that another process has
)

// bench is a table with one row that processes work on.
type bench struct {
	*testing.T
	db *sql.DB
	lease.Leases
}

// newBench has leases that last so long, and are renewed so often.
func newBench(t *testing.T, last, every time.Duration) *bench {
	t.Helper()
	db := migrationstest.Open(t)
	b := &bench{t, db, lease.Of(db, time.Now, slog.New(slog.DiscardHandler))}
	b.Last, b.Every = last, every
	b.exec(`CREATE TABLE things (id TEXT PRIMARY KEY, lease BIGINT NOT NULL, done BIGINT NOT NULL)`)
	t.Cleanup(func() { // another test gets the same database
		if _, err := db.Exec(`DROP TABLE things`); err != nil {
			t.Error(err)
		}
	})
	b.exec(`INSERT INTO things (id, lease, done) VALUES ($1, 0, 0)`, row)
	return b
}

func (b *bench) exec(text string, args ...any) {
	b.Helper()
	if _, err := b.db.ExecContext(b.Context(), text, args...); err != nil {
		b.Fatal(err)
	}
}

// take takes the row in hand, as nobody has it.
func (b *bench) take() *lease.Lease {
	b.Helper()
	l := b.New(set, "")
	l, err := l.Taken(b.db.QueryRowContext(b.Context(), `UPDATE things SET lease = $1 WHERE lease = 0 RETURNING id`, l.Until()))
	if err != nil || l == nil || l.ID != row {
		b.Fatalf("taken: %v, %v", l, err)
	}
	return l
}

// kept returns what the row says.
func (b *bench) kept() (lease, done int64) {
	b.Helper()
	if err := b.db.QueryRowContext(b.Context(), `SELECT lease, done FROM things`).Scan(&lease, &done); err != nil {
		b.Fatal(err)
	}
	return lease, done
}

// write keeps that the work is done, if the lease is still l's.
func (b *bench) write(l *lease.Lease) (bool, error) {
	return b.Write(b.Context(), l, func(until int64) (sql.Result, error) {
		return b.db.ExecContext(b.Context(), `UPDATE things SET done = 1 WHERE id = $1 AND lease = $2`, row, until)
	})
}

func TestTheRowIsTakenOnceAndGivenBack(t *testing.T) {
	t.Parallel()
	b := newBench(t, time.Hour, time.Hour)
	l := b.take()
	second := b.New(set, "")
	if second, err := second.Taken(b.db.QueryRowContext(t.Context(), `UPDATE things SET lease = $1 WHERE lease = 0 RETURNING id`, second.Until())); second != nil || err != nil {
		t.Errorf("taken twice: %v, %v", second, err)
	}
	if err := b.Set(t.Context(), l, 0); err != nil {
		t.Error(err)
	}
	if now, _ := b.kept(); now != 0 {
		t.Errorf("the lease is %d", now)
	}
}

// What works for longer than a lease lasts keeps its row, and what it then writes is kept.
func TestLongWorkKeepsItsRow(t *testing.T) {
	t.Parallel()
	b := newBench(t, time.Hour, time.Millisecond)
	l := b.take()
	err := b.Hold(t.Context(), l, func(context.Context) error {
		first, _ := b.kept()
		for now := first; now == first; now, _ = b.kept() {
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	if now, _ := b.kept(); now != l.Until() {
		t.Errorf("the row says %d, its holder %d", now, l.Until())
	}
	if wrote, err := b.write(l); !wrote || err != nil {
		t.Errorf("%v, %v", wrote, err)
	}
}

// Who was stopped for a while finds its row in another's hand: the work ends, and nothing of the other's is touched.
func TestWhoLostTheRowStopsAndKeepsNothing(t *testing.T) {
	t.Parallel()
	b := newBench(t, time.Hour, time.Millisecond)
	l := b.take()
	err := b.Hold(t.Context(), l, func(ctx context.Context) error {
		b.exec(`UPDATE things SET lease = $1`, others)
		<-ctx.Done()
		return nil // however the work takes it
	})
	if !errors.Is(err, lease.ErrLost) || playlists.CodeOf(err) != playlists.Unavailable {
		t.Errorf("held: %v", err)
	}
	if wrote, err := b.write(l); wrote || !errors.Is(err, lease.ErrLost) {
		t.Errorf("written: %v, %v", wrote, err)
	}
	if err := b.Set(t.Context(), l, 0); err != nil {
		t.Error(err)
	}
	if now, done := b.kept(); now != others || done != 0 {
		t.Errorf("lease %d, done %d", now, done)
	}
}

// When the database takes no renewal, the work ends before another process may think that its process is dead.
func TestWorkEndsWithALeaseThatCannotBeRenewed(t *testing.T) {
	t.Parallel()
	b := newBench(t, 200*time.Millisecond, time.Millisecond)
	l := b.take()
	mend := migrationstest.Refuse(t, b.db, "lease", "things")
	err := b.Hold(t.Context(), l, func(ctx context.Context) error {
		<-ctx.Done()
		return ctx.Err()
	})
	if !errors.Is(err, lease.ErrLost) {
		t.Errorf("held: %v", err)
	}
	mend()
}

// A renewal that failed is tried again as long as the lease lasts.
func TestARenewalThatFailsOnceEndsNothing(t *testing.T) {
	t.Parallel()
	b := newBench(t, time.Hour, time.Millisecond)
	l := b.take()
	before := l.Until()
	mend := migrationstest.Refuse(t, b.db, "lease", "things")
	err := b.Hold(t.Context(), l, func(ctx context.Context) error {
		mend()
		for l.Until() == before {
			if ctx.Err() != nil {
				return ctx.Err()
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// The work's own error is what Hold returns, and after a panic nobody renews the lease.
func TestTheWorksOwnErrorIsReturned(t *testing.T) {
	t.Parallel()
	b := newBench(t, time.Hour, time.Millisecond)
	l, failure := b.take(), errors.New("no such song")
	if err := b.Hold(t.Context(), l, func(context.Context) error { return failure }); !errors.Is(err, failure) || errors.Is(err, lease.ErrLost) {
		t.Errorf("%v", err)
	}
	var inside context.Context
	func() {
		defer func() { _ = recover() }()
		_ = b.Hold(t.Context(), l, func(ctx context.Context) error { inside = ctx; panic("no such song") })
	}()
	if inside.Err() == nil {
		t.Error("the work is over and its lease is renewed")
	}
}
