package subsonicbridge

import (
	"context"
	"database/sql"

	"github.com/songferry/songferry/playlists"
)

// TakeOver frees the accounts and mirrors that processes which died had in hand, and makes those mirrors due, instead
// of waiting for their leases to end. No other process may be at work on the database.
func (b *Bridge) TakeOver(ctx context.Context) error {
	return playlists.InTx(ctx, b.db, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `UPDATE subsonic_connections SET lease = 0 WHERE lease > 0`); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `UPDATE subsonic_mirrors SET lease = 0, due = $1 WHERE lease > 0`, playlists.Millis(b.now()))
		return err
	})
}
