// Package lease has one process at a time work on what a row is about, and another take it up when that one dies or hangs.
package lease

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/songferry/songferry/playlists"
)

// Usual values for Leases.
const (
	Last  = 40 * time.Second // a process that dies, or loses the database, loses what it has in hand after that
	Every = 5 * time.Second  // it is renewed; the rest is room for tries that fail, and for clocks of several machines that differ
)

// Crashed is a lease that has ended, as if its holder had crashed: what it was of is claimed next.
const Crashed = 1

// ErrLost: the lease is over, or another process's.
var ErrLost = errors.New("the lease is over, or another process's")

// Leases are those of rows in one database.
type Leases struct {
	DB          *sql.DB
	Now         func() time.Time
	Log         *slog.Logger
	Last, Every time.Duration // by the real clock
}

// Of returns the leases of a process.
func Of(db *sql.DB, now func() time.Time, log *slog.Logger) Leases {
	return Leases{DB: db, Now: now, Log: log, Last: Last, Every: Every}
}

// Lease is a row that this process has in hand: as long as the row's lease is what we wrote last, and not over, nobody else
// works on what the row is of.
type Lease struct {
	ID  playlists.ID // of the row
	set string

	mu      sync.Mutex // held while the row is written whose lease must not change meanwhile
	until   int64      // what the row says; mu
	ends    time.Time  // the same by a clock that nobody sets; mu
	renewal *time.Timer
	end     *time.Timer // of the work
}

// New returns the lease that a row is about to be taken with. It begins before that, so that it ends early rather than late. set is a
// statement that makes $1 the lease of the row whose id is $2 as long as it is $3.
func (k Leases) New(set string, id playlists.ID) *Lease {
	return &Lease{set: set, ID: id, until: playlists.Millis(k.Now().Add(Last)), ends: time.Now().Add(k.Last)}
}

// Nobodys is the lease of a row that nobody has in hand.
func Nobodys(set string, id playlists.ID) *Lease { return &Lease{set: set, ID: id} }

// Taken returns the lease, with the row's id, after a statement that took a row and returns its id; nil when it took none. The statement
// is not to be broken off: nobody would know whether it took one.
func (l *Lease) Taken(row playlists.Scanner) (*Lease, error) {
	err := row.Scan(&l.ID)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return l, err
}

// Until is what the row says, in ms.
func (l *Lease) Until() int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.until
}

// LastWords is how long a process that stops tries to give back what it has in hand: the lease ends by itself.
const LastWords = 5 * time.Second

// Set makes something else the row's lease, if it is still ours: 0 gives it back, Crashed has it claimed next. It takes no longer than
// LastWords, since whoever has given up wants it done in a context that does not end, and the database may hang.
func (k Leases) Set(ctx context.Context, l *Lease, lease int64) error {
	ctx, cancel := context.WithTimeout(ctx, LastWords)
	defer cancel()
	_, err := k.DB.ExecContext(ctx, l.set, lease, l.ID, l.Until())
	return err
}

func lost(err error) error {
	return playlists.Problemf(playlists.Unavailable, errors.Join(ErrLost, err), "Another process of this bridge has taken this over. Try again in a moment.")
}

// Hold does work on what is leased, and renews the lease meanwhile. When the lease is over, or somebody else's, the work's context
// ends, so that two processes never do the same, and the error is an ErrLost.
func (k Leases) Hold(ctx context.Context, l *Lease, work func(context.Context) error) error {
	ctx, lose := context.WithCancelCause(ctx)
	l.mu.Lock()
	l.end = time.AfterFunc(time.Until(l.ends), func() { lose(ErrLost) })
	l.renewal = time.AfterFunc(k.Every, func() { k.renewing(ctx, l, lose) })
	l.mu.Unlock()
	defer l.letGo(lose) // also after a panic
	err := work(ctx)
	if errors.Is(context.Cause(ctx), ErrLost) || l.isOver() {
		return lost(err)
	}
	return err
}

func (l *Lease) letGo(lose context.CancelCauseFunc) {
	l.mu.Lock()
	defer l.mu.Unlock()
	lose(nil)
	l.end.Stop()
	l.renewal.Stop()
}

// isOver reports whether the lease has ended, as it does for a process that was stopped for a while.
func (l *Lease) isOver() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return time.Now().After(l.ends)
}

// renewing renews a lease, and comes again as long as the work goes on.
func (k Leases) renewing(ctx context.Context, l *Lease, lose context.CancelCauseFunc) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if ctx.Err() != nil {
		return
	}
	err := k.extend(ctx, l)
	switch {
	case errors.Is(err, ErrLost):
		lose(err)
		return
	case err != nil:
		k.Log.WarnContext(ctx, "lease not renewed", slog.Any("error", err)) // the next try may work, before the lease ends
	default:
		l.end.Reset(time.Until(l.ends))
	}
	l.renewal.Reset(k.Every)
}

// extend makes a lease last longer, or returns an ErrLost when it is somebody else's. l.mu must be held.
func (k Leases) extend(ctx context.Context, l *Lease) error {
	// That the work is broken off must not leave open what the row says.
	ctx, cancel := context.WithDeadline(context.WithoutCancel(ctx), l.ends)
	defer cancel()
	next := k.New(l.set, l.ID)
	r, err := k.DB.ExecContext(ctx, l.set, next.until, l.ID, l.until)
	if err != nil {
		return err
	}
	n, err := r.RowsAffected()
	if err != nil {
		return err
	}
	if n == 0 {
		return lost(nil)
	}
	l.until, l.ends = next.until, next.ends
	return nil
}

// Write calls a statement on the row with its lease, which does not change meanwhile, and reports whether it wrote. When it did not
// because the lease is somebody else's, the error is an ErrLost.
func (k Leases) Write(ctx context.Context, l *Lease, write func(lease int64) (sql.Result, error)) (wrote bool, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	r, err := write(l.until)
	if err != nil {
		return false, err
	}
	if n, err := r.RowsAffected(); n > 0 || err != nil {
		return n > 0, err
	}
	return false, k.extend(ctx, l)
}
