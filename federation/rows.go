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
