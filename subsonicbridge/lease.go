package subsonicbridge

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/songferry/songferry/playlists"
)

const (
	leaseTime  = 40 * time.Second       // a process that dies, or loses the database, loses what it has in hand after that
	renewEvery = 5 * time.Second        // the rest is room for tries that fail, and for clocks of several machines that differ
	askAgain   = 250 * time.Millisecond // while another process has in hand what somebody waits for
)

// claim is a row that this process has in hand: as long as the row's lease is what we wrote last, and not over, nobody else
// works on what the row is of.
type claim struct {
	set string // setPollLease or setMirrorLease
	id  playlists.ID

	mu      sync.Mutex // held while the row is written whose lease must not change meanwhile
	until   int64      // what the row says; mu
	ends    time.Time  // the same by a clock that nobody sets; mu
	renewal *time.Timer
	end     *time.Timer // of the work
}

// These set a lease ($1) as long as it is still ours ($3).
const (
	setPollLease   = `UPDATE subsonic_connections SET lease = $1 WHERE account_id = $2 AND lease = $3`
	setMirrorLease = `UPDATE subsonic_mirrors SET lease = $1 WHERE want_id = $2 AND lease = $3`
)

// crashed is a lease that has ended, as if its holder had crashed: what it was of is claimed next.
const crashed = 1

// newClaim returns the claim that a row is about to be taken with. It begins before that, so that it ends early rather than late.
func (b *Bridge) newClaim(set string, id playlists.ID) *claim {
	return &claim{set: set, id: id, until: playlists.Millis(b.now().Add(leaseTime)), ends: time.Now().Add(b.lease)}
}

// taken returns the claim, with the row's id, after a statement that took a row and returns its id; nil when it took none. The statement
// is not to be broken off: nobody would know whether it took one.
func (c *claim) taken(row *sql.Row) (*claim, error) {
	err := row.Scan(&c.id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return c, err
}

var errLost = errors.New("the lease is over, or another process's")

func lost(err error) error {
	return playlists.Problemf(playlists.Unavailable, errors.Join(errLost, err), "Another process of this bridge has taken this over. Try again in a moment.")
}

// holding does work on what is claimed, and renews the lease meanwhile. When the lease is over, or somebody else's, the work's context
// ends, so that two processes never write one list, and the error is an errLost.
func (b *Bridge) holding(ctx context.Context, c *claim, work func(context.Context) error) error {
	ctx, lose := context.WithCancelCause(ctx)
	c.mu.Lock()
	c.end = time.AfterFunc(time.Until(c.ends), func() { lose(errLost) })
	c.renewal = time.AfterFunc(b.renewEvery, func() { b.renewing(ctx, c, lose) })
	c.mu.Unlock()
	defer c.letGo(lose) // also after a panic
	err := work(ctx)
	if errors.Is(context.Cause(ctx), errLost) || c.isOver() {
		return lost(err)
	}
	return err
}

func (c *claim) letGo(lose context.CancelCauseFunc) {
	c.mu.Lock()
	defer c.mu.Unlock()
	lose(nil)
	c.end.Stop()
	c.renewal.Stop()
}

// isOver reports whether the lease has ended, as it does for a process that was stopped for a while.
func (c *claim) isOver() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().After(c.ends)
}

// renewing renews a lease, and comes again as long as the work goes on.
func (b *Bridge) renewing(ctx context.Context, c *claim, lose context.CancelCauseFunc) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if ctx.Err() != nil {
		return
	}
	err := b.extend(ctx, c)
	switch {
	case errors.Is(err, errLost):
		lose(err)
		return
	case err != nil:
		b.log.WarnContext(ctx, "lease not renewed", slog.Any("error", err)) // the next try may work, before the lease ends
	default:
		c.end.Reset(time.Until(c.ends))
	}
	c.renewal.Reset(b.renewEvery)
}

// extend makes a lease last longer, or returns an errLost when it is somebody else's. c.mu must be held.
func (b *Bridge) extend(ctx context.Context, c *claim) error {
	// That the work is broken off must not leave open what the row says.
	ctx, cancel := context.WithDeadline(context.WithoutCancel(ctx), c.ends)
	defer cancel()
	next := b.newClaim(c.set, c.id)
	r, err := b.db.ExecContext(ctx, c.set, next.until, c.id, c.until)
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
	c.until, c.ends = next.until, next.ends
	return nil
}
