package federation

import (
	"context"
	"time"
)

const (
	maxLease = 10 * time.Minute // longer than any lease of ours
	maxWait  = 2 * longestWait  // longer than anything waits that is not read again by itself
)

// forgetFuture ends waits and leases that reach further than any do. They were made while the clock of this machine was ahead, as
// that of a small computer may be until it has asked for the time, and would else hold everything up until then.
func (f *Federation) forgetFuture(ctx context.Context) error {
	now := f.now()
	for _, table := range []string{"delivery_hosts", "sources", "rosters", "roster_playlists", "requests", "renewals"} {
		if _, err := f.db.ExecContext(ctx, `UPDATE `+table+` SET lease = 0 WHERE lease > $1`, now.Add(maxLease).UnixMilli()); err != nil {
			return err
		}
	}
	latest := now.Add(maxWait)
	for _, w := range []struct {
		latest time.Time
		tables []string
	}{
		{now.Add(f.slow), []string{"sources", "rosters"}},
		{latest, []string{"announcements", "deliveries", "delivery_hosts", "inbox", "news", "posts", "renewals", "requests", "roster_playlists", "subscriptions"}},
	} {
		for _, table := range w.tables {
			if _, err := f.db.ExecContext(ctx, `UPDATE `+table+` SET due = $1 WHERE due > $2`, now.UnixMilli(), w.latest.UnixMilli()); err != nil {
				return err
			}
		}
	}
	if _, err := f.db.ExecContext(ctx, `DELETE FROM missing_keys WHERE until > $1`, latest.UnixMilli()); err != nil {
		return err
	}
	_, err := f.db.ExecContext(ctx, `DELETE FROM quotas WHERE since > $1`, now.Add(maxLease).UnixMilli())
	return err
}
