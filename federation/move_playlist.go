package federation

import (
	"context"
	"database/sql"
	"errors"

	"github.com/songferry/songferry/playlists"
)

// moveAsTold does what a playlist's actor asked for by its Move. A claim that the other side does not confirm is dropped,
// and the playlist is read where it is.
func (f *Federation) moveAsTold(ctx context.Context, s source, told bool) error {
	moved, err := f.movePlaylist(ctx, s, s.movedTo)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case moved:
		return nil
	case passes(err, s.attempts+1):
		return f.releaseSource(ctx, s, reading{notModified: true}, told, err)
	}
	f.log.Info("followed playlist does not move", "playlist", s.playlist, "host", hostOf(s.collection), "error", err)
	_, err = f.db.ExecContext(ctx, `UPDATE sources SET moved_to = '', lease = 0, attempts = 0 WHERE playlist_id = $1 AND lease = $2`, s.playlist, s.lease)
	return err
}

// movedUnheard follows a playlist that has moved without our hearing of it, and reports whether it did.
func (f *Federation) movedUnheard(ctx context.Context, s source, read reading) bool {
	moved, err := f.movePlaylist(ctx, s, f.movedTo(ctx, s, read))
	if err != nil {
		f.log.Info("followed playlist does not move", "playlist", s.playlist, "host", hostOf(s.collection), "error", err)
	}
	return moved
}

// movedTo returns the actor that a playlist's actor says to have become, "" when it is still itself. A Move that was lost
// shows there. When the playlist itself has not changed its actor is read once a day.
func (f *Federation) movedTo(ctx context.Context, s source, read reading) string {
	if !read.notModified || s.actor == "" {
		return read.movedTo
	}
	_, fetched, err := f.storedActor(ctx, `id = $1`, s.actor)
	if err != nil || f.now().Sub(fetched) < actorFresh {
		return ""
	}
	a, err := f.fetchActor(ctx, s.actor)
	if err != nil {
		return "" // what is wrong with it shows when the playlist has changed
	}
	return a.MovedTo
}

// movePlaylist follows a playlist to the actor that it says to have become, for everybody here: the same playlist, the
// same wants, read from another address. false with an error says why it stays.
func (f *Federation) movePlaylist(ctx context.Context, s source, target string) (moved bool, err error) {
	switch {
	case target == "" || s.actor == "":
		return false, nil
	case !f.rested(s.moved):
		return false, errMovedLately
	case f.isOwnHost(hostOf(target)):
		return f.movePlaylistHere(ctx, s, target)
	}
	a, err := f.successor(ctx, s.actor, target)
	if err != nil {
		return false, err
	}
	found, err := f.lookupActor(ctx, "", a) // it can be read, or will be when we are approved followers
	if err != nil {
		return false, err
	}
	if err := f.relocate(ctx, s, a, found); err != nil {
		return false, err
	}
	f.log.Info("followed playlist moved", "playlist", s.playlist, "from", hostOf(s.collection), "to", hostOf(a.ID))
	return true, nil
}

// relocate keeps that a playlist is another one now. When that is known here already the wants go there, and
// SubscribeOnce sees to the Follows.
func (f *Federation) relocate(ctx context.Context, s source, a RemoteActor, found Found) error {
	other, known, err := f.store.BySource(ctx, found.Playlist.Source)
	if err != nil {
		return err
	}
	if known && other != s.playlist {
		if _, _, err := f.keepFound(ctx, found, playlists.Sync); err != nil {
			return err
		}
	}
	if !found.Readable { // the owner of that one approves who sees it, whoever saw this one
		wants, err := f.syncing(ctx, s.playlist)
		if err != nil {
			return err
		}
		for account := range wants {
			if err := f.store.GrantWants(ctx, account, s.playlist, false); err != nil {
				return err
			}
		}
	}
	now, err := f.store.Relocate(ctx, s.playlist, found.Playlist.Source)
	if err != nil {
		return err
	}
	if now != s.playlist {
		return f.stopSource(ctx, s)
	}
	return f.moveSource(ctx, s, a, found.Playlist.Source)
}

// moveSource reads a playlist from another address from now on, and sends its new actor the Follows that its old one has.
func (f *Federation) moveSource(ctx context.Context, s source, a RemoteActor, collection string) error {
	subs, err := f.subscriptions(ctx, `playlist_id = $1`, s.playlist)
	if err != nil {
		return err
	}
	var goodbyes []goodbye
	for _, sub := range subs {
		g, err := f.goodbye(ctx, sub)
		if err != nil {
			return err
		}
		goodbyes = append(goodbyes, g)
	}
	now := f.now().UnixMilli()
	return playlists.InTx(ctx, f.db, func(tx *sql.Tx) error {
		done, err := tx.ExecContext(ctx, `UPDATE sources SET collection = $1, actor = $2, etag = '', last_modified = '', moved_to = '', moved = $3, due = $3,
			lease = 0, attempts = 0, error = '' WHERE playlist_id = $4 AND lease = $5`, collection, a.ID, now, s.playlist, s.lease)
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); n == 0 || err != nil {
			return err // whoever has the lease now does it again
		}
		for _, g := range goodbyes {
			if err := f.sayGoodbye(ctx, tx, g); err != nil {
				return err
			}
			if err := f.wantFollow(ctx, tx, subscription{account: g.account, playlist: s.playlist, actor: a.ID}); err != nil {
				return err
			}
		}
		return nil
	})
}

// movePlaylistHere ends the copying of a playlist that moved to this bridge: who wants it wants that of the account here.
func (f *Federation) movePlaylistHere(ctx context.Context, s source, target string) (bool, error) {
	publicID, err := f.formerly(ctx, s.actor, target)
	if err != nil {
		return false, err
	}
	pub, err := f.store.PublicationByPublicID(ctx, publicID)
	if err != nil {
		return false, err
	}
	if !pub.Live() || !pub.Audience.Federated() {
		return false, errNoSuccessor
	}
	wants, err := f.syncing(ctx, s.playlist)
	if err != nil {
		return false, err
	}
	if err := f.store.Repoint(ctx, s.playlist, pub.Playlist); err != nil {
		return false, err
	}
	if pub.Audience == playlists.Followers {
		for account := range wants { // the owner approves them as anybody else
			err = errors.Join(err, f.store.GrantWants(ctx, account, pub.Playlist, false))
		}
	}
	return true, errors.Join(err, f.stopSource(ctx, s))
}

// stopSource forgets where a playlist was read from.
func (f *Federation) stopSource(ctx context.Context, s source) error {
	_, err := f.db.ExecContext(ctx, `DELETE FROM sources WHERE playlist_id = $1`, s.playlist)
	return err
}
