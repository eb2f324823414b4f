package federation

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/songferry/songferry/playlists"
)

// pollUntold is how often a playlist is read again whose origin cannot tell us of changes: this bridge has no address,
// or the playlist is shared by a link.
const pollUntold = 15 * time.Minute

// Subscribe keeps that an account wants what Lookup found: its newest version once, or every version from now on.
func (f *Federation) Subscribe(ctx context.Context, account playlists.ID, found Found, target string, m playlists.Mode, w playlists.OnWithdraw) (playlists.Want, error) {
	want := playlists.Want{Account: account, Target: target, Mode: m, OnWithdraw: w, Granted: found.Readable}
	if m == playlists.Once && !found.Readable {
		return want, playlists.Problemf(playlists.Forbidden, nil, "%q is for approved followers: follow it first, and import it when its owner has approved you.", found.Playlist.Name)
	}
	if !found.Local && !found.Readable && !f.public {
		return want, playlists.Problemf(playlists.Forbidden, nil, "%q is for approved followers, and this bridge has no public address to ask from: set SONGFERRY_URL first.", found.Playlist.Name)
	}
	var err error
	if want.Playlist, want.Pinned, err = f.keepFound(ctx, found, m); err != nil {
		return want, err
	}
	return f.store.AddWant(ctx, want)
}

// keepFound records what was read and, to be kept in step, where it was read from.
func (f *Federation) keepFound(ctx context.Context, found Found, m playlists.Mode) (id playlists.ID, revision int64, err error) {
	if found.Local {
		return found.Playlist.ID, found.Playlist.Revision, nil
	}
	if found.Readable {
		c, _, err := f.store.Record(ctx, found.Playlist)
		if err != nil {
			return "", 0, err
		}
		id, revision = c.Playlist, c.Revision
	} else if id, err = f.store.Expect(ctx, found.Playlist.Source); err != nil {
		return "", 0, err
	}
	if m == playlists.Once {
		return id, revision, nil
	}
	// Where it is followed already, the daemon may have read a newer version meanwhile and recorded it before this one: so
	// it is read again, whole, and who has it in hand lets go.
	now := f.now()
	_, err = f.db.ExecContext(ctx, `INSERT INTO sources (playlist_id, collection, actor, etag, last_modified, due, lease, attempts, error, refreshed)
		VALUES ($1, $2, $3, $4, $5, $6, 0, 0, '', $7)
		ON CONFLICT (playlist_id) DO UPDATE SET etag = '', last_modified = '', due = excluded.refreshed, lease = 0`,
		id, found.Playlist.Source, found.actor, found.condition.ETag, found.condition.LastModified, now.Add(f.pollEvery(false)).UnixMilli(), now.UnixMilli())
	return id, revision, err
}

// pollEvery is how often a playlist is read again without being told; told says that its origin sends us news.
func (f *Federation) pollEvery(told bool) time.Duration {
	if told {
		return f.slow
	}
	return min(f.slow, pollUntold)
}

// SubscribeOnce reads the journal and makes the Follows that we have sent equal to the wants that there are. It returns
// how many changes it handled.
func (f *Federation) SubscribeOnce(ctx context.Context) (int, error) {
	return f.store.Each(ctx, "subscribe", playlists.Any, func(ctx context.Context, c playlists.Change) error {
		switch {
		case c.Kind == playlists.Wanted && c.Origin == playlists.Remote:
			return f.matchFollows(ctx, c.Playlist)
		case c.Origin == playlists.Local && (c.Kind == playlists.Wanted || c.Kind == playlists.Widened):
			return f.matchLocalFollows(ctx, c.Playlist)
		}
		return nil
	})
}

// syncing returns the live sync wants for a playlist by account.
func (f *Federation) syncing(ctx context.Context, playlist playlists.ID) (map[playlists.ID]playlists.Want, error) {
	wants, err := f.store.Wants(ctx, playlist)
	out := map[playlists.ID]playlists.Want{}
	for _, w := range wants {
		if w.Mode == playlists.Sync && w.Ended.IsZero() {
			out[w.Account] = w
		}
	}
	return out, err
}

