package federation

import (
	"context"
	"time"

	"github.com/songferry/songferry/playlists"
)

// Standing is how an actor of ours stands with others.
type Standing struct {
	Followers int       // that may read it
	Waiting   int       // for approval
	LastNews  time.Time // zero when no post about it stands
}

// Standings returns how an account and its published playlists stand, by the last part of their actors' ids.
func (f *Federation) Standings(ctx context.Context, a playlists.Account) (map[string]Standing, error) {
	actors, err := f.actorsOf(ctx, a.PublicID)
	if err != nil {
		return nil, err
	}
	all := make(map[string]Standing, len(actors))
	for _, actor := range actors {
		var s Standing
		err := f.db.QueryRowContext(ctx, `SELECT COALESCE(SUM(CASE WHEN state = 'accepted' THEN 1 ELSE 0 END), 0), COALESCE(SUM(CASE WHEN state = 'pending' THEN 1 ELSE 0 END), 0)
			FROM followers WHERE actor = $1`, actor).Scan(&s.Followers, &s.Waiting)
		if err != nil {
			return nil, err
		}
		all[actor] = s
	}
	return all, f.addLastNews(ctx, a.ID, all)
}

func (f *Federation) addLastNews(ctx context.Context, account playlists.ID, all map[string]Standing) error {
	type last struct {
		actor string
		at    int64
	}
	posts, err := playlists.Collect(ctx, f.db, func(row playlists.Scanner) (l last, err error) {
		err = row.Scan(&l.actor, &l.at)
		return l, err
	}, `SELECT actor, MAX(published) FROM posts WHERE account_id = $1 AND deleted = 0 GROUP BY actor`, account)
	if err != nil {
		return err
	}
	for _, p := range posts {
		if s, ok := all[p.actor]; ok {
			s.LastNews = playlists.FromMillis(p.at)
			all[p.actor] = s
		}
	}
	return nil
}

// Waiting returns how many wait for an account's approval, of itself and of its playlists.
func (f *Federation) Waiting(ctx context.Context, a playlists.Account) (int, error) {
	actors, err := f.actorsOf(ctx, a.PublicID)
	if err != nil {
		return 0, err
	}
	sum := 0
	for _, actor := range actors {
		var n int
		if err := f.db.QueryRowContext(ctx, `SELECT COUNT(*) FROM followers WHERE actor = $1 AND state = 'pending'`, actor).Scan(&n); err != nil {
			return 0, err
		}
		sum += n
	}
	return sum, nil
}
