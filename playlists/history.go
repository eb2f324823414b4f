package playlists

import (
	"context"
	"time"
)

// maxCompared bounds the rows that History reads, so that long playlists have a short history.
const maxCompared = 2 * MaxTracks

// Step is what one version of a playlist changed.
type Step struct {
	Revision int64
	At       time.Time
	Diff
}

// History returns what the newest versions of a playlist changed, newest first, at most max. What the first version that
// is kept changed is not known.
func (s *Store) History(ctx context.Context, id ID, max int) ([]Step, error) {
	next, err := s.Get(ctx, id)
	if CodeOf(err) == NotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var out []Step
	for rows := len(next.Tracks); len(out) < max && rows < maxCompared; rows += len(next.Tracks) {
		before, err := s.Version(ctx, id, next.Revision-1)
		if CodeOf(err) == NotFound {
			break
		}
		if err != nil {
			return nil, err
		}
		out = append(out, Step{Revision: next.Revision, At: next.Updated, Diff: DiffOf(before, next)})
		next = before
	}
	return out, nil
}
