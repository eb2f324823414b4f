package federation

import (
	"context"
	"database/sql"
	"errors"

	"github.com/songferry/songferry/playlists"
)

// State of a Follow that we send, beside accepted.
const (
	wanted    = "wanted"    // due to be sent
	requested = "requested" // sent, not answered
	rejected  = "rejected"  // refused or revoked
)

const followBatch = 50 // Follows sent in one turn

// subscription is a Follow of ours.
type subscription struct {
	account, playlist playlists.ID
	actor             string // whom we follow
	followID          string // last part of the Follow's id
	state             string
	attempts          int // to send it
}

const subscriptionColumns = `account_id, playlist_id, actor, follow_id, state, attempts`

func scanSubscription(row playlists.Scanner) (s subscription, err error) {
	err = row.Scan(&s.account, &s.playlist, &s.actor, &s.followID, &s.state, &s.attempts)
	return s, err
}

// subscription looks up one that was sent; where is never text from outside.
func (f *Federation) subscription(ctx context.Context, where string, args ...any) (subscription, error) {
	return scanSubscription(f.db.QueryRowContext(ctx, `SELECT `+subscriptionColumns+` FROM subscriptions WHERE state <> 'wanted' AND `+where, args...))
}

func (f *Federation) subscriptions(ctx context.Context, where string, args ...any) ([]subscription, error) {
	return playlists.Collect(ctx, f.db, scanSubscription, `SELECT `+subscriptionColumns+` FROM subscriptions WHERE `+where, args...)
}

// matchFollows makes a Follow due for every account that began to want a Remote playlist, and ends that of every one
// that stopped. It works on the database only: a host that does not answer holds up its own Follows, not the journal.
func (f *Federation) matchFollows(ctx context.Context, playlist playlists.ID) error {
	wants, err := f.syncing(ctx, playlist)
	if err != nil {
		return err
	}
	have, err := f.subscriptions(ctx, `playlist_id = $1`, playlist)
	if err != nil {
		return err
	}
	for _, s := range have {
		if _, ok := wants[s.account]; !ok {
			if err := f.unfollow(ctx, s); err != nil {
				return err
			}
		}
		delete(wants, s.account)
	}
	var actor string
	err = f.db.QueryRowContext(ctx, `SELECT actor FROM sources WHERE playlist_id = $1`, playlist).Scan(&actor)
	if errors.Is(err, sql.ErrNoRows) || err == nil && actor == "" || !f.public() {
		return nil // a copy made once, withdrawn at its origin, or shared by a link; or we have no address to be told at
	}
	if err := f.policy.AllowsActor(actor); err != nil {
		if isForbidden(err) {
			err = nil // resume makes up for it
		}
		return err
	}
	for account := range wants {
		if named, nameErr := f.hasHandle(ctx, account); !named {
			err = errors.Join(err, nameErr)
			continue
		}
		err = errors.Join(err, f.wantFollow(ctx, f.db, subscription{account: account, playlist: playlist, actor: actor}))
	}
	return err
}

// wantFollow makes a Follow due.
func (f *Federation) wantFollow(ctx context.Context, q playlists.Querier, s subscription) error {
	now := f.now().UnixMilli()
	_, err := q.ExecContext(ctx, `INSERT INTO subscriptions (account_id, playlist_id, actor, follow_id, state, due, attempts, at)
		VALUES ($1, $2, $3, $4, 'wanted', $5, 0, $5) ON CONFLICT (account_id, playlist_id) DO NOTHING`,
		s.account, s.playlist, s.actor, activityID("follow", string(playlists.NewID())), now)
	return err
}

// sendFollows sends the Follows that are due and returns how many it tried. One that fails is tried again later.
func (f *Federation) sendFollows(ctx context.Context) (n int, err error) {
	if !f.public() {
		return 0, nil
	}
	due, err := f.subscriptions(ctx, `due > 0 AND due <= $1 ORDER BY due LIMIT $2`, f.now().UnixMilli(), followBatch)
	if err != nil {
		return 0, err
	}
	for _, s := range due {
		failure := f.sendFollow(ctx, s)
		if ctx.Err() != nil {
			return n, ctx.Err()
		}
		if failure != nil {
			f.log.Warn("follow not sent", "host", hostOf(s.actor), "attempt", s.attempts+1, "error", failure)
			if err := f.postponeFollow(ctx, s); err != nil {
				return n, err
			}
		}
		n++
	}
	return n, nil
}

// sendFollow queues a Follow to the playlist's own inbox, not its server's shared one: only its owner can answer.
func (f *Federation) sendFollow(ctx context.Context, s subscription) error {
	a, err := f.store.Account(ctx, s.account)
	if err != nil {
		return err
	}
	remote, err := f.remoteActor(ctx, s.actor)
	if err != nil {
		return err
	}
	return playlists.InTx(ctx, f.db, func(tx *sql.Tx) error {
		r, err := tx.ExecContext(ctx, `UPDATE subscriptions SET state = 'requested', due = 0 WHERE follow_id = $1 AND state = 'wanted'`, s.followID)
		if err != nil {
			return err
		}
		if n, err := r.RowsAffected(); n == 0 || err != nil {
			return err // no longer wanted
		}
		return f.queue(ctx, tx, outgoing{id: s.followID, actor: a.PublicID, inboxes: []string{remote.Inbox},
			body: newFollow(f.addr().Activity(s.followID), f.addr().Actor(a.PublicID), s.actor)})
	})
}

// postponeFollow waits as for a delivery, but for as long as the playlist is wanted: without its news it is still read
// again now and then.
func (f *Federation) postponeFollow(ctx context.Context, s subscription) error {
	due, _ := retryAt(s.attempts+1, f.now(), 0)
	_, err := f.db.ExecContext(ctx, `UPDATE subscriptions SET attempts = attempts + 1, due = $1 WHERE follow_id = $2 AND state = 'wanted'`, due.UnixMilli(), s.followID)
	return err
}

// unfollow forgets a Follow, and takes it back if it was sent.
func (f *Federation) unfollow(ctx context.Context, s subscription) error {
	g, err := f.goodbye(ctx, s)
	if err != nil {
		return err
	}
	return playlists.InTx(ctx, f.db, func(tx *sql.Tx) error { return f.sayGoodbye(ctx, tx, g) })
}

// goodbye is a Follow that ends, with who ends it and where to tell.
type goodbye struct {
	subscription
	publicID, inbox string // "" when there is nobody left
}

func (f *Federation) goodbye(ctx context.Context, s subscription) (goodbye, error) {
	publicID, err := f.publicIDOf(ctx, s.account)
	if err != nil {
		return goodbye{}, err
	}
	remote, _, err := f.storedActor(ctx, `id = $1`, s.actor)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return goodbye{}, err
	}
	return goodbye{subscription: s, publicID: publicID, inbox: remote.Inbox}, nil
}

func (f *Federation) sayGoodbye(ctx context.Context, tx *sql.Tx, g goodbye) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM subscriptions WHERE account_id = $1 AND playlist_id = $2`, g.account, g.playlist)
	if err != nil || g.state == wanted || g.inbox == "" || g.publicID == "" {
		return err // nobody was asked, or there is nobody left to tell
	}
	id := activityID("undo", g.followID)
	return f.queue(ctx, tx, outgoing{id: id, actor: g.publicID, inboxes: []string{g.inbox},
		body: newUndoFollow(f.addr().Activity(id), f.addr().Actor(g.publicID), f.addr().Activity(g.followID), g.actor)})
}
