package federation

import (
	"context"
	"crypto"
	"crypto/x509"
	"database/sql"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/songferry/songferry/playlists"
)

const (
	actorFresh       = 24 * time.Hour   // how long a stored actor is believed without asking again
	keyMissing       = 5 * time.Minute  // how long a key that could not be had is not asked for again
	keyAway          = 20 * time.Second // the same while its host does not answer: about when a peer tries again
	maxMissingOfHost = 100              // such keys remembered of one host; beyond, none is fetched
	maxRemoteActors  = 100_000
)

// remoteActor returns an actor of another server, from what is stored or from its own host. What is stored serves
// longer while the host does not answer.
func (f *Federation) remoteActor(ctx context.Context, id string) (RemoteActor, error) {
	stored, fetched, missing := f.storedActor(ctx, `id = $1`, id)
	if missing != nil && !errors.Is(missing, sql.ErrNoRows) {
		return RemoteActor{}, missing
	}
	if missing == nil && f.now().Sub(fetched) < actorFresh {
		return stored, nil
	}
	a, err := f.fetchActor(ctx, id)
	if err != nil && missing == nil && !lasting(err) {
		return stored, nil
	}
	return a, err
}

// fetchActor reads an actor from its own host and keeps it. The document's id is where it was fetched from; its key
// must be its own.
func (f *Federation) fetchActor(ctx context.Context, id string) (RemoteActor, error) {
	doc, err := f.client.GetActivity(ctx, id, f.signAs(ctx, instanceID), Conditional{})
	if err != nil {
		return RemoteActor{}, err
	}
	a, err := decodeActor(doc.Body)
	if err != nil {
		return RemoteActor{}, err
	}
	if !sameHost(hostOf(a.ID), hostOf(doc.URL)) {
		return RemoteActor{}, playlists.Problemf(playlists.Invalid, nil, "%s claims to be an actor of another server.", doc.URL)
	}
	if err := f.keepActor(ctx, a); err != nil {
		return RemoteActor{}, err
	}
	return a, nil
}

func (f *Federation) keepActor(ctx context.Context, a RemoteActor) error {
	_, err := f.db.ExecContext(ctx, `INSERT INTO remote_actors (id, host, type, name, handle, url, inbox, shared_inbox, key_id, key_pem, fetched)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
		ON CONFLICT (id) DO UPDATE SET type = excluded.type, name = excluded.name, handle = excluded.handle, url = excluded.url, inbox = excluded.inbox,
			shared_inbox = excluded.shared_inbox, key_id = excluded.key_id, key_pem = excluded.key_pem, fetched = excluded.fetched`,
		a.ID, hostOf(a.ID), a.Type, a.Name, a.Handle, a.URL, a.Inbox, a.SharedInbox, a.KeyID, a.PublicKeyPEM, f.now().UnixMilli())
	return err
}

// storedActor looks an actor up; where is never text from outside.
func (f *Federation) storedActor(ctx context.Context, where, value string) (a RemoteActor, fetched time.Time, err error) {
	var ms int64
	err = f.db.QueryRowContext(ctx, `SELECT id, type, name, handle, url, inbox, shared_inbox, key_id, key_pem, fetched FROM remote_actors WHERE `+where, value).
		Scan(&a.ID, &a.Type, &a.Name, &a.Handle, &a.URL, &a.Inbox, &a.SharedInbox, &a.KeyID, &a.PublicKeyPEM, &ms)
	return a, playlists.FromMillis(ms), err
}

// Key implements Keys: a key from what is stored, or from its own host.
func (f *Federation) Key(ctx context.Context, keyID string, fresh bool) (RemoteKey, error) {
	if !fresh {
		a, _, err := f.storedActor(ctx, `key_id = $1 AND key_pem <> ''`, keyID)
		if err == nil {
			return keyOf(a)
		}
		if !errors.Is(err, sql.ErrNoRows) {
			return RemoteKey{}, err
		}
	}
	if err := f.mayFetchKey(ctx, keyID); err != nil {
		return RemoteKey{}, err
	}
	key, err := f.fetchKey(ctx, keyID)
	switch {
	case err != nil && !lasting(err):
		err = errors.Join(err, f.rememberMissing(ctx, keyID, keyAway))
	case err != nil || fresh:
		// A fresh key is asked for after a signature failed: at most once in a while, whatever comes of it.
		err = errors.Join(err, f.rememberMissing(ctx, keyID, keyMissing))
	}
	return key, err
}

