package federation

import (
	"context"
	"database/sql"
	"errors"

	"github.com/songferry/songferry/playlists"
)

// maxAliases of one actor of ours.
const maxAliases = 20

func (f *Federation) aliasesOf(ctx context.Context, publicID string) ([]string, error) {
	return playlists.Texts(ctx, f.db, `SELECT alias FROM aliases WHERE actor = $1 ORDER BY alias`, publicID)
}

// movedAway returns the actor elsewhere that one of ours has become, "" while it is here.
func (f *Federation) movedAway(ctx context.Context, publicID string) (target string, err error) {
	err = f.db.QueryRowContext(ctx, `SELECT target FROM moves WHERE actor = $1`, publicID).Scan(&target)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return target, err
}

// NewHome is where an actor of ours can be found since it moved to another server.
type NewHome struct {
	Handle  string `json:"handle"`  // @name@host, the host alone when the actor has no usual name
	Address string `json:"address"` // of its page there, as far as that is known; else its id
}

// MovedTo returns where an account or a publication has moved, nothing while it is here.
func (f *Federation) MovedTo(ctx context.Context, publicID string) (NewHome, error) {
	target, err := f.movedAway(ctx, publicID)
	if err != nil || target == "" {
		return NewHome{}, err
	}
	a, _, err := f.storedActor(ctx, `id = $1`, target)
	if errors.Is(err, sql.ErrNoRows) {
		a, err = RemoteActor{ID: target}, nil
	}
	return NewHome{Handle: a.fullHandle(), Address: a.pageOrID()}, err
}

// addAlias keeps that an actor of ours was one elsewhere. Adding it again does nothing.
func (f *Federation) addAlias(ctx context.Context, publicID, alias string) error {
	full, err := f.any(ctx, `SELECT CASE WHEN COUNT(*) >= $1 THEN 1 ELSE 0 END FROM aliases WHERE actor = $2 AND alias <> $3`, maxAliases, publicID, alias)
	if err != nil {
		return err
	}
	if full {
		return playlists.Problemf(playlists.Invalid, nil, "There are %d former addresses already; Songferry keeps no more.", maxAliases)
	}
	_, err = f.db.ExecContext(ctx, `INSERT INTO aliases (actor, alias, at) VALUES ($1, $2, $3) ON CONFLICT (actor, alias) DO NOTHING`,
		publicID, alias, f.now().UnixMilli())
	return err
}

// actorElsewhere returns the actor of another server that a handle or an address names, as it is now.
func (f *Federation) actorElsewhere(ctx context.Context, target string) (RemoteActor, error) {
	if !f.public() {
		return RemoteActor{}, playlists.Problemf(playlists.Invalid, nil, "This bridge has no public address, so nobody knows its accounts: set SONGFERRY_URL first.")
	}
	address, local, err := f.address(ctx, target)
	if err != nil {
		return RemoteActor{}, err
	}
	if local {
		return RemoteActor{}, playlists.Problemf(playlists.Invalid, nil, "%s is on this bridge. Name the account on the other server.", playlists.CleanText(target, 100))
	}
	return f.actorAt(ctx, address)
}
