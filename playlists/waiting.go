package playlists

import (
	"context"
	"time"
)

// Waiting is how much work waits, and since when the oldest of it does.
type Waiting struct {
	N     int
	Since time.Time // zero when nothing waits
}

// WaitingIn returns what a query says: a number, and a time in unix milliseconds or 0.
func WaitingIn(ctx context.Context, q Querier, query string, args ...any) (w Waiting, err error) {
	var since int64
	err = q.QueryRowContext(ctx, query, args...).Scan(&w.N, &since)
	w.Since = FromMillis(since)
	return w, err
}

// Counts is how much there is in all.
type Counts struct {
	Accounts, Playlists, Revisions int
}

// Counts counts.
func (s *Store) Counts(ctx context.Context) (c Counts, err error) {
	err = s.db.QueryRowContext(ctx, `SELECT (SELECT COUNT(*) FROM accounts), (SELECT COUNT(*) FROM playlists), (SELECT COUNT(*) FROM revisions)`).
		Scan(&c.Accounts, &c.Playlists, &c.Revisions)
	return c, err
}
