package federation

import (
	"context"
	"errors"
	"time"

	"github.com/songferry/songferry/playlists"
)

// pollUntold is how often a playlist is read again whose origin cannot tell us of changes: this bridge has no address,
// or the playlist is shared by a link.
const pollUntold = 15 * time.Minute

// Subscribe keeps that an account wants what Lookup found: its newest version once, or every version from now on.
func (f *Federation) Subscribe(ctx context.Context, account playlists.ID, found Found, target string, m playlists.Mode, w playlists.OnWithdraw) (playlists.Want, error) {
	return f.subscribe(ctx, found, playlists.Want{Account: account, Target: target, Mode: m, OnWithdraw: w})
}

// subscribe is Subscribe for a want whose ID may have been chosen beforehand.
func (f *Federation) subscribe(ctx context.Context, found Found, want playlists.Want) (playlists.Want, error) {
	m := want.Mode
	want.Granted = found.Readable
	if m == playlists.Once && !found.Readable {
		return want, playlists.Problemf(playlists.Forbidden, nil, "%q is for approved followers: follow it first, and import it when its owner has approved you.", found.Playlist.Name)
	}
	if found.File && m == playlists.Sync {
		return want, playlists.Problemf(playlists.Invalid, nil, "%q is in a file, which tells nobody when it changes: import it instead, to copy it once.", found.Playlist.Name)
	}
	if !found.Local && !found.Readable && !f.public() {
		return want, playlists.Problemf(playlists.Forbidden, nil, "%q is for approved followers, and this bridge has no public address to ask from. An administrator has to give it one first.", found.Playlist.Name)
	}
	if !found.Local && !found.Readable {
		if _, err := f.accountWithHandle(ctx, want.Account); err != nil {
			return want, err
		}
	}
	if found.File {
		found.Playlist.Owner = want.Account // a playlist of their own, which no news change
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
	if id, revision, err = f.keepVersion(ctx, found); err != nil || m == playlists.Once {
		return id, revision, err
	}
	// A source that is there already becomes due, so that nobody takes it for one that is wanted no more. Whose it is has
	// been proven only for what could be read: an actor can name any collection of its host, and would else answer our
	// Follows of it, or move it.
	now := f.now()
	_, err = f.db.ExecContext(ctx, `INSERT INTO sources (playlist_id, collection, actor, etag, last_modified, due, lease, attempts, error, refreshed)
		VALUES ($1, $2, $3, $4, $5, $6, 0, 0, '', $7) ON CONFLICT (playlist_id) DO UPDATE SET
			actor = CASE WHEN $8 THEN excluded.actor ELSE sources.actor END, due = $7 + 1`,
		id, found.Playlist.Source, found.actor, found.condition.ETag, found.condition.LastModified, now.Add(f.pollEvery(false)).UnixMilli(), now.UnixMilli(), found.Readable)
	return id, revision, err
}

// keepVersion records what was read, or only that there is such a playlist when it could not be read yet.
func (f *Federation) keepVersion(ctx context.Context, found Found) (id playlists.ID, revision int64, err error) {
	if !found.Readable {
		id, err = f.store.Expect(ctx, found.Playlist.Source)
		return id, 0, err
	}
	c, changed, err := f.store.Record(ctx, found.Playlist)
	if err == nil && changed {
		// When it is followed already, a newer version may have been read since: read it once more, without condition.
		// Whoever is about to keep the condition of its reading has lost the lease.
		_, err = f.db.ExecContext(ctx, `UPDATE sources SET etag = '', last_modified = '', due = $1, lease = 0 WHERE playlist_id = $2`, f.now().UnixMilli()+1, c.Playlist)
	}
	return c.Playlist, c.Revision, err
}

// pollEvery is how often a playlist is read again without being told; told says that its origin sends us news.
func (f *Federation) pollEvery(told bool) time.Duration {
	if told {
		return f.slow
	}
	return min(f.slow, pollUntold)
}

// SubscribeOnce reads the journal and makes the Follows that we have sent equal to the wants that there are. It returns
// how many changes and Follows it handled.
func (f *Federation) SubscribeOnce(ctx context.Context) (int, error) {
	n, err := f.store.Each(ctx, "subscribe", playlists.Any, func(ctx context.Context, c playlists.Change) error {
		switch {
		case c.Kind == playlists.WantedPerson:
			return f.matchPerson(ctx, playlists.ID(c.PublicID))
		case c.Kind == playlists.Wanted && c.Origin == playlists.Remote:
			return f.matchFollows(ctx, c.Playlist)
		case c.Origin == playlists.Local && c.Kind == playlists.Published:
			return f.noteLocalPublication(ctx, c.Playlist)
		case c.Origin == playlists.Local && c.Kind == playlists.Widened:
			return errors.Join(f.noteLocalPublication(ctx, c.Playlist), f.matchLocalFollows(ctx, c.Playlist))
		case c.Origin == playlists.Local && c.Kind == playlists.Wanted:
			return f.matchLocalFollows(ctx, c.Playlist)
		}
		return nil
	})
	if err != nil {
		return n, err
	}
	sent, err := f.sendFollows(ctx)
	return n + sent, err
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
