package subsonicbridge

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"strings"
	"time"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/lease"
)

const (
	pollBatch     = 20              // accounts polled in one PollOnce
	pollTimeout   = 5 * time.Minute // for one account
	maxPollDelay  = time.Hour       // between two tries while an account's server fails
	maxFetches    = 300             // playlists fetched in one poll of an account; the rest follows at once
	missingBefore = 24 * time.Hour  // how long a playlist is missing before its publication ends
)

// PollOnce reads the playlists of the accounts whose time has come, and returns how many changes it found, and one more
// when other accounts may be due. A failure is kept in the account's row, with a growing delay, and stops nobody else;
// err is about our own database.
func (b *Bridge) PollOnce(ctx context.Context) (n int, err error) {
	if err := b.giveBack(ctx); err != nil {
		return 0, err
	}
	for range pollBatch {
		c, err := b.claimPoll(ctx)
		if err != nil || c == nil {
			return n, err
		}
		changes, failure, err := b.pollAndKeep(ctx, c)
		if failure != nil {
			b.log.WarnContext(ctx, "poll failed", slog.String("account", string(c.ID)), slog.Any("error", failure))
		}
		n += changes
		if err != nil {
			b.held.keep(c)
			return n, err
		}
	}
	return n + 1, nil
}

// PollAccount reads an account's playlists now, whoever else does: two readings at once record the same. It takes no lease, which a
// command that is killed would leave behind. How it went is kept unless another process has the account in hand, which then says so.
func (b *Bridge) PollAccount(ctx context.Context, account playlists.ID) error {
	_, more, failure := b.pollWithin(ctx, account)
	if ctx.Err() != nil {
		return failure
	}
	nobodys := lease.Nobodys(setPollLease, account)
	return errors.Join(failure, b.keepOutcome(context.WithoutCancel(ctx), nobodys, more, failure))
}

func (b *Bridge) pollWithin(ctx context.Context, account playlists.ID) (changes int, more bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, pollTimeout)
	defer cancel()
	return b.poll(ctx, account)
}

// PollNow is PollAccount for a person who asks for it. It reports false, and reads nothing, while the account is being read
// already, here or by another process.
func (b *Bridge) PollNow(ctx context.Context, account playlists.ID) (read bool, err error) {
	c, err := b.claimAccount(ctx, account)
	if c == nil || err != nil {
		return false, err
	}
	_, failure, err := b.pollAndKeep(ctx, c)
	return true, errors.Join(failure, err)
}

// claimPoll takes the account that has been due longest; nil when none is.
func (b *Bridge) claimPoll(ctx context.Context) (*lease.Lease, error) {
	b.polls.Lock()
	defer b.polls.Unlock()
	if ctx.Err() != nil {
		return nil, ctx.Err() // it may have waited long
	}
	c := b.leases.New(setPollLease, "")
	return c.Taken(b.db.QueryRowContext(context.WithoutCancel(ctx), `UPDATE subsonic_connections SET lease = $1 WHERE account_id =
			(SELECT account_id FROM subsonic_connections WHERE due <= $2 AND lease <= $2 ORDER BY due LIMIT 1)
		AND lease <= $2 RETURNING account_id`, c.Until(), playlists.Millis(b.now())))
}

// claimAccount takes an account, due or not; nil while it is being read. The error says so when it has no music server.
func (b *Bridge) claimAccount(ctx context.Context, account playlists.ID) (*lease.Lease, error) {
	c := b.leases.New(setPollLease, account)
	c, err := c.Taken(b.db.QueryRowContext(context.WithoutCancel(ctx), `UPDATE subsonic_connections SET lease = $1 WHERE account_id = $2 AND lease <= $3 RETURNING account_id`,
		c.Until(), account, playlists.Millis(b.now())))
	if c == nil && err == nil {
		_, err = b.Status(ctx, account)
	}
	return c, err
}

// pollAndKeep polls a claimed account and keeps how that went. It returns the number of changes and the poll's error; err says that
// how it went could not be kept.
func (b *Bridge) pollAndKeep(ctx context.Context, c *lease.Lease) (changes int, failure, err error) {
	var more bool
	failure = b.leases.Hold(ctx, c, func(ctx context.Context) (err error) {
		changes, more, err = b.pollWithin(ctx, c.ID)
		return err
	})
	// The account is released also when the caller gave up, so that the next try need not wait for the lease to end.
	release := context.WithoutCancel(ctx)
	if ctx.Err() != nil || errors.Is(failure, lease.ErrLost) {
		return changes, failure, b.leases.Set(release, c, 0)
	}
	return changes, failure, b.keepOutcome(release, c, more, failure)
}