// fetchKey reads the document at keyID, follows its owner, and takes the key only if the owner names it too. The
// document may be the actor itself, a stub of it (GoToSocial) or a key.
func (f *Federation) fetchKey(ctx context.Context, keyID string) (RemoteKey, error) {
	u, err := url.Parse(keyID)
	if err != nil || u.Host == "" || f.isOwnHost(u.Host) {
		return RemoteKey{}, playlists.Problemf(playlists.Invalid, err, "The key %s is not at another server.", playlists.CleanText(keyID, 200))
	}
	if err := f.policy.AllowsHost(u.Host); err != nil {
		return RemoteKey{}, err
	}
	u.Fragment = ""
	doc, err := f.client.Get(ctx, u.String(), acceptActivity, f.signAs(ctx, instanceID), Conditional{})
	if err != nil {
		return RemoteKey{}, err
	}
	named, err := decodeActor(doc.Body)
	if err != nil {
		return RemoteKey{}, err
	}
	owner := named.ID // of a key that is its own document, the actor it names
	if !sameHost(hostOf(owner), u.Host) || !sameHost(hostOf(doc.URL), u.Host) {
		return RemoteKey{}, playlists.Problemf(playlists.Forbidden, nil, "The key %s belongs to another server.", keyID)
	}
	a, err := f.fetchActor(ctx, owner)
	if err != nil {
		return RemoteKey{}, err
	}
	for _, k := range a.Keys {
		if k.ID == keyID {
			a.KeyID, a.PublicKeyPEM = k.ID, k.PEM
			return keyOfKept(a, f.keepActor(ctx, a))
		}
	}
	return RemoteKey{}, playlists.Problemf(playlists.Forbidden, nil, "%s does not name the key %s as its own.", a.ID, keyID)
}

func keyOfKept(a RemoteActor, err error) (RemoteKey, error) {
	if err != nil {
		return RemoteKey{}, err
	}
	return keyOf(a)
}

// mayFetchKey refuses a key that could not be had a moment ago, and any of a host that floods us with unknown ones. The
// sender is told to try again: Mastodon gives an activity up that is forbidden.
func (f *Federation) mayFetchKey(ctx context.Context, keyID string) error {
	now := f.now().UnixMilli()
	var this, ofHost int
	err := f.db.QueryRowContext(ctx, `SELECT COALESCE(SUM(CASE WHEN key_id = $1 THEN 1 ELSE 0 END), 0), COUNT(*) FROM missing_keys WHERE host = $2 AND until > $3`,
		keyID, hostOf(keyID), now).Scan(&this, &ofHost)
	if err != nil {
		return err
	}
	if this > 0 || ofHost >= maxMissingOfHost {
		return playlists.Problemf(playlists.Unavailable, nil, "The key %s could not be had a moment ago.", playlists.CleanText(keyID, 200))
	}
	return nil
}

func (f *Federation) rememberMissing(ctx context.Context, keyID string, wait time.Duration) error {
	_, err := f.db.ExecContext(ctx, `INSERT INTO missing_keys (key_id, host, until) VALUES ($1, $2, $3)
		ON CONFLICT (key_id) DO UPDATE SET until = excluded.until`, keyID, hostOf(keyID), f.now().Add(wait).UnixMilli())
	return err
}

func keyOf(a RemoteActor) (RemoteKey, error) {
	public, err := parsePublicKey(a.PublicKeyPEM)
	if err != nil {
		return RemoteKey{}, fmt.Errorf("key of %s: %w", a.ID, err)
	}
	return RemoteKey{ID: a.KeyID, Owner: a.ID, Public: public}, nil
}

func parsePublicKey(text string) (crypto.PublicKey, error) {
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return nil, playlists.Problemf(playlists.Invalid, nil, "The actor's public key is not in PEM form.")
	}
	if key, err := x509.ParsePKCS1PublicKey(block.Bytes); err == nil {
		return key, nil
	}
	return x509.ParsePKIXPublicKey(block.Bytes)
}

// signAs returns a function that signs requests with the key of one of our actors, nil while we have no address: then
// nobody could fetch the key.
func (f *Federation) signAs(ctx context.Context, actor string) func(*http.Request) error {
	if !f.public {
		return nil
	}
	return func(r *http.Request) error {
		key, err := f.signingKey(ctx, actor)
		if err != nil {
			return err
		}
		return Sign(r, nil, key, f.now())
	}
}
