package federation

import (
	"context"
	"database/sql"

	"github.com/songferry/songferry/playlists"
)

// paused is the due time of a source that the rules forbid to read: never, until they change.
const paused int64 = 1 << 62

// Swept is what a change of the rules did to what there was.
type Swept struct {
	Followers  int // from there, of any of our actors, that were removed
	Deliveries int // to there that were dropped
	Activities int // from there that waited to be acted on and were dropped
	Follows    int // of ours that were ended, without a word to the other side
	Copies     int // of playlists from there that are no longer kept in step; they stay as they are
	Resumed    int // copies that are kept in step again
}

func (s Swept) total() int {
	return s.Followers + s.Deliveries + s.Activities + s.Follows + s.Copies + s.Resumed
}

// EnforceOnce makes what there is agree with the rules, when they are not those that this process last enforced: they
// were changed by hand, the settings are others than before, or the process has just started. It returns how many
// things it changed. Tidy does the same now and then, whatever a process still did that had not seen the newest rules.
func (f *Federation) EnforceOnce(ctx context.Context) (int, error) {
	r, err := f.policy.rules(ctx, f.db)
	if err != nil || f.policy.enforced.Load() == r {
		return 0, err
	}
	s, err := f.enforce(ctx, r)
	if err != nil {
		return 0, err
	}
	f.policy.enforced.Store(r)
	return s.total(), nil
}

func (f *Federation) enforce(ctx context.Context, r *rules) (s Swept, err error) {
	err = playlists.InTx(ctx, f.db, func(tx *sql.Tx) error {
		s, err = f.sweep(ctx, tx, r)
		return err
	})
	if err != nil {
		return Swept{}, err
	}
	s.Resumed, err = f.resume(ctx)
	return s, err
}

// sweep removes what the rules forbid. Followers are removed by a block only: who is merely not on the list of those
// allowed hears nothing until it is.
func (f *Federation) sweep(ctx context.Context, tx *sql.Tx, r *rules) (s Swept, err error) {
	for _, part := range []func(context.Context, *sql.Tx, *rules, *Swept) error{sweepFollowers, sweepDeliveries, sweepInbox, sweepFollows, sweepSources} {
		if err := part(ctx, tx, r, &s); err != nil {
			return Swept{}, err
		}
	}
	return s, nil
}

func sweepFollowers(ctx context.Context, tx *sql.Tx, r *rules, s *Swept) error {
	hosts, err := playlists.Texts(ctx, tx, `SELECT DISTINCT host FROM followers WHERE host <> ''`)
	if err != nil {
		return err
	}
	for _, host := range hosts {
		if r.of(host)&suspended != 0 {
			if err := count(ctx, tx, &s.Followers, `DELETE FROM followers WHERE host = $1`, host); err != nil {
				return err
			}
		}
	}
	return count(ctx, tx, &s.Followers, `DELETE FROM followers WHERE follower IN (SELECT id FROM blocked_actors)`)
}

// sweepDeliveries leaves an inbox alone that a blocked actor shares with a follower.
func sweepDeliveries(ctx context.Context, tx *sql.Tx, r *rules, s *Swept) error {
	hosts, err := playlists.Texts(ctx, tx, `SELECT DISTINCT host FROM deliveries`)
	if err != nil {
		return err
	}
	for _, host := range hosts {
		if isForbidden(r.host(host)) {
			if err := count(ctx, tx, &s.Deliveries, `DELETE FROM deliveries WHERE host = $1`, host); err != nil {
				return err
			}
		}
	}
	return count(ctx, tx, &s.Deliveries, `DELETE FROM deliveries WHERE inbox IN (SELECT a.inbox FROM remote_actors a JOIN blocked_actors b ON b.id = a.id)
		AND inbox NOT IN (SELECT inbox FROM followers)`)
}

// sweepInbox finishes what waits, so that a repetition is recognised.
func sweepInbox(ctx context.Context, tx *sql.Tx, r *rules, s *Swept) error {
	actors, err := playlists.Texts(ctx, tx, `SELECT DISTINCT actor FROM inbox WHERE due > 0`)
	if err != nil {
		return err
	}
	for _, actor := range actors {
		if isForbidden(r.actor(actor)) {
			if err := count(ctx, tx, &s.Activities, `UPDATE inbox SET due = 0, body = '' WHERE actor = $1 AND due > 0`, actor); err != nil {
				return err
			}
		}
	}
	return nil
}

// sweepFollows ends ours, of playlists and of persons. Persons stay wanted: their lists are asked for again and again.
func sweepFollows(ctx context.Context, tx *sql.Tx, r *rules, s *Swept) error {
	actors, err := playlists.Texts(ctx, tx, `SELECT DISTINCT actor FROM subscriptions`)
	if err != nil {
		return err
	}
	for _, actor := range actors {
		if isForbidden(r.actor(actor)) {
			if err := count(ctx, tx, &s.Follows, `DELETE FROM subscriptions WHERE actor = $1`, actor); err != nil {
				return err
			}
		}
	}
	return nil
}

func count(ctx context.Context, tx *sql.Tx, sum *int, query string, args ...any) error {
	r, err := tx.ExecContext(ctx, query, args...)
	if err != nil {
		return err
	}
	n, err := r.RowsAffected()
	*sum += int(n)
	return err
}
