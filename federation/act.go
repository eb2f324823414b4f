package federation

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/songferry/songferry/playlists"
)

const (
	inboxBatch    = 100
	inboxTurn     = time.Minute // no activity begins later before the outcomes are kept
	inboxAttempts = 5           // of acting on one activity before it is given up
	refreshSpace  = time.Second // between two readings of a playlist whose origin keeps sending news
)

// InboxOnce acts on the activities that wait, oldest first, and returns how many it looked at. One that fails is tried
// again later and holds up no other. The outcomes are kept together: a crash before costs a repetition.
func (f *Federation) InboxOnce(ctx context.Context) (n int, err error) {
	waiting, err := f.waitingActivities(ctx)
	if err != nil {
		return 0, err
	}
	begun := f.now()
	var done []outcome
	for _, w := range waiting {
		failure := f.tryAct(ctx, w)
		if ctx.Err() != nil {
			break
		}
		done = append(done, outcome{w, failure})
		if f.now().Sub(begun) > inboxTurn {
			break
		}
	}
	// What was done was done, also when the daemon is to stop now.
	return len(done), errors.Join(ctx.Err(), f.finish(context.WithoutCancel(ctx), done))
}

// waiting is an activity that was kept. Its body, which may be large, is read when its turn comes.
type waiting struct {
	id, actor string
	attempts  int
}

func (f *Federation) waitingActivities(ctx context.Context) ([]waiting, error) {
	return playlists.Collect(ctx, f.db, func(row playlists.Scanner) (w waiting, err error) {
		err = row.Scan(&w.id, &w.actor, &w.attempts)
		return w, err
	}, `SELECT id, actor, attempts FROM inbox WHERE due > 0 AND due <= $1 ORDER BY due, received LIMIT $2`, f.now().UnixMilli(), inboxBatch)
}

// outcome is what came of acting on an activity.
type outcome struct {
	waiting
	failure error
}

// finish keeps outcomes. A finished row stays without its body for a while, so that a repetition is recognised. Another process may
// have acted on it at the same time: what it has finished stays so, and a failure counts once.
func (f *Federation) finish(ctx context.Context, done []outcome) error {
	if len(done) == 0 {
		return nil
	}
	return playlists.InTx(ctx, f.db, func(tx *sql.Tx) error {
		for _, o := range done {
			due, text := f.againAt(o)
			_, err := tx.ExecContext(ctx, `UPDATE inbox SET due = $1, attempts = attempts + 1, error = $2,
				body = CASE WHEN CAST($1 AS BIGINT) = 0 THEN '' ELSE body END
				WHERE id = $3 AND actor = $4 AND due > 0 AND (CAST($1 AS BIGINT) = 0 OR attempts = $5)`, due, text, o.id, o.actor, o.attempts)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// againAt returns when to act on an activity again, 0 for never, and why.
func (f *Federation) againAt(o outcome) (due int64, text string) {
	if o.failure == nil {
		return 0, ""
	}
	f.log.Warn("activity not acted on", "host", hostOf(o.actor), "attempt", o.attempts+1, "error", o.failure)
	if o.attempts+1 < inboxAttempts {
		at, _ := retryAt(o.attempts+1, f.now(), 0)
		due = at.UnixMilli()
	}
	return due, playlists.Say(o.failure)
}

// tryAct turns a panic into a failure of this activity: it would come first again each time, and hold up all others.
func (f *Federation) tryAct(ctx context.Context, w waiting) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = playlists.Panicked(r)
		}
	}()
	return f.act(ctx, w)
}

// act does what an activity asks for, if its actor may ask that. What is not for us is dropped without a word.
func (f *Federation) act(ctx context.Context, w waiting) error {
	var body []byte
	if err := f.db.QueryRowContext(ctx, `SELECT body FROM inbox WHERE id = $1 AND actor = $2`, w.id, w.actor).Scan(&body); err != nil {
		return err
	}
	e, err := parseEnvelope(body)
	if err != nil {
		return err
	}
	if err := f.policy.AllowsActor(e.Actor); isForbidden(err) {
		return nil // blocked between the receipt and now
	} else if err != nil {
		return err
	}
	if err := f.actReaction(ctx, e); err != nil {
		return err
	}
	switch e.Type {
	case "Follow":
		return f.actFollow(ctx, e)
	case "Undo":
		return f.actUndo(ctx, e)
	case "Block":
		return f.actBlock(ctx, e)
	case "Accept", "Reject":
		return f.actAnswer(ctx, e)
	case "Delete":
		return f.actDelete(ctx, e)
	case "Flag":
		return f.actFlag(ctx, e)
	case "Update":
		return f.actUpdate(ctx, e)
	case "Create":
		return errors.Join(f.actMessage(ctx, e), f.refreshSoon(ctx, e.Actor))
	case "Announce", "Add", "Remove":
		return f.refreshSoon(ctx, e.Actor)
	case "QuoteRequest", "FeatureRequest":
		return f.actRequest(ctx, e)
	case "Move":
		return errors.Join(f.endProof(ctx, e.Actor), f.actMove(ctx, e))
	}
	return nil
}

// actUpdate: what has changed is read from its own host, the actor or its playlists.
func (f *Federation) actUpdate(ctx context.Context, e envelope) error {
	if e.ObjectID == e.Actor {
		if err := f.renewSoon(ctx, e.Actor); err != nil {
			return err
		}
	}
	return f.refreshSoon(ctx, e.Actor)
}

// actDelete: an actor that deletes itself follows nobody any more. What else is gone shows when it is read again.
func (f *Federation) actDelete(ctx context.Context, e envelope) error {
	if e.ObjectID == e.Actor {
		if err := playlists.RevokePersonalLink(ctx, f.db, "", e.Actor); err != nil {
			return err
		}
		for _, forget := range []string{`DELETE FROM followers WHERE follower = $1`, `DELETE FROM remote_keys WHERE owner = $1`, `DELETE FROM remote_actors WHERE id = $1`,
			`DELETE FROM blocks_received WHERE blocker = $1`, `DELETE FROM proven WHERE actor = $1`} {
			if _, err := f.db.ExecContext(ctx, forget, e.Actor); err != nil {
				return fmt.Errorf("forget a deleted actor: %w", err)
			}
		}
		f.recentKeys.forget(e.Actor)
	}
	return f.refreshSoon(ctx, e.Actor)
}

// refreshSoon makes the playlists of an actor, or a person's list of them, due to be read again, at most once a second
// however often it asks.
func (f *Federation) refreshSoon(ctx context.Context, actor string) error {
	now := f.now().UnixMilli() + 1 // later than any reading that has begun, which so sees that there are news
	for _, wake := range []string{`UPDATE sources SET attempts = 0, due = CASE WHEN refreshed + $1 > $2 THEN refreshed + $1 ELSE $2 END WHERE actor = $3`,
		`UPDATE rosters SET attempts = 0, due = CASE WHEN refreshed + $1 > $2 THEN refreshed + $1 ELSE $2 END WHERE person = $3`} {
		if _, err := f.db.ExecContext(ctx, wake, refreshSpace.Milliseconds(), now, actor); err != nil {
			return err
		}
	}
	return nil
}
