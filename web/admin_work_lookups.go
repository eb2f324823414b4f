package web

import (
	"context"
	"time"

	"github.com/songferry/songferry/playlists"
)

const maxLookupsShown = 50

// waitingLookup is that somebody waits to see what a playlist is. Which one is theirs to know: its address may be a secret.
type waitingLookup struct {
	Account playlists.ID
	Since   time.Time
	Begun   bool
}

// backlog returns what waits to be looked at, the oldest first, and how much that is in all.
func (l *Lookups) backlog(ctx context.Context) (first []waitingLookup, all playlists.Waiting, err error) {
	all, err = playlists.WaitingIn(ctx, l.db, `SELECT COUNT(*), COALESCE(MIN(created), 0) FROM lookups WHERE result = ''`)
	if err != nil {
		return nil, all, err
	}
	now := playlists.Millis(l.now())
	first, err = playlists.Collect(ctx, l.db, func(row playlists.Scanner) (w waitingLookup, err error) {
		var created, lease int64
		err = row.Scan(&w.Account, &created, &lease)
		w.Since, w.Begun = playlists.FromMillis(created), lease > now
		return w, err
	}, `SELECT account_id, created, lease FROM lookups WHERE result = '' ORDER BY created, id LIMIT $1`, maxLookupsShown)
	return first, all, err
}
