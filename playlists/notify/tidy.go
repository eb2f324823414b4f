package notify

import (
	"context"
	"time"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/codes"
)

// Tidy deletes old codes, and what came too late of accounts that are gone.
func (n *Notifier) Tidy(ctx context.Context) error {
	if err := n.forgetFuture(ctx, n.Now()); err != nil {
		return err
	}
	if _, err := n.DB.ExecContext(ctx, `DELETE FROM email_codes WHERE at < $1`, playlists.Millis(n.Now().Add(-codes.Kept))); err != nil {
		return err
	}
	gone, err := n.Store.Departures(ctx, n.Now().Add(-7*24*time.Hour))
	for _, d := range gone {
		if err == nil {
			err = n.Forget(ctx, d.Account)
		}
	}
	return err
}

// forgetFuture ends what was kept while the clock of this machine was ahead: waits and leases that reach further than any do, and
// codes, which would be good, and count, until then.
func (n *Notifier) forgetFuture(ctx context.Context, now time.Time) error {
	for _, f := range []struct {
		query string
		set   time.Time // zero: 0
		past  time.Time
	}{
		{`UPDATE ways SET due = $1 WHERE due > $2`, now, now.Add(longestWait)},
		{`UPDATE ways SET lease = $1 WHERE lease > $2`, time.Time{}, now.Add(wayLease)},
		{`UPDATE ways SET since = $1 WHERE since > $2`, now, now},
		{`UPDATE ways SET tested = $1 WHERE tested > $2`, time.Time{}, now},
		{`UPDATE email_codes SET at = $1, ended = $1 WHERE at > $2`, now, now},
	} {
		if _, err := n.DB.ExecContext(ctx, f.query, playlists.Millis(f.set), playlists.Millis(f.past)); err != nil {
			return err
		}
	}
	return nil
}

// TakeOver frees what processes that died had in hand. No other process may be at work on the database.
func (n *Notifier) TakeOver(ctx context.Context) error {
	_, err := n.DB.ExecContext(ctx, `UPDATE ways SET lease = 0 WHERE lease > 0`)
	return err
}
