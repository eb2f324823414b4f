package federation

import (
	"context"

	"github.com/songferry/songferry/playlists"
)

// any reports whether a query that counts finds something.
func (f *Federation) any(ctx context.Context, query string, args ...any) (bool, error) {
	var n int
	err := f.db.QueryRowContext(ctx, query, args...).Scan(&n)
	return n > 0, err
}

// texts returns the rows of a query of one text column.
func texts(ctx context.Context, q playlists.Querier, query string, args ...any) ([]string, error) {
	return playlists.Collect(ctx, q, func(row playlists.Scanner) (text string, err error) {
		err = row.Scan(&text)
		return text, err
	}, query, args...)
}
