package subsonicbridge

import (
	"context"
	"time"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/lease"
)

// farthestLease is longer than any lease, also as another machine's clock sees it that is somewhat behind.
const farthestLease = 10 * time.Minute

// forgetFuture ends waits and leases that reach further than any do: they were made while the clock of this machine was ahead, and
// would else hold everything up until then.
func (b *Bridge) forgetFuture(ctx context.Context) error {
	now := b.now()
	longest := max(b.interval, maxPollDelay)
	farthest := playlists.Millis(now.Add(farthestLease))
	for _, m := range []struct {
		query       string
		set, beyond int64
	}{
		{`UPDATE subsonic_connections SET lease = $1 WHERE lease > $2`, 0, farthest},
		{`UPDATE subsonic_connections SET due = $1 WHERE due > $2`, playlists.Millis(now), playlists.Millis(now.Add(longest))},
		{`UPDATE subsonic_mirrors SET lease = $1 WHERE lease > $2`, lease.Crashed, farthest},
		{`UPDATE subsonic_mirrors SET due = $1 WHERE due > $2`, playlists.Millis(now), playlists.Millis(now.Add(maxMirrorDelay))},
	} {
		if _, err := b.db.ExecContext(ctx, m.query, m.set, m.beyond); err != nil {
			return err
		}
	}
	return nil
}
