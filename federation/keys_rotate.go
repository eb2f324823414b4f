package federation

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/songferry/songferry/playlists"
)

// RotateKeys gives the actors of an account and of its published playlists new keys, tells their followers, and returns
// how many keys it changed. The old keys are forgotten. Withdrawn actors keep theirs: they have nothing more to say than
// the Delete that may still be on its way.
func (f *Federation) RotateKeys(ctx context.Context, account playlists.ID) (n int, err error) {
	a, err := f.accountWithHandle(ctx, account)
	if err != nil {
		return 0, err
	}
	n, err = f.rotateKey(ctx, a.PublicID, func(id string, key publicKey) (any, error) {
		// Whole: a server that reads an actor without movedTo takes its move back (Mastodon: process_account_service.rb).
		d, err := f.accountDocument(ctx, a)
		d.PublicKey = key
		return newPersonUpdate(id, d), err
	})
	if err != nil {
		return n, err
	}
	pubs, err := f.store.Publications(ctx, account)
	for _, pub := range pubs {
		if err != nil {
			break
		}
		if !pub.Live() || !pub.Audience.Federated() {
			continue
		}
		var one int
		one, err = f.rotateKey(ctx, pub.PublicID, func(id string, key publicKey) (any, error) {
			d, err := f.playlistActor(ctx, pub)
			d.PublicKey = key
			return newActorUpdate(id, d, pub, f.addr()), err
		})
		n += one
	}
	return n, err
}

// RotateInstanceKey gives the bridge's own actor a new key. Nobody follows it, so nobody is told: who sees the new key's
// id asks for it.
func (f *Federation) RotateInstanceKey(ctx context.Context) (n int, err error) {
	return f.rotateKey(ctx, instanceID, nil)
}

// actorChanged is an Update of an actor by itself.
func actorChanged(id string, d actorDocument) activityDocument {
	context := d.Context
	d.Context = nil
	u := newActivityDocument("Update", id, d.ID, d)
	u.Context = context // the actor's words need it
	return u
}

// rotateKey replaces an actor's key and queues the Update that update builds, in one step: whoever is told finds the new
// key, and whoever finds it was or will be told. It returns how many keys it changed, 0 for an actor that has none yet.
func (f *Federation) rotateKey(ctx context.Context, actor string, update func(id string, key publicKey) (any, error)) (n int, err error) {
	old, err := f.storedKey(ctx, actor)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	fresh, err := f.makeKey(actor, nextKey(old.name))
	if err != nil {
		return 0, fmt.Errorf("make signing key: %w", err)
	}
	o := outgoing{id: activityID("update-key", actor, fresh.name), actor: actor}
	if update != nil {
		if o.body, err = update(f.addr().Activity(o.id), f.shown(actor, fresh)); err != nil {
			return 0, err
		}
	}
	err = playlists.InTx(ctx, f.db, func(tx *sql.Tx) error {
		r, err := tx.ExecContext(ctx, `UPDATE signing_keys SET name = $1, sealed = $2, public_pem = $3, created = $4 WHERE actor = $5 AND name = $6`,
			fresh.name, fresh.sealed, fresh.publicPEM, f.now().UnixMilli(), actor, old.name)
		if err != nil {
			return err
		}
		changed, err := r.RowsAffected()
		if n = int(changed); n == 0 || err != nil || update == nil {
			return err // another process was faster, or there is nobody to tell
		}
		if o.inboxes, err = acceptedInboxes(ctx, tx, actor); err != nil {
			return err
		}
		return f.queue(ctx, tx, o)
	})
	return n, err
}

// nextKey returns the fragment of the key that follows. An id is never used for two keys: servers keep keys by their ids.
func nextKey(name string) string {
	n, err := strconv.Atoi(strings.TrimPrefix(name, "key-"))
	if err != nil {
		n = 1
	}
	return "key-" + strconv.Itoa(n+1)
}
