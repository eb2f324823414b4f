package federation

import (
	"context"
	"slices"
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
	all, err := f.countedStandings(ctx, actors)
	if err != nil {
		return nil, err
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

// Waiting returns how many wait for an account's approval, of itself and of its playlists. It is asked for on every page.
func (f *Federation) Waiting(ctx context.Context, a playlists.Account) (sum int, err error) {
	if a.Handle == "" {
		return 0, nil // nobody can ask
	}
	pubs, err := f.store.Publications(ctx, a.ID)
	if err != nil {
		return 0, err
	}
	actors := []string{a.PublicID}
	for _, p := range pubs {
		actors = append(actors, p.PublicID)
	}
	all, err := f.countedStandings(ctx, actors)
	for _, s := range all {
		sum += s.Waiting
	}
	return sum, err
}

// countedStandings counts the followers of actors of ours, by actor. Each is in the result.
func (f *Federation) countedStandings(ctx context.Context, actors []string) (map[string]Standing, error) {
	all := make(map[string]Standing, len(actors))
	for some := range slices.Chunk(actors, playlists.MaxIn) {
		args := make([]any, len(some))
		for i, actor := range some {
			all[actor], args[i] = Standing{}, actor
		}
		_, err := playlists.Collect(ctx, f.db, func(row playlists.Scanner) (struct{}, error) {
			var actor string
			var s Standing
			err := row.Scan(&actor, &s.Followers, &s.Waiting)
			all[actor] = s
			return struct{}{}, err
		}, `SELECT actor, SUM(CASE WHEN state = 'accepted' THEN 1 ELSE 0 END), SUM(CASE WHEN state = 'pending' THEN 1 ELSE 0 END)
			FROM followers WHERE actor IN (`+playlists.Placeholders(1, len(some))+`) GROUP BY actor`, args...)
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}
