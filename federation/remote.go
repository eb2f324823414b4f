package federation

import (
	"context"
	"database/sql"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/songferry/songferry/playlists"
)

const (
	actorFresh      = 24 * time.Hour // how long a stored actor is believed without asking again
	maxRemoteActors = 100_000
)

// remoteActor returns an actor of another server, as it is stored or, when that is a day old, as its own host shows it.
// An old copy is better than none: the host may be down.
func (f *Federation) remoteActor(ctx context.Context, id string) (RemoteActor, error) {
	stored, fetched, err := f.storedActor(ctx, `id = $1`, id)
	known := err == nil
	if known && f.now().Sub(fetched) < actorFresh {
		return stored, nil
	}
	if !known && !errors.Is(err, sql.ErrNoRows) {
		return RemoteActor{}, err
	}
	a, err := f.askActor(ctx, id)
	if known && err != nil && playlists.CodeOf(err) != playlists.Gone {
		return stored, nil
	}
	return a, err
}

// knownActor is remoteActor without asking the host again: it costs a fetch only when the actor was never seen, or has
// deleted itself, and then none of a domain that has just been slow. So it cannot hold up the inbox.
func (f *Federation) knownActor(ctx context.Context, id string) (RemoteActor, error) {
	a, _, err := f.storedActor(ctx, `id = $1`, id)
	if !errors.Is(err, sql.ErrNoRows) {
		return a, err
	}
	return f.askActor(ctx, id)
}

// askActor is fetchActor for work that others wait behind: a slow host is not asked again and again.
func (f *Federation) askActor(ctx context.Context, id string) (RemoteActor, error) {
	if _, resting := f.slowHosts.resting(id, f.now()); resting {
		return RemoteActor{}, errResting(id)
	}
	begun := f.now()
	a, err := f.fetchActor(ctx, id)
	f.slowHosts.took(id, begun, f.now())
	return a, err
}

// fetchActor reads an actor from its own host and keeps it.
func (f *Federation) fetchActor(ctx context.Context, id string) (RemoteActor, error) {
	if err := f.policy.AllowsActor(id); err != nil {
		return RemoteActor{}, err
	}
	doc, err := f.client.GetActivity(ctx, id, f.signAs(ctx, instanceID), Conditional{})
	if err != nil {
		return RemoteActor{}, err
	}
	a, err := actorIn(doc)
	if err != nil {
		return RemoteActor{}, err
	}
	return a, f.keepActor(ctx, a)
}

// actorIn reads the actor whose own document doc is. A key that is its own document names an owner, and is not that
// owner: to keep it as such would let it speak for an actor that never named it.
func actorIn(doc *Document) (RemoteActor, error) {
	a, err := decodeActor(doc.Body)
	if err != nil {
		return RemoteActor{}, err
	}
	if a.Type == keyType || !sameAddress(a.ID, doc.URL) {
		return RemoteActor{}, playlists.Problemf(playlists.Invalid, nil, "%s does not hold an account of its own server.", hostOf(doc.URL))
	}
	return a, nil
}

// keepActor keeps an actor with its keys, and lets its followers here be told at the inbox that it has now. Of its keys
// those count that stand in its own document, and those proven to be its own, which were found at their own address: a
// document can name any key of its host.
func (f *Federation) keepActor(ctx context.Context, a RemoteActor, proven ...PublicKey) error {
	defer f.recentKeys.forget(a.ID)
	return playlists.InTx(ctx, f.db, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO remote_actors (id, host, type, name, handle, url, inbox, shared_inbox, fetched)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
			ON CONFLICT (id) DO UPDATE SET type = excluded.type, name = excluded.name, handle = excluded.handle, url = excluded.url, inbox = excluded.inbox,
				shared_inbox = excluded.shared_inbox, fetched = excluded.fetched`,
			a.ID, hostOf(a.ID), a.Type, a.Name, a.Handle, a.URL, a.Inbox, a.SharedInbox, f.now().UnixMilli())
		if err != nil {
			return err
		}
		if err := keepKeys(ctx, tx, a, proven); err != nil || a.Inbox == "" {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE followers SET inbox = $1 WHERE follower = $2 AND inbox <> $1`, deliverTo(a), a.ID)
		return err
	})
}

// storedActor looks an actor up, without its keys; where is never text from outside.
func (f *Federation) storedActor(ctx context.Context, where string, args ...any) (a RemoteActor, fetched time.Time, err error) {
	var ms int64
	err = f.db.QueryRowContext(ctx, `SELECT id, type, name, handle, url, inbox, shared_inbox, fetched FROM remote_actors WHERE `+where, args...).
		Scan(&a.ID, &a.Type, &a.Name, &a.Handle, &a.URL, &a.Inbox, &a.SharedInbox, &ms)
	return a, playlists.FromMillis(ms), err
}

// signAs returns a function that signs requests with the key of one of our actors, nil while we have no address: then
// nobody could fetch the key.
func (f *Federation) signAs(ctx context.Context, actor string) Signer {
	if !f.public() {
		return nil
	}
	return func(r *http.Request, s Scheme) error {
		key, err := f.signingKey(ctx, actor)
		if err != nil {
			return err
		}
		return Sign(s, r, nil, key, f.now())
	}
}

// hostOf returns the host[:port] of an address, "" when it has none.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Host)
}
