package federation

import (
	"context"

	"github.com/songferry/songferry/playlists"
)

// followersPage is how many followers EachFollower reads at a time.
const followersPage = 1000

// EachFollower calls do with everybody who follows one of our actors or waits for approval, in the order of their ids and
// without Page, until it fails.
func (f *Federation) EachFollower(ctx context.Context, actor string, do func(Follower) error) error {
	for after := ""; ; {
		page, err := playlists.Collect(ctx, f.db, scanFollower, `SELECT f.actor, f.follower, f.state, COALESCE(r.handle, '') FROM followers f
			LEFT JOIN remote_actors r ON r.id = f.follower WHERE f.actor = $1 AND f.follower > $2 ORDER BY f.follower LIMIT $3`, actor, after, followersPage)
		if err != nil {
			return err
		}
		for _, w := range page {
			if err := do(w); err != nil {
				return err
			}
		}
		if len(page) < followersPage {
			return nil
		}
		after = page[len(page)-1].ID
	}
}
