package subsonicbridge

import (
	"context"
	"sync"

	"github.com/songferry/songferry/playlists/lease"
)

// held are the leases that this process could not give back, because the database failed it just then: a full disk, say. Without
// them an account would not be looked at, or a list not be written, until the lease ends, long after the disk has room again.
type held struct {
	mu     sync.Mutex
	claims []*lease.Lease
}

const maxHeld = 1_000 // the rest ends by itself

// keep remembers what this process no longer works on.
func (h *held) keep(c *lease.Lease) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.claims) < maxHeld {
		h.claims = append(h.claims, c)
	}
}

// giveBack ends what is remembered.
func (b *Bridge) giveBack(ctx context.Context) error {
	b.held.mu.Lock()
	defer b.held.mu.Unlock()
	for len(b.held.claims) > 0 {
		c := b.held.claims[0]
		if err := b.leases.Set(ctx, c, lease.Crashed); err != nil {
			return err
		}
		b.held.claims = b.held.claims[1:]
	}
	return nil
}
