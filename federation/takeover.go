package federation

import (
	"context"
	"database/sql"

	"github.com/songferry/songferry/playlists"
)

// TakeOver frees what processes that died had in hand, which is then done again at once instead of after their leases.
// No other process may be at work on the database.
func (f *Federation) TakeOver(ctx context.Context) error {
	return playlists.InTx(ctx, f.db, func(tx *sql.Tx) error {
		for _, free := range []string{`UPDATE delivery_hosts SET lease = 0 WHERE lease > 0`, `UPDATE sources SET lease = 0 WHERE lease > 0`,
			`UPDATE renewals SET lease = 0 WHERE lease > 0`} {
			if _, err := tx.ExecContext(ctx, free); err != nil {
				return err
			}
		}
		return nil
	})
}
