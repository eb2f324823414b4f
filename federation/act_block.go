package federation

import (
	"context"
	"database/sql"
	"slices"

	"github.com/songferry/songferry/playlists"
)

const (
	maxBlocksReceived = 100_000
	maxBlocksOfOne    = 1_000 // of one blocker that are looked at
)

// actBlock: who blocks one of our actors no longer follows it, and gets no message of it. Whoever blocks an account
// wants nothing from that person, so the playlists of the account are meant too; who blocks a playlist means that one.
func (f *Federation) actBlock(ctx context.Context, e envelope) error {
	kind, publicID, _, ok := f.addr().Parse(e.ObjectID)
	if !ok || kind != actorAddress && kind != playlistAddress {
		return nil
	}
	ours, err := f.actorsOf(ctx, publicID)
	if err != nil {
		return err
	}
	undone := false
	err = playlists.InTx(ctx, f.db, func(tx *sql.Tx) (err error) {
		if undone, err = wasUndone(ctx, tx, e); undone || err != nil {
			return err
		}
		for _, actor := range ours {
			if err := f.removeFollower(ctx, tx, actor, e.Actor); err != nil {
				return err
			}
		}
		if len(ours) == 0 {
			return nil
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO blocks_received (actor, blocker, block_id, at) VALUES ($1, $2, $3, $4)
			ON CONFLICT (actor, blocker) DO UPDATE SET block_id = excluded.block_id`, publicID, e.Actor, e.ID, f.now().UnixMilli())
		return err
	})
	if undone || err != nil {
		return err
	}
	return f.endProofWith(ctx, publicID, e.Actor)
}

// actorsOf returns the actor of ours with this public id and, when it is an account, those of its playlists; nothing when
// there is no such actor.
func (f *Federation) actorsOf(ctx context.Context, publicID string) ([]string, error) {
	a, err := f.store.AccountByPublicID(ctx, publicID)
	if isNotFound(err) {
		if _, err = f.federated(ctx, publicID); isNotFound(err) {
			return nil, nil
		}
		return []string{publicID}, err
	}
	if err != nil {
		return nil, err
	}
	pubs, err := f.store.Publications(ctx, a.ID)
	ours := []string{publicID}
	for _, p := range pubs {
		ours = append(ours, p.PublicID)
	}
	return ours, err
}

// undoBlock forgets a Block, named by its id or by whom it was of.
func (f *Federation) undoBlock(ctx context.Context, e envelope) error {
	if _, err := f.db.ExecContext(ctx, `DELETE FROM blocks_received WHERE blocker = $1 AND block_id = $2`, e.Actor, e.ObjectID); err != nil {
		return err
	}
	_, publicID, _, ok := f.addr().Parse(e.ObjectObject)
	if e.ObjectType != "Block" || e.ObjectActor != "" && e.ObjectActor != e.Actor || !ok {
		return nil
	}
	return forgetBlock(ctx, f.db, publicID, e.Actor)
}

func forgetBlock(ctx context.Context, q playlists.Querier, actor, blocker string) error {
	_, err := q.ExecContext(ctx, `DELETE FROM blocks_received WHERE actor = $1 AND blocker = $2`, actor, blocker)
	return err
}

// hasBlocked reports whether an actor elsewhere has blocked one of ours, or the account whose playlist that is. It is to
// get neither mentions nor messages from it.
func (f *Federation) hasBlocked(ctx context.Context, blocker, publicID string) (bool, error) {
	blocked, err := playlists.Texts(ctx, f.db, `SELECT actor FROM blocks_received WHERE blocker = $1 ORDER BY at DESC LIMIT $2`, blocker, maxBlocksOfOne)
	if err != nil {
		return false, err
	}
	for _, actor := range blocked {
		ours, err := f.actorsOf(ctx, actor)
		if err != nil || slices.Contains(ours, publicID) {
			return err == nil, err
		}
	}
	return false, nil
}
