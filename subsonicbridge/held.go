package subsonicbridge

import (
	"context"
	"sync"
	"time"

	"github.com/songferry/songferry/playlists"
)

// held are the leases that this process could not give back, because the database failed it just then: a full disk, say. Without
// them an account would not be looked at, or a list not be written, until the lease ends, long after the disk has room again.
type held struct {
	mu     sync.Mutex
	leases []heldLease
}

type heldLease struct {
	query string
	id    playlists.ID
	until int64 // a later lease is somebody else's
}

// A lease that has ended, as if its holder had crashed: what it was of is claimed next.
const (
	endPollLease   = `UPDATE subsonic_connections SET lease = 1 WHERE account_id = $1 AND lease > 0 AND lease <= $2`
	endMirrorLease = `UPDATE subsonic_mirrors SET lease = 1 WHERE want_id = $1 AND lease > 0 AND lease <= $2`
)

const maxHeld = 1_000 // the rest ends by itself

// keep remembers a lease of this process, which lasts so long at most.
func (h *held) keep(query string, id playlists.ID, now time.Time, lease time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.leases) < maxHeld {
		h.leases = append(h.leases, heldLease{query, id, playlists.Millis(now.Add(lease))})
	}
}

// giveBack ends what is remembered.
func (b *Bridge) giveBack(ctx context.Context) error {
	b.held.mu.Lock()
	defer b.held.mu.Unlock()
	for len(b.held.leases) > 0 {
		l := b.held.leases[0]
		if _, err := b.db.ExecContext(ctx, l.query, l.id, l.until); err != nil {
			return err
		}
		b.held.leases = b.held.leases[1:]
	}
	return nil
}
