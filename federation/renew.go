package federation

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

const (
	renewSpace    = time.Minute     // between two readings of an actor, however often it says that it changed
	renewLease    = 2 * time.Minute // longer than a reading may take
	renewAttempts = 5
)

// renewSoon makes an actor of another server that is known here due to be read again: it says that it has changed (a
// new key, name or inbox).
func (f *Federation) renewSoon(ctx context.Context, actor string) error {
	_, err := f.db.ExecContext(ctx, `INSERT INTO renewals (actor, due, lease, attempts)
		SELECT id, CASE WHEN fetched + $1 > $2 THEN fetched + $1 ELSE $2 END, 0, 0 FROM remote_actors WHERE id = $3
		ON CONFLICT (actor) DO UPDATE SET attempts = 0, due = CASE WHEN renewals.lease > 0 THEN renewals.due + 1 ELSE renewals.due END`,
		renewSpace.Milliseconds(), f.now().UnixMilli(), actor)
	return err
}

// renewal is an actor whose turn it is to be read again.
type renewal struct {
	actor      string
	due, lease int64 // due changes when there are news while it is read
	attempts   int
}

// RenewOnce reads the actor again that has been due longest, and returns 1, or 0 when none is due.
func (f *Federation) RenewOnce(ctx context.Context) (int, error) {
	r := renewal{lease: f.now().Add(renewLease).UnixMilli()}
	err := f.db.QueryRowContext(ctx, `UPDATE renewals SET lease = $1 WHERE actor = (
			SELECT actor FROM renewals WHERE due <= $2 AND lease < $2 ORDER BY due LIMIT 1)
		AND lease < $2 RETURNING actor, due, attempts`, r.lease, f.now().UnixMilli()).Scan(&r.actor, &r.due, &r.attempts)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	if until, resting := f.slowHosts.resting(r.actor, f.now()); resting {
		_, err := f.db.ExecContext(ctx, `UPDATE renewals SET lease = 0, due = $1 WHERE actor = $2 AND lease = $3`, until.UnixMilli(), r.actor, r.lease)
		return 1, err
	}
	begun := f.now()
	_, failure := f.fetchActor(ctx, r.actor)
	f.slowHosts.took(r.actor, begun, f.now())
	if ctx.Err() != nil {
		return 0, ctx.Err()
	}
	return 1, f.releaseRenewal(ctx, r, failure)
}

// releaseRenewal keeps the outcome. What cannot be read is tried again for some minutes: until then, and without it,
// what is stored stands. An actor that is gone is forgotten when it says so, or when nobody has use for it any more.
func (f *Federation) releaseRenewal(ctx context.Context, r renewal, failure error) error {
	at, _ := retryAt(r.attempts+1, f.now(), 0)
	if failure == nil || lasting(failure) || r.attempts+1 >= renewAttempts {
		_, err := f.db.ExecContext(ctx, `DELETE FROM renewals WHERE actor = $1 AND due = $2`, r.actor, r.due)
		at = f.now().Add(renewSpace) // of the row that has changed meanwhile
		if err != nil {
			return err
		}
	}
	if failure != nil {
		f.log.Warn("actor not read again", "host", hostOf(r.actor), "attempt", r.attempts+1, "error", failure)
	}
	_, err := f.db.ExecContext(ctx, `UPDATE renewals SET lease = 0, attempts = attempts + 1, due = $1 WHERE actor = $2 AND lease = $3`, at.UnixMilli(), r.actor, r.lease)
	return err
}