// keepOutcome keeps how a poll went, and releases the account, if it is still ours.
func (b *Bridge) keepOutcome(ctx context.Context, c *lease.Lease, more bool, failure error) error {
	now := b.now()
	var part *partError
	if failure != nil && !errors.As(failure, &part) {
		return errors.Join(b.tellServer(ctx, c.ID, failure), b.keepFailure(ctx, c, now, failure))
	}
	if err := b.tellServer(ctx, c.ID, nil); err != nil {
		return err
	}
	next := now.Add(b.interval)
	if more {
		next = now
	}
	refused, err := b.keepPoll(ctx, c, now, next, failure)
	if err != nil || refused == 0 {
		return err
	}
	return b.letIn(ctx, c.ID)
}

// keepPoll keeps that a poll went well, and returns since when the server had refused the login before, 0 if it had not.
func (b *Bridge) keepPoll(ctx context.Context, c *lease.Lease, now, next time.Time, failure error) (refused int64, err error) {
	b.polls.Lock()
	defer b.polls.Unlock()
	err = b.db.QueryRowContext(ctx, `UPDATE subsonic_connections SET polled = $1, due = $2, lease = 0, attempts = 0, last_error = $3
		WHERE account_id = $4 AND lease = $5 RETURNING refused`, playlists.Millis(now), playlists.Millis(next), sentence(failure), c.ID, c.Until()).Scan(&refused)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil // not connected any more, or somebody else's
	}
	return refused, err
}

// keepFailure keeps that a poll failed, and when to try again.
func (b *Bridge) keepFailure(ctx context.Context, c *lease.Lease, now time.Time, failure error) error {
	var refused time.Time
	err := playlists.InTx(ctx, b.db, func(tx *sql.Tx) error {
		var attempts int
		var since int64
		err := tx.QueryRowContext(ctx, `UPDATE subsonic_connections SET attempts = attempts + 1, lease = 0, last_error = $1,
			refused = CASE WHEN refused > 0 THEN refused ELSE $2 END WHERE account_id = $3 AND lease = $4 RETURNING attempts, refused`,
			sentence(failure), refusedNow(failure, now), c.ID, c.Until()).Scan(&attempts, &since)
		if errors.Is(err, sql.ErrNoRows) {
			return nil // not connected any more, or somebody else's
		}
		if err != nil {
			return err
		}
		refused = playlists.FromMillis(since)
		due := now.Add(retryDelay(attempts, b.interval, longestDelay(refused, now)))
		_, err = tx.ExecContext(ctx, `UPDATE subsonic_connections SET due = $1 WHERE account_id = $2`, playlists.Millis(due), c.ID)
		return err
	})
	if err != nil || !isPaused(refused, now) {
		return err
	}
	return b.tellPaused(ctx, c.ID, refused)
}

// poll is one look at an account's server. changes is how many new versions it found, more that some playlists had to
// wait for the next. Nothing is concluded
// from an answer whose status is not ok: Client returns an error for that, so an outage never looks like "no playlists".
func (b *Bridge) poll(ctx context.Context, account playlists.ID) (changes int, more bool, err error) {
	conn, err := b.connect(ctx, account)
	if err != nil {
		return 0, false, err
	}
	p, err := b.newPoll(ctx, conn)
	if err != nil {
		return 0, false, err
	}
	all, err := conn.client.Playlists(ctx)
	if err != nil {
		return 0, false, err
	}
	if err := p.visitAll(ctx, all); err != nil {
		return p.changes, false, err
	}
	if err := p.withdrawMissing(ctx); err != nil {
		return p.changes, false, err
	}
	if err := b.refreshForMirrors(ctx, conn); err != nil {
		p.trouble = append(p.trouble, err)
	}
	if err := p.makeCovers(ctx); err != nil {
		return p.changes, p.more, err
	}
	return p.changes, p.more, asPart(p.trouble)
}

// owns reports whether a playlist on the server is the user's. A server that names no owner shows only one's own.
func (c connection) owns(p ServerPlaylist) bool {
	return p.Owner == "" || strings.EqualFold(p.Owner, c.user)
}

// partError says that a poll went well but for some of it.
type partError struct{ errs []error }

func (e *partError) Error() string   { return errors.Join(e.errs...).Error() }
func (e *partError) Unwrap() []error { return e.errs }

func asPart(errs []error) error {
	if len(errs) == 0 {
		return nil
	}
	return &partError{errs}
}