// matchFollows sends a Follow for every account that began to want a Remote playlist, an Undo for every one that
// stopped, and stops reading what nobody wants.
func (f *Federation) matchFollows(ctx context.Context, playlist playlists.ID) error {
	wanted, err := f.syncing(ctx, playlist)
	if err != nil {
		return err
	}
	var actor string
	err = f.db.QueryRowContext(ctx, `SELECT actor FROM sources WHERE playlist_id = $1`, playlist).Scan(&actor)
	if errors.Is(err, sql.ErrNoRows) {
		return nil // a copy made once, or withdrawn at its origin
	}
	if err != nil {
		return err
	}
	have, err := texts(ctx, f.db, `SELECT account_id FROM subscriptions WHERE playlist_id = $1`, playlist)
	if err != nil {
		return err
	}
	for _, account := range have {
		if _, ok := wanted[playlists.ID(account)]; !ok {
			if err := f.unfollow(ctx, playlists.ID(account), playlist); err != nil {
				return err
			}
		}
		delete(wanted, playlists.ID(account))
	}
	if len(wanted) == 0 && actor == "" || !f.public {
		return nil
	}
	for account := range wanted {
		if err := f.follow(ctx, account, playlist, actor); err != nil {
			return err
		}
	}
	return nil
}

// follow queues a Follow and keeps that it was sent. A share link has no actor to follow.
func (f *Federation) follow(ctx context.Context, account, playlist playlists.ID, actor string) error {
	if actor == "" {
		return nil
	}
	a, err := f.store.Account(ctx, account)
	if err != nil {
		return err
	}
	// The playlist's own inbox, not its server's shared one: only its owner can answer.
	remote, err := f.remoteActor(ctx, actor)
	if err != nil {
		return err
	}
	return playlists.InTx(ctx, f.db, func(tx *sql.Tx) error {
		id := activityID("follow", string(playlists.NewID()))
		r, err := tx.ExecContext(ctx, `INSERT INTO subscriptions (account_id, playlist_id, actor, follow_id, state, at) VALUES ($1, $2, $3, $4, 'requested', $5)
			ON CONFLICT (account_id, playlist_id) DO NOTHING`, account, playlist, actor, id, f.now().UnixMilli())
		if err != nil {
			return err
		}
		if n, err := r.RowsAffected(); n == 0 || err != nil {
			return err
		}
		if err := f.freezeOrigin(ctx, tx); err != nil {
			return err
		}
		return f.queue(ctx, tx, outgoing{id: id, actor: a.PublicID, inboxes: []string{remote.Inbox}, body: newFollow(f.addr.Activity(id), f.addr.Actor(a.PublicID), actor)})
	})
}

func (f *Federation) unfollow(ctx context.Context, account, playlist playlists.ID) error {
	a, err := f.store.Account(ctx, account)
	if err != nil {
		return err
	}
	var actor, followID string
	err = f.db.QueryRowContext(ctx, `SELECT actor, follow_id FROM subscriptions WHERE account_id = $1 AND playlist_id = $2`, account, playlist).Scan(&actor, &followID)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	remote, _, err := f.storedActor(ctx, `id = $1`, actor)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	return playlists.InTx(ctx, f.db, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM subscriptions WHERE account_id = $1 AND playlist_id = $2`, account, playlist); err != nil {
			return err
		}
		id := activityID("undo", followID)
		return f.queue(ctx, tx, outgoing{id: id, actor: a.PublicID, inboxes: []string{remote.Inbox},
			body: newUndoFollow(f.addr.Activity(id), f.addr.Actor(a.PublicID), f.addr.Activity(followID), actor)})
	})
}

// matchLocalFollows makes accounts of this bridge followers of a playlist for approved followers, so that its owner is
// asked as for anybody else, and forgets those that stopped.
func (f *Federation) matchLocalFollows(ctx context.Context, playlist playlists.ID) error {
	pub, err := f.store.Publication(ctx, playlist)
	if err != nil || !pub.Audience.Federated() {
		return err
	}
	wanted, err := f.syncing(ctx, playlist)
	if err != nil {
		return err
	}
	have, err := texts(ctx, f.db, `SELECT follower FROM followers WHERE actor = $1 AND inbox = ''`, pub.PublicID)
	if err != nil {
		return err
	}
	return playlists.InTx(ctx, f.db, func(tx *sql.Tx) error {
		for _, id := range have {
			if _, ok := wanted[playlists.ID(id)]; !ok {
				if err := f.removeFollower(ctx, tx, pub.PublicID, id); err != nil {
					return err
				}
			}
		}
		for account, w := range wanted {
			state := pending
			if w.Granted {
				state = accepted
			}
			if err := f.keepFollower(ctx, tx, follower{actor: pub.PublicID, id: string(account), state: state}); err != nil {
				return err
			}
		}
		return nil
	})
}
