package notify

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/songferry/songferry/playlists"
)

const testPause = time.Minute // between two tests by one way

// Test sends a test by a way, now. Its error says what is wrong.
func (n *Notifier) Test(ctx context.Context, account playlists.ID, kind playlists.Way) error {
	a, err := n.Store.Account(ctx, account)
	if err != nil {
		return err
	}
	now := n.Now()
	w, err := n.scan(n.DB.QueryRowContext(ctx, `UPDATE ways SET tested = $1 WHERE account_id = $2 AND way = $3 AND tested <= $4 RETURNING `+wayColumns,
		playlists.Millis(now), account, kind, playlists.Millis(now.Add(-testPause))))
	if errors.Is(err, sql.ErrNoRows) {
		return n.whyNoTest(ctx, account, kind)
	}
	if err != nil {
		return err
	}
	if err := n.send(ctx, w, n.testMessage(a)); err != nil {
		return err
	}
	// What failed before is tried at once; who has the way in hand keeps it.
	_, err = n.DB.ExecContext(ctx, `UPDATE ways SET due = 0, failing = 0, problem = '', worked = $1 WHERE account_id = $2 AND way = $3`,
		playlists.Millis(n.Now()), account, kind)
	return err
}

func (n *Notifier) whyNoTest(ctx context.Context, account playlists.ID, kind playlists.Way) error {
	var has int
	err := n.DB.QueryRowContext(ctx, `SELECT COUNT(*) FROM ways WHERE account_id = $1 AND way = $2`, account, kind).Scan(&has)
	if err != nil {
		return err
	}
	if has == 0 {
		return noWay()
	}
	return playlists.Problemf(playlists.Unavailable, nil, "A test was sent a moment ago. Wait a minute before the next.")
}
