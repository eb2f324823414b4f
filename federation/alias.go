package federation

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/songferry/songferry/playlists"
)

// accountMoveTime bounds the reading of all playlists of an account elsewhere, which a person waits for.
const accountMoveTime = 5 * time.Minute

// Pair is a playlist of ours and what it was, or has become, elsewhere.
type Pair struct {
	Name   string `json:"name"`
	Handle string `json:"handle"` // of the one elsewhere
}

// Aliased is what came of Alias.
type Aliased struct {
	Handle   string   `json:"handle"`   // of the former account
	Paired   []Pair   `json:"paired"`   // playlists that say now what they were there
	Unpaired []string `json:"unpaired"` // names of playlists there for which none of the same name is published here
}

// Alias keeps that an account was the one elsewhere that target names, so that it can move here. A playlist that is
// published here under the name of one there is paired with it, now or when it is published.
func (f *Federation) Alias(ctx context.Context, account playlists.ID, target string) (Aliased, error) {
	ctx, cancel := context.WithTimeout(ctx, accountMoveTime)
	defer cancel()
	acc, err := f.accountWithHandle(ctx, account)
	if err != nil {
		return Aliased{}, err
	}
	a, err := f.actorElsewhere(ctx, target)
	if err != nil {
		return Aliased{}, err
	}
	if err := f.addAlias(ctx, acc.PublicID, a.ID); err != nil {
		return Aliased{}, err
	}
	if err := f.keepFormer(ctx, acc, a); err != nil {
		return Aliased{}, err
	}
	if err := f.pairFormer(ctx, acc); err != nil {
		return Aliased{}, err
	}
	out, err := f.paired(ctx, acc)
	out.Handle = a.fullHandle()
	return out, err
}

// AliasPlaylist keeps that one playlist was the one elsewhere that target names, whatever the two are called. It is for
// those that stand on no list, since not everybody may see them.
func (f *Federation) AliasPlaylist(ctx context.Context, pub playlists.Publication, target string) (Aliased, error) {
	a, err := f.actorElsewhere(ctx, target)
	if err != nil {
		return Aliased{}, err
	}
	p, err := f.store.Get(ctx, pub.Playlist)
	if err != nil {
		return Aliased{}, err
	}
	return Aliased{Handle: a.fullHandle(), Paired: []Pair{{p.Name, a.fullHandle()}}, Unpaired: []string{}}, f.addAlias(ctx, pub.PublicID, a.ID)
}

// keepFormer remembers the names of the playlists of a former account. One that has no list of them is fine: it may have
// been on a server of another kind.
func (f *Federation) keepFormer(ctx context.Context, acc playlists.Account, a RemoteActor) error {
	r, err := f.readRoster(ctx, a, Conditional{})
	if err != nil && !lasting(err) && !errors.Is(err, errTracks) {
		return err
	}
	for _, id := range r.actors {
		former, err := f.fetchActor(ctx, id)
		if err != nil && !lasting(err) {
			return err
		}
		if err != nil || former.Name == "" {
			continue
		}
		_, err = f.db.ExecContext(ctx, `INSERT INTO former_playlists (account, actor, name) VALUES ($1, $2, $3)
			ON CONFLICT (account, actor) DO UPDATE SET name = excluded.name`, acc.PublicID, former.ID, former.Name)
		if err != nil {
			return err
		}
	}
	return nil
}

// former is a playlist of a former account; of is the last part of the id of the actor here that it is paired with, ""
// while it has none.
type former struct{ actor, name, of string }

func (f *Federation) formerPlaylists(ctx context.Context, acc playlists.Account) ([]former, error) {
	return playlists.Collect(ctx, f.db, func(row playlists.Scanner) (p former, err error) {
		err = row.Scan(&p.actor, &p.name, &p.of)
		return p, err
	}, `SELECT p.actor, p.name, COALESCE((SELECT MIN(a.actor) FROM aliases a WHERE a.alias = p.actor), '') FROM former_playlists p
		WHERE p.account = $1 ORDER BY p.name, p.actor`, acc.PublicID)
}

// pairFormer pairs every published playlist of an account with that of the same name of a former account; of several with
// one name, in any order, each with another.
func (f *Federation) pairFormer(ctx context.Context, acc playlists.Account) error {
	all, err := f.formerPlaylists(ctx, acc)
	if len(all) == 0 || err != nil {
		return err
	}
	taken := map[string]bool{} // playlists here that have a former one
	for _, p := range all {
		taken[p.of] = true
	}
	lists, err := f.store.List(ctx, acc.ID)
	if err != nil {
		return err
	}
	for _, p := range all {
		if p.of != "" {
			continue
		}
		for _, l := range lists {
			if pub := l.Publication; l.Name == p.name && pub.Audience.Federated() && !taken[pub.PublicID] {
				taken[pub.PublicID] = true
				// One with too many former addresses stays unpaired: the journal, which all announcements wait for, goes on.
				if err := f.addAlias(ctx, pub.PublicID, p.actor); err != nil && playlists.CodeOf(err) != playlists.Invalid {
					return err
				}
				break
			}
		}
	}
	return nil
}

// ownerOf returns the account whose playlist it is.
func (f *Federation) ownerOf(ctx context.Context, playlist playlists.ID) (playlists.Account, error) {
	p, err := f.store.Get(ctx, playlist)
	if err != nil {
		return playlists.Account{}, err
	}
	return f.store.Account(ctx, p.Owner)
}

func (f *Federation) paired(ctx context.Context, acc playlists.Account) (out Aliased, err error) {
	out = Aliased{Paired: []Pair{}, Unpaired: []string{}}
	all, err := f.formerPlaylists(ctx, acc)
	for _, p := range all {
		if p.of == "" {
			out.Unpaired = append(out.Unpaired, p.name)
			continue
		}
		a, _, err := f.storedActor(ctx, `id = $1`, p.actor)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return out, err
		}
		out.Paired = append(out.Paired, Pair{p.name, RemoteActor{ID: p.actor, Handle: a.Handle}.fullHandle()})
	}
	return out, err
}
