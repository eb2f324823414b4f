package federation

import (
	"context"
	"time"

	"github.com/songferry/songferry/playlists"
)

// any reports whether a query that counts finds something.
func (f *Federation) any(ctx context.Context, query string, args ...any) (bool, error) {
	var n int
	err := f.db.QueryRowContext(ctx, query, args...).Scan(&n)
	return n > 0, err
}

// stillOurs has a lease begin anew before what was read under it is kept, and reports whether it was ours until now: who was stopped
// for longer than a lease keeps nothing, since another process may have read what is newer. set makes $1 the lease of the row $2 if it
// is $3.
func (f *Federation) stillOurs(ctx context.Context, set string, row any, lease *int64, last time.Duration) (bool, error) {
	next := playlists.Millis(f.now().Add(last))
	done, err := f.db.ExecContext(ctx, set, next, row, *lease)
	if err != nil {
		return false, err
	}
	n, err := done.RowsAffected()
	*lease = next
	return n > 0, err
}

// countEach sets how many rows each of some names has, by a statement for ForRows that returns names and counts. Who has none is left
// as it was.
func countEach(ctx context.Context, q playlists.Querier, statement string, names []string, into map[string]int) error {
	name := func(i int) ([]any, error) { return []any{names[i]}, nil }
	return playlists.EachForRows(statement, nil, len(names), name, func(query string, args []any) error {
		_, err := playlists.Collect(ctx, q, func(row playlists.Scanner) (n int, err error) {
			var name string
			err = row.Scan(&name, &n)
			into[name] = n
			return n, err
		}, query, args...)
		return err
	})
}
