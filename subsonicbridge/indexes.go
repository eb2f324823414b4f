package subsonicbridge

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/match"
)

const (
	maxIndexes = 4               // in memory at once: about 150 bytes a song
	indexIdle  = 2 * time.Minute // an index that was not used for so long goes: most of the time nothing is resolved
)

// indexCache holds the indexes of the libraries that were used last. The zero value is empty.
type indexCache struct {
	mu      sync.Mutex
	entries []cachedIndex // last used last; mu
}

type cachedIndex struct {
	account    playlists.ID
	generation string
	index      *match.Index
	used       time.Time
}

func (c *indexCache) get(account playlists.ID, generation string, now time.Time) *match.Index {
	c.mu.Lock()
	defer c.mu.Unlock()
	i := slices.IndexFunc(c.entries, func(e cachedIndex) bool { return e.account == account && e.generation == generation })
	if i < 0 {
		return nil
	}
	e := c.entries[i]
	e.used = now
	c.entries = append(slices.Delete(c.entries, i, i+1), e)
	return e.index
}

// put keeps an index, in place of an older one of the same account.
func (c *indexCache) put(e cachedIndex) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.entries = slices.DeleteFunc(c.entries, func(old cachedIndex) bool { return old.account == e.account })
	if len(c.entries) >= maxIndexes {
		c.entries = slices.Delete(c.entries, 0, 1)
	}
	c.entries = append(c.entries, e)
}

func (c *indexCache) dropIdle(now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.entries = slices.DeleteFunc(c.entries, func(e cachedIndex) bool { return now.Sub(e.used) >= indexIdle })
}

// index returns the index of a reading, built now if it is not in memory.
func (b *Bridge) index(ctx context.Context, account playlists.ID, s snapshot) (*match.Index, error) {
	if ix := b.indexes.get(account, s.generation, b.now()); ix != nil {
		return ix, nil
	}
	ix, err := b.readIndex(ctx, account, s)
	if err != nil {
		return nil, err
	}
	b.indexes.put(cachedIndex{account: account, generation: s.generation, index: ix, used: b.now()})
	return ix, nil
}
