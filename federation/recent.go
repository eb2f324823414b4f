package federation

import (
	"context"
	"slices"
	"sync"

	"github.com/songferry/songferry/playlists"
)

// maxRecent bounds the tracks of all lists that recent holds, some 30 MB.
const maxRecent = 3 * playlists.MaxTracks

// recent holds the playlists that were read last. Whoever reads a long one asks for its pages one after the other, and
// each would cost the decoding of all its tracks. A version never changes, so nothing here goes out of date.
type recent struct {
	mu    sync.Mutex
	lists []playlists.Playlist // the one used last is at the end; shared: nobody writes to them
}

// version returns the newest version of a playlist, which is number revision. Its tracks are not the caller's.
func (f *Federation) version(ctx context.Context, id playlists.ID, revision int64) (playlists.Playlist, error) {
	if p, ok := f.recent.get(id, revision); ok {
		return p, nil
	}
	p, err := f.store.Get(ctx, id)
	if err == nil {
		f.recent.put(p)
	}
	return p, err
}

func (r *recent) get(id playlists.ID, revision int64) (playlists.Playlist, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	i := slices.IndexFunc(r.lists, func(p playlists.Playlist) bool { return p.ID == id && p.Revision == revision })
	if i < 0 {
		return playlists.Playlist{}, false
	}
	p := r.lists[i]
	r.lists = append(slices.Delete(r.lists, i, i+1), p)
	return p, true
}

func (r *recent) put(p playlists.Playlist) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lists = append(slices.DeleteFunc(r.lists, func(old playlists.Playlist) bool { return old.ID == p.ID }), p)
	for size(r.lists) > maxRecent {
		r.lists = slices.Delete(r.lists, 0, 1)
	}
}

// size counts a list without tracks too, so that their number is bounded as well.
func size(lists []playlists.Playlist) (n int) {
	for _, p := range lists {
		n += len(p.Tracks) + 100
	}
	return n
}
