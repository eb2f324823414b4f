package federation

import (
	"context"
	"database/sql"
	"errors"

	"github.com/songferry/songferry/playlists"
)

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
	have, err := playlists.Texts(ctx, f.db, `SELECT follower FROM followers WHERE actor = $1 AND host = ''`, pub.PublicID)
	if err != nil {
		return err
	}
	err = playlists.InTx(ctx, f.db, func(tx *sql.Tx) error {
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
	for account := range wanted {
		err = errors.Join(err, f.tellOwner(ctx, pub.PublicID, string(account)))
	}
	return err
}
