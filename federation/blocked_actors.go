package federation

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"github.com/songferry/songferry/playlists"
)

const maxBlockedActors = 10_000

// BlockedActor is an account elsewhere that the administrator blocked alone, without its server.
type BlockedActor struct {
	ID, Handle string // Handle is @name@host
	Comment    string
	Since      time.Time
}

// BlockedActors returns them by their ids.
func (f *Federation) BlockedActors(ctx context.Context) ([]BlockedActor, error) {
	return playlists.Collect(ctx, f.db, func(row playlists.Scanner) (a BlockedActor, err error) {
		var since int64
		err = row.Scan(&a.ID, &a.Handle, &a.Comment, &since)
		a.Since = playlists.FromMillis(since)
		return a, err
	}, `SELECT id, handle, comment, since FROM blocked_actors ORDER BY id`)
}

// BlockActor blocks the account that a handle or an address means.
func (f *Federation) BlockActor(ctx context.Context, target, comment string) (BlockedActor, Swept, error) {
	remote, err := f.accountMeant(ctx, target)
	if err != nil {
		return BlockedActor{}, Swept{}, err
	}
	a := BlockedActor{ID: remote.ID, Handle: remote.fullHandle(), Comment: playlists.CleanLines(comment, maxComment), Since: f.now()}
	s, err := f.changePolicy(ctx, func(tx *sql.Tx) error {
		var n int
		if err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM blocked_actors`).Scan(&n); err != nil {
			return err
		}
		if n >= maxBlockedActors {
			return playlists.Problemf(playlists.Invalid, nil, "%d accounts are blocked, and there cannot be more. Block whole domains instead.", n)
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO blocked_actors (id, handle, comment, since) VALUES ($1, $2, $3, $4)
			ON CONFLICT (id) DO UPDATE SET handle = excluded.handle, comment = excluded.comment`, a.ID, a.Handle, a.Comment, playlists.Millis(a.Since))
		return err
	}, false)
	return a, s, err
}

// accountMeant finds an account elsewhere: among those that were here, also when their server answers no more, else by
// asking.
func (f *Federation) accountMeant(ctx context.Context, target string) (RemoteActor, error) {
	target = strings.TrimSpace(target)
	where, args := `id = $1 OR url = $1 ORDER BY id = $1 DESC LIMIT 1`, []any{target}
	if h, err := ParseHandle(target); err == nil {
		if f.isOwnHost(h.Host) {
			return RemoteActor{}, errOwnAccount()
		}
		where, args = `LOWER(handle) = LOWER($1) AND host = $2`, []any{h.User, h.Host}
	} else if f.addr().Ours(target) {
		return RemoteActor{}, errOwnAccount()
	}
	stored, _, err := f.storedActor(ctx, where, args...)
	if err == nil || !errors.Is(err, sql.ErrNoRows) {
		return stored, err
	}
	address, _, err := f.address(ctx, target)
	if err != nil {
		return RemoteActor{}, err
	}
	return f.actorAt(ctx, address)
}

func errOwnAccount() error {
	return playlists.Problemf(playlists.Invalid, nil, "That is an account of this bridge. Change what it may share instead.")
}

// UnblockActor takes back the block of the account that a handle or an address means.
func (f *Federation) UnblockActor(ctx context.Context, target string) (BlockedActor, Swept, error) {
	all, err := f.BlockedActors(ctx)
	if err != nil {
		return BlockedActor{}, Swept{}, err
	}
	for _, a := range all {
		if a.is(target) {
			s, err := f.changePolicy(ctx, func(tx *sql.Tx) error {
				return deleteRule(ctx, tx, a.ID, `DELETE FROM blocked_actors WHERE id = $1`)
			}, false)
			return a, s, err
		}
	}
	return BlockedActor{}, Swept{}, playlists.Problemf(playlists.NotFound, nil,
		"%s is not blocked.", playlists.CleanText(target, 200))
}

func (a BlockedActor) is(target string) bool {
	h, err := ParseHandle(target)
	return sameAddress(a.ID, strings.TrimSpace(target)) || err == nil && strings.EqualFold(a.Handle, h.String())
}
