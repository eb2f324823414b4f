package notify

import (
	"context"

	"github.com/songferry/songferry/playlists"
)

// Tidy deletes old codes, and what came too late of accounts that are gone.
func (n *Notifier) Tidy(ctx context.Context) error {
	if _, err := n.DB.ExecContext(ctx, `DELETE FROM email_codes WHERE at < $1`, playlists.Millis(n.Now().Add(-KeepCodes))); err != nil {
		return err
	}
	gone, err := n.Store.Departures(ctx, n.Now().Add(-7*day))
	for _, d := range gone {
		if err == nil {
			err = n.Forget(ctx, d.Account)
		}
	}
	return err
}

// TakeOver frees what processes that died had in hand. No other process may be at work on the database.
func (n *Notifier) TakeOver(ctx context.Context) error {
	_, err := n.DB.ExecContext(ctx, `UPDATE ways SET lease = 0 WHERE lease > 0`)
	return err
}
