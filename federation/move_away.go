package federation

import (
	"context"
	"database/sql"
	"slices"
	"strconv"

	"github.com/songferry/songferry/playlists"
)

// Moved is what came of MoveAway.
type Moved struct {
	Handle string   `json:"handle"` // of the account elsewhere
	Moved  []Pair   `json:"moved"`  // playlists that followers now find there
	Left   []string `json:"left"`   // names of published playlists that have no counterpart there
}

// MoveAway tells the followers of an account and of its playlists that they are on another server now. The account there
// must say that it was the one here, and each playlist there which one here it was (Alias). Repeated, it moves the
// playlists that have a counterpart since.
func (f *Federation) MoveAway(ctx context.Context, account playlists.ID, target string) (Moved, error) {
	ctx, cancel := context.WithTimeout(ctx, accountMoveTime)
	defer cancel()
	acc, err := f.accountWithHandle(ctx, account)
	if err != nil {
		return Moved{}, err
	}
	a, err := f.successorElsewhere(ctx, acc.PublicID, acc.Handle, target)
	if err != nil {
		return Moved{}, err
	}
	out := Moved{Handle: a.fullHandle(), Moved: []Pair{}, Left: []string{}}
	found, err := f.counterparts(ctx, a)
	if err != nil {
		return out, err
	}
	lists, err := f.store.List(ctx, account)
	if err != nil {
		return out, err
	}
	for _, l := range lists {
		if err := f.moveListed(ctx, l, found, &out); err != nil {
			return out, err
		}
	}
	if err := f.store.MovePerson(ctx, string(account), playlists.Remote, a.ID); err != nil {
		return out, err
	}
	if err := f.store.NamePerson(ctx, a.ID, a.label(), a.fullHandle()); err != nil {
		return out, err
	}
	return out, f.moveActor(ctx, acc.PublicID, a.ID)
}

// moveListed moves one of an account's playlists, if it has followers to tell and a counterpart, and notes it in out.
func (f *Federation) moveListed(ctx context.Context, l playlists.Listed, found map[string]RemoteActor, out *Moved) error {
	if !l.Publication.Audience.Federated() {
		return nil
	}
	if to, ok := found[f.addr().Actor(l.Publication.PublicID)]; ok {
		out.Moved = append(out.Moved, Pair{l.Name, to.fullHandle()})
		return f.movePublication(ctx, l.Publication, to)
	}
	moved, err := f.movedAway(ctx, l.Publication.PublicID)
	if err == nil && moved == "" {
		out.Left = append(out.Left, l.Name)
	}
	return err
}

// MovePlaylistAway moves one playlist only.
func (f *Federation) MovePlaylistAway(ctx context.Context, pub playlists.Publication, target string) (Moved, error) {
	p, err := f.store.Get(ctx, pub.Playlist)
	if err != nil {
		return Moved{}, err
	}
	a, err := f.successorElsewhere(ctx, pub.PublicID, pub.Handle, target)
	if err != nil {
		return Moved{}, err
	}
	return Moved{Handle: a.fullHandle(), Moved: []Pair{{p.Name, a.fullHandle()}}, Left: []string{}}, f.movePublication(ctx, pub, a)
}

// StayHere takes back that an account and its playlists are elsewhere, if they are. Followers who went there stay there;
// the others are told.
func (f *Federation) StayHere(ctx context.Context, account playlists.ID) error {
	acc, err := f.accountWithHandle(ctx, account)
	if err != nil {
		return err
	}
	actors, err := f.actorsOf(ctx, acc.PublicID)
	if err != nil {
		return err
	}
	taken := false
	err = playlists.InTx(ctx, f.db, func(tx *sql.Tx) error {
		for _, id := range actors {
			back, err := f.backHere(ctx, tx, id)
			if err != nil {
				return err
			}
			taken = taken || back
		}
		return nil
	})
	if err != nil {
		return err
	}
	if !taken {
		return playlists.Problemf(playlists.NotFound, nil, "@%s has not moved: neither the account nor a playlist.", acc.Handle)
	}
	return nil
}

