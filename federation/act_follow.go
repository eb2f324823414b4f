package federation

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"github.com/songferry/songferry/playlists"
)

const (
	maxFollow        = 4 << 10 // bytes of a Follow that are kept to embed them in the Accept
	maxPendingOfHost = 100     // followers of one domain that wait for the approval of one owner
)

// actFollow keeps a follower of a playlist or an account here, and answers. A Follow of anything else, secret or
// missing, has no answer at all.
func (f *Federation) actFollow(ctx context.Context, e envelope) error {
	actor, state, err := f.followable(ctx, e.ObjectID)
	if actor == "" || err != nil {
		return err
	}
	remote, err := f.knownActor(ctx, e.Actor)
	if err != nil {
		return err
	}
	if remote.Inbox == "" {
		return playlists.Problemf(playlists.Invalid, nil, "%s has no inbox to which an answer could go.", playlists.CleanText(e.Actor, 200))
	}
	follow, err := embeddable(e)
	if err != nil {
		return err
	}
	if f.limited(hostOf(e.Actor)) {
		state = pending
	}
	w := follower{actor: actor, id: e.Actor, host: hostOf(e.Actor), state: state, followID: e.ID, follow: follow, inbox: deliverTo(remote)}
	err = playlists.InTx(ctx, f.db, func(tx *sql.Tx) error {
		if undone, err := wasUndone(ctx, tx, e); undone || err != nil {
			return err
		}
		return f.keepFollow(ctx, tx, w)
	})
	if err != nil {
		return err
	}
	return f.tellOwner(ctx, w.actor, w.id)
}

// keepFollow accepts the follower, or keeps that it waits, unless there are too many.
func (f *Federation) keepFollow(ctx context.Context, tx *sql.Tx, w follower) error {
	if err := forgetBlock(ctx, tx, w.actor, w.id); err != nil { // who follows has changed their mind
		return err
	}
	old, err := followerState(ctx, tx, w.actor, w.id)
	if err != nil {
		return err
	}
	if old == "" {
		if full, err := tooMany(ctx, tx, w); full || err != nil {
			return err
		}
	}
	if w.state == accepted || old == accepted {
		return f.accept(ctx, tx, w)
	}
	return f.keepFollower(ctx, tx, w)
}

// followerState returns the state of a follower, "" when it is none.
func followerState(ctx context.Context, q playlists.Querier, actor, id string) (state string, err error) {
	err = q.QueryRowContext(ctx, `SELECT state FROM followers WHERE actor = $1 AND follower = $2`, actor, id).Scan(&state)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return state, err
}

// tooMany reports whether there is no room for another follower. One domain can fill neither the places that there are
// nor the list that an owner has to look through, whatever names are below it.
func tooMany(ctx context.Context, tx *sql.Tx, w follower) (bool, error) {
	var all int
	// Of a domain only when it matters: this is answered by an index alone, and asked for every follower.
	err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM followers WHERE actor = $1`, w.actor).Scan(&all)
	if err != nil || all >= maxFollowers {
		return true, err
	}
	if all >= maxFollowersOfDomain {
		if n, err := countOfDomain(ctx, tx, w, pending, accepted); err != nil || n >= maxFollowersOfDomain {
			return true, err
		}
	}
	if w.state != pending {
		return false, nil
	}
	waiting, err := countOfDomain(ctx, tx, w, pending, pending)
	return waiting >= maxPendingOfHost, err
}

// embeddable returns the Follow as it was received, or what matters of one that is beyond any use.
func embeddable(e envelope) (string, error) {
	if len(e.Raw) <= maxFollow {
		return string(e.Raw), nil
	}
	short, err := json.Marshal(newFollow(e.ID, e.Actor, e.ObjectID))
	return string(short), err
}

// followable returns the last part of the id of our actor that object names, and the state that a new follower of it
// has; "" when nobody can follow it.
func (f *Federation) followable(ctx context.Context, object string) (actor, state string, err error) {
	publicID, is := f.named(object)
	if is == nobody {
		return "", "", nil
	}
	pub, err := f.store.PublicationByPublicID(ctx, publicID)
	switch {
	case err == nil && is == anAccount:
		return "", "", nil
	case err == nil && pub.Live() && pub.Audience == playlists.Followers:
		return publicID, pending, nil
	case err == nil && pub.Live() && pub.Audience.Federated():
		return publicID, accepted, nil
	case err == nil, !isNotFound(err):
		return "", "", err
	case is == aPlaylist:
		return "", "", nil
	}
	if _, err := f.store.AccountByPublicID(ctx, publicID); err != nil {
		if isNotFound(err) {
			return "", "", nil
		}
		return "", "", err
	}
	return publicID, accepted, nil
}

// wasUndone reports whether the Undo of this activity has arrived. It is asked in the transaction that keeps the activity: another
// process may be acting on the Undo at the same time, and finds nothing to undo before that.
func wasUndone(ctx context.Context, tx *sql.Tx, e envelope) (bool, error) {
	var n int
	err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM inbox WHERE actor = $1 AND type = 'Undo' AND object = $2`, e.Actor, e.ID).Scan(&n)
	return n > 0, err
}

// deliverTo prefers the inbox that a whole server shares, if it is of the actor's own host.
func deliverTo(a RemoteActor) string {
	if a.SharedInbox != "" && sameHost(hostOf(a.SharedInbox), hostOf(a.ID)) {
		return a.SharedInbox
	}
	return a.Inbox
}

// actUndo ends a Follow, named by its id or by the actor it was for, or a Block.
func (f *Federation) actUndo(ctx context.Context, e envelope) error {
	if err := f.undoBlock(ctx, e); err != nil {
		return err
	}
	undone, err := playlists.Texts(ctx, f.db, `SELECT actor FROM followers WHERE follower = $1 AND follow_id = $2`, e.Actor, e.ObjectID)
	if err != nil {
		return err
	}
	for _, actor := range undone {
		if err := playlists.InTx(ctx, f.db, func(tx *sql.Tx) error { return f.removeFollower(ctx, tx, actor, e.Actor) }); err != nil {
			return err
		}
	}
	if e.ObjectType != "Follow" || e.ObjectActor != "" && e.ObjectActor != e.Actor {
		return nil
	}
	return f.leave(ctx, e.ObjectObject, e.Actor)
}

func (f *Federation) leave(ctx context.Context, object, follower string) error {
	publicID, is := f.named(object)
	if is == nobody {
		return nil
	}
	return playlists.InTx(ctx, f.db, func(tx *sql.Tx) error { return f.removeFollower(ctx, tx, publicID, follower) })
}
