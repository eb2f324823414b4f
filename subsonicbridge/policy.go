package subsonicbridge

import (
	"context"
	"database/sql"
	"errors"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/match"
)

// Policy returns how much a file may differ from the track that the account wants.
func (b *Bridge) Policy(ctx context.Context, account playlists.ID) (p match.Policy, err error) {
	err = b.db.QueryRowContext(ctx, `SELECT policy FROM subsonic_connections WHERE account_id = $1`, account).Scan(&p)
	return p, err
}

// SetPolicy changes it, and makes the account's lists due. What the resolver remembers was decided under the old one and
// holds no more; what the person decided stays.
func (b *Bridge) SetPolicy(ctx context.Context, account playlists.ID, p match.Policy) error {
	return playlists.InTx(ctx, b.db, func(tx *sql.Tx) error {
		r, err := tx.ExecContext(ctx, `UPDATE subsonic_connections SET policy = $1 WHERE account_id = $2`, p, account)
		if err != nil {
			return err
		}
		if n, err := r.RowsAffected(); n == 0 || err != nil {
			return errors.Join(err, notConnected())
		}
		return wakeMirrors(ctx, tx, account, b.now())
	})
}
