package federation

import (
	"context"
	"slices"
	"sync"

	"github.com/songferry/songferry/playlists"
)

// maxCachedTracks bounds the tracks of all lists that a versionCache holds, some 30 MB.
const maxCachedTracks = 3 * playlists.MaxTracks

// versionCache holds the versions of playlists that were read last. Whoever reads a long one asks for its pages one after
// the other, and each would cost the decoding of all its tracks. A version never changes, so nothing here goes out of date.
type versionCache struct {
	mu    sync.Mutex
	lists []playlists.Playlist // the one used last is at the end; shared: nobody writes to them
}

// version returns the newest version of a playlist, which is number revision. Its tracks are not the caller's.
func (f *Federation) version(ctx context.Context, id playlists.ID, revision int64) (playlists.Playlist, error) {
	if p, ok := f.versions.get(id, revision); ok {
		return p, nil
	}
	p, err := f.store.Get(ctx, id)
	if err == nil {
		f.versions.put(p)
	}
	return p, err
}

func (c *versionCache) get(id playlists.ID, revision int64) (playlists.Playlist, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	i := slices.IndexFunc(c.lists, func(p playlists.Playlist) bool { return p.ID == id && p.Revision == revision })
	if i < 0 {
		return playlists.Playlist{}, false
	}
	p := c.lists[i]
	c.lists = append(slices.Delete(c.lists, i, i+1), p)
	return p, true
}

func (c *versionCache) put(p playlists.Playlist) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lists = append(slices.DeleteFunc(c.lists, func(old playlists.Playlist) bool { return old.ID == p.ID }), p)
	for size(c.lists) > maxCachedTracks {
		c.lists = slices.Delete(c.lists, 0, 1)
	}
}

// size counts a list without tracks too, so that their number is bounded as well.
func size(lists []playlists.Playlist) (n int) {
	for _, p := range lists {
		n += len(p.Tracks) + 100
	}
	return n
}
