package subsonicbridge

import (
	"context"
	"database/sql"
	"errors"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/match"
)

// Policy returns how much a file may differ from the track that the account wants.
func (b *Bridge) Policy(ctx context.Context, account playlists.ID) (match.Policy, error) {
	return policyOf(ctx, b.db, account)
}

func policyOf(ctx context.Context, q playlists.Querier, account playlists.ID) (p match.Policy, err error) {
	err = q.QueryRowContext(ctx, `SELECT policy FROM subsonic_connections WHERE account_id = $1`, account).Scan(&p)
	return p, err
}

// SetPolicy changes it, and makes the account's lists due. What the resolver remembers was decided under the old one, so
// it is forgotten; what the person decided stays.
func (b *Bridge) SetPolicy(ctx context.Context, account playlists.ID, p match.Policy) error {
	return playlists.InTx(ctx, b.db, func(tx *sql.Tx) error {
		r, err := tx.ExecContext(ctx, `UPDATE subsonic_connections SET policy = $1 WHERE account_id = $2`, p, account)
		if err != nil {
			return err
		}
		if n, err := r.RowsAffected(); n == 0 || err != nil {
			return errors.Join(err, notConnected())
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM subsonic_decisions WHERE account_id = $1`, account); err != nil {
			return err
		}
		return wakeMirrors(ctx, tx, account, b.now())
	})
}