// backHere ends an actor's move, if there is one, and lets its followers be told what it says of itself.
func (f *Federation) backHere(ctx context.Context, tx *sql.Tx, publicID string) (was bool, err error) {
	r, err := tx.ExecContext(ctx, `DELETE FROM moves WHERE actor = $1`, publicID)
	if err != nil {
		return false, err
	}
	if n, err := r.RowsAffected(); n == 0 || err != nil {
		return false, err
	}
	return true, f.schedule(ctx, tx, publicID)
}

// successorElsewhere returns the actor that target names, if one of ours may move there.
func (f *Federation) successorElsewhere(ctx context.Context, publicID, handle, target string) (RemoteActor, error) {
	a, err := f.actorElsewhere(ctx, target)
	if err != nil {
		return a, err
	}
	if moved, err := f.movedAway(ctx, publicID); err != nil || moved != "" && moved != a.ID {
		if err == nil {
			err = playlists.Problemf(playlists.Invalid, nil, "@%s has moved to %s already. To take that back: songferry account move --account NAME --undo.", handle, moved)
		}
		return a, err
	}
	if !slices.Contains(a.AlsoKnownAs, f.addr().Actor(publicID)) {
		return a, playlists.Problemf(playlists.Forbidden, nil,
			"%s does not say yet that it was @%s@%s, so nobody would believe the move. Over there, first name the old account; on a Songferry: songferry account alias --account NAME @%s@%s",
			a.fullHandle(), handle, f.addr().Host(), handle, f.addr().Host())
	}
	return a, nil
}

// counterparts returns the playlists of an account elsewhere by the actors that they say to have been.
func (f *Federation) counterparts(ctx context.Context, a RemoteActor) (map[string]RemoteActor, error) {
	out := map[string]RemoteActor{}
	r, err := f.readRoster(ctx, a, Conditional{})
	if err != nil && lasting(err) {
		return out, nil // it lists none
	}
	if err != nil {
		return nil, err
	}
	for _, id := range r.actors {
		p, err := f.fetchActor(ctx, id)
		if err != nil && !lasting(err) {
			return nil, err
		}
		if err == nil {
			for _, old := range p.AlsoKnownAs {
				out[old] = p
			}
		}
	}
	return out, nil
}

// movePublication moves a playlist, and the copies that other accounts of this bridge have of it.
func (f *Federation) movePublication(ctx context.Context, pub playlists.Publication, to RemoteActor) error {
	wants, err := f.syncing(ctx, pub.Playlist)
	if err != nil {
		return err
	}
	if len(wants) > 0 {
		found, err := f.lookupActor(ctx, "", to)
		if err != nil {
			return err
		}
		there, _, err := f.keepFound(ctx, found, playlists.Sync)
		if err != nil {
			return err
		}
		if err := f.store.Repoint(ctx, pub.Playlist, there); err != nil {
			return err
		}
		for account := range wants {
			if found.Readable {
				break
			}
			if err := f.store.GrantWants(ctx, account, there, false); err != nil { // its owner approves them there
				return err
			}
		}
	}
	return f.moveActor(ctx, pub.PublicID, to.ID)
}

// moveActor keeps that an actor of ours is elsewhere, and queues the Move to its accepted followers. The second time it
// does nothing.
func (f *Federation) moveActor(ctx context.Context, publicID, target string) error {
	now := f.now().UnixMilli()
	return playlists.InTx(ctx, f.db, func(tx *sql.Tx) error {
		r, err := tx.ExecContext(ctx, `INSERT INTO moves (actor, target, at) VALUES ($1, $2, $3) ON CONFLICT (actor) DO NOTHING`, publicID, target, now)
		if err != nil {
			return err
		}
		if n, err := r.RowsAffected(); n == 0 || err != nil {
			return err
		}
		inboxes, err := acceptedInboxes(ctx, tx, publicID)
		if err != nil {
			return err
		}
		// A move that was taken back and made again is news again.
		id := activityID("move", publicID, target, strconv.FormatInt(now, 10))
		return f.queue(ctx, tx, outgoing{id: id, actor: publicID, inboxes: inboxes, body: newMove(f.addr().Activity(id), publicID, target, f.addr())})
	})
}
