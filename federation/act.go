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
	inboxAttempts = 5           // of acting on one activity before it is given up
	refreshSpace  = time.Second // between two readings of a playlist whose origin keeps sending news
)

// InboxOnce acts on the activities that wait, oldest first, and returns how many it looked at. One that fails is tried
// again later and holds up no other.
func (f *Federation) InboxOnce(ctx context.Context) (n int, err error) {
	waiting, err := f.waitingActivities(ctx)
	if err != nil {
		return 0, err
	}
	for _, w := range waiting {
		if err := f.finish(ctx, w, f.act(ctx, w)); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

type waiting struct {
	id, actor, body string
	attempts        int
}

func (f *Federation) waitingActivities(ctx context.Context) ([]waiting, error) {
	rows, err := f.db.QueryContext(ctx, `SELECT id, actor, body, attempts FROM inbox WHERE due > 0 AND due <= $1 ORDER BY due, received LIMIT $2`,
		f.now().UnixMilli(), inboxBatch)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []waiting
	for rows.Next() {
		var w waiting
		if err := rows.Scan(&w.id, &w.actor, &w.body, &w.attempts); err != nil {
			return nil, err
		}
		out = append(out, w)
	}
	return out, rows.Err()
}

// finish keeps the outcome. A finished row stays without its body for a while, so that a repetition is recognised.
func (f *Federation) finish(ctx context.Context, w waiting, failure error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	due, text := int64(0), ""
	if failure != nil {
		f.log.Warn("activity not acted on", "activity", w.id, "actor", w.actor, "attempt", w.attempts+1, "error", failure)
		text = playlists.Say(failure)
		if w.attempts+1 < inboxAttempts {
			at, _ := retryAt(w.attempts+1, f.now(), 0)
			due = at.UnixMilli()
		}
	}
	_, err := f.db.ExecContext(ctx, `UPDATE inbox SET due = $1, attempts = attempts + 1, error = $2,
		body = CASE WHEN $1 = 0 THEN '' ELSE body END WHERE id = $3 AND actor = $4`, due, text, w.id, w.actor)
	return err
}

// act does what an activity asks for, if its actor may ask that. What is not for us is dropped without a word.
func (f *Federation) act(ctx context.Context, w waiting) error {
	e, err := parseEnvelope([]byte(w.body))
	if err != nil {
		return err
	}
	// A block may have come between the receipt and now.
	if f.policy.AllowsHost(hostOf(e.Actor)) != nil || f.policy.AllowsActor(e.Actor) != nil {
		return nil
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
	case "Update", "Announce", "Create", "Add", "Remove":
		return f.refreshSoon(ctx, e.Actor)
	}
	return nil
}

// actFollow keeps a follower of a playlist or an account here, and answers. A Follow of anything else, secret or
// missing, has no answer at all.
func (f *Federation) actFollow(ctx context.Context, e envelope) error {
	actor, state, err := f.followable(ctx, e.ObjectID)
	if actor == "" || err != nil {
		return err
	}
	undone, err := f.wasUndone(ctx, e)
	if undone || err != nil {
		return err
	}
	if n, err := f.countFollowers(ctx, actor); err != nil || n >= maxFollowers {
		return err
	}
	remote, err := f.remoteActor(ctx, e.Actor)
	if err != nil {
		return err
	}
	w := follower{actor: actor, id: e.Actor, host: hostOf(e.Actor), state: state, followID: e.ID, follow: string(e.Raw), inbox: deliverTo(remote)}
	return playlists.InTx(ctx, f.db, func(tx *sql.Tx) error {
		approved, err := isAccepted(ctx, tx, actor, e.Actor)
		if err != nil {
			return err
		}
		if state == accepted || approved {
			return f.accept(ctx, tx, w)
		}
		return f.keepFollower(ctx, tx, w)
	})
}

// followable returns the last part of the id of our actor that object names (the collection's id names its playlist's
// actor, FEP-efda), and the state that a new follower of it has; "" when nobody can follow it.
func (f *Federation) followable(ctx context.Context, object string) (actor, state string, err error) {
	kind, publicID, _, ok := f.addr.Parse(object)
	if !ok || kind != actorAddress && kind != playlistAddress {
		return "", "", nil
	}
	pub, err := f.store.PublicationByPublicID(ctx, publicID)
	switch {
	case err == nil && pub.Live() && pub.Audience == playlists.Followers:
		return publicID, pending, nil
	case err == nil && pub.Live() && pub.Audience.Federated():
		return publicID, accepted, nil
	case err == nil, !isNotFound(err):
		return "", "", err
	}
	if _, err := f.store.AccountByPublicID(ctx, publicID); err != nil {
		if isNotFound(err) {
			return "", "", nil
		}
		return "", "", err
	}
	return publicID, accepted, nil
}

// wasUndone reports whether the Undo of this Follow arrived before it.
func (f *Federation) wasUndone(ctx context.Context, e envelope) (bool, error) {
	var n int
	err := f.db.QueryRowContext(ctx, `SELECT COUNT(*) FROM inbox WHERE actor = $1 AND type = 'Undo' AND object = $2 AND due = 0`, e.Actor, e.ID).Scan(&n)
	return n > 0, err
}

func isAccepted(ctx context.Context, tx *sql.Tx, actor, follower string) (bool, error) {
	var state string
	err := tx.QueryRowContext(ctx, `SELECT state FROM followers WHERE actor = $1 AND follower = $2`, actor, follower).Scan(&state)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return state == accepted, err
}

// deliverTo prefers the inbox that a whole server shares, if it is of the actor's own host.
func deliverTo(a RemoteActor) string {
	if a.SharedInbox != "" && sameHost(hostOf(a.SharedInbox), hostOf(a.ID)) {
		return a.SharedInbox
	}
	return a.Inbox
}

// actUndo ends a Follow, named by its id or by the actor it was for.
func (f *Federation) actUndo(ctx context.Context, e envelope) error {
	if _, err := f.db.ExecContext(ctx, `DELETE FROM followers WHERE follower = $1 AND follow_id = $2`, e.Actor, e.ObjectID); err != nil {
		return err
	}
	if e.ObjectType != "Follow" || e.ObjectActor != "" && e.ObjectActor != e.Actor {
		return nil
	}
	return f.leave(ctx, e.ObjectObject, e.Actor)
}

// actBlock: who blocks one of our actors no longer follows it.
func (f *Federation) actBlock(ctx context.Context, e envelope) error {
	return f.leave(ctx, e.ObjectID, e.Actor)
}

func (f *Federation) leave(ctx context.Context, object, follower string) error {
	kind, publicID, _, ok := f.addr.Parse(object)
	if !ok || kind != actorAddress && kind != playlistAddress {
		return nil
	}
	return playlists.InTx(ctx, f.db, func(tx *sql.Tx) error { return f.removeFollower(ctx, tx, publicID, follower) })
}

// actAnswer keeps what the actor that we asked to follow answered. Only the actor that was asked can answer.
func (f *Federation) actAnswer(ctx context.Context, e envelope) error {
	var account, playlist playlists.ID
	var follow string
	err := f.db.QueryRowContext(ctx, `SELECT account_id, playlist_id, follow_id FROM subscriptions WHERE actor = $1 AND (follow_id = $2 OR account_id = $3)`,
		e.Actor, f.followNamed(e), f.accountNamed(ctx, e)).Scan(&account, &playlist, &follow)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	yes := e.Type == "Accept"
	if err := f.store.GrantWants(ctx, account, playlist, yes); err != nil {
		return err
	}
	state := "rejected"
	if yes {
		state = accepted
	}
	if _, err := f.db.ExecContext(ctx, `UPDATE subscriptions SET state = $1 WHERE follow_id = $2`, state, follow); err != nil {
		return err
	}
	if !yes {
		return nil
	}
	return f.refreshSoon(ctx, e.Actor)
}

// followNamed returns the last part of the id of the Follow that an answer is about, "" when it names none of ours.
func (f *Federation) followNamed(e envelope) string {
	if kind, follow, _, ok := f.addr.Parse(e.ObjectID); ok && kind == activityAddress {
		return follow
	}
	return ""
}

// accountNamed returns the account that sent the Follow which an answer embeds without its id, "" when there is none.
func (f *Federation) accountNamed(ctx context.Context, e envelope) playlists.ID {
	kind, publicID, _, ok := f.addr.Parse(e.ObjectActor)
	if !ok || kind != actorAddress || e.ObjectType != "Follow" {
		return ""
	}
	a, err := f.store.AccountByPublicID(ctx, publicID)
	if err != nil {
		return "" // unknown here, or not to be known now: then the answer is dropped, and the slow clock heals it
	}
	return a.ID
}

// actDelete: an actor that deletes itself follows nobody any more. What else is gone shows when it is read again.
func (f *Federation) actDelete(ctx context.Context, e envelope) error {
	if e.ObjectID == e.Actor {
		for _, forget := range []string{`DELETE FROM followers WHERE follower = $1`, `DELETE FROM remote_actors WHERE id = $1`} {
			if _, err := f.db.ExecContext(ctx, forget, e.Actor); err != nil {
				return fmt.Errorf("forget a deleted actor: %w", err)
			}
		}
	}
	return f.refreshSoon(ctx, e.Actor)
}

// refreshSoon makes the playlists of an actor due to be read again, at most once a second however often it asks.
func (f *Federation) refreshSoon(ctx context.Context, actor string) error {
	now := f.now().UnixMilli()
	_, err := f.db.ExecContext(ctx, `UPDATE sources SET attempts = 0, due = CASE WHEN refreshed + $1 > $2 THEN refreshed + $1 ELSE $2 END WHERE actor = $3`,
		refreshSpace.Milliseconds(), now, actor)
	return err
}
