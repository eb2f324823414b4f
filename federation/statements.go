package federation

import (
	"context"
	"database/sql"

	"github.com/songferry/songferry/playlists"
)

// statement is one to run: a text and its arguments.
type statement struct {
	text string
	args []any
}

// execAll runs statements in one transaction.
func (f *Federation) execAll(ctx context.Context, all []statement) error {
	if len(all) == 0 {
		return nil
	}
	return playlists.InTx(ctx, f.db, func(tx *sql.Tx) error {
		for _, s := range all {
			if _, err := tx.ExecContext(ctx, s.text, s.args...); err != nil {
				return err
			}
		}
		return nil
	})
}

// any reports whether a query that counts finds something.
func (f *Federation) any(ctx context.Context, query string, args ...any) (bool, error) {
	var n int
	err := f.db.QueryRowContext(ctx, query, args...).Scan(&n)
	return n > 0, err
}
