package federation

import (
	"context"
	"crypto"
	"crypto/x509"
	"database/sql"
	"encoding/pem"
	"errors"
	"net/netip"
	"time"

	"golang.org/x/net/publicsuffix"

	"github.com/songferry/songferry/playlists"
)

const (
	keyMissing         = 5 * time.Minute  // how long a key that could not be had is not asked for again
	keyAway            = 30 * time.Second // the same while its host does not answer: a peer tries again soon
	maxMissingOfDomain = 100              // such keys remembered of one domain; beyond, none is fetched
)

// Key implements Keys: a key from what is stored, or from its own host.
func (f *Federation) Key(ctx context.Context, keyID string, fresh bool) (RemoteKey, error) {
	if !fresh {
		if key, err := f.storedPublicKey(ctx, keyID); !errors.Is(err, sql.ErrNoRows) {
			return key, err
		}
	}
	if err := f.mayFetchKey(ctx, keyID); err != nil {
		return RemoteKey{}, err
	}
	host := hostOf(keyID)
	done := f.quotas.fetch(host, f.now())
	if done == nil {
		return RemoteKey{}, overQuota(domainOf(host))
	}
	found := false
	defer func() { done(found) }()
	key, err := f.fetchKey(ctx, keyID)
	found = err == nil
	wait := keyMissing
	if err != nil && !lasting(err) {
		wait = keyAway
	}
	if err != nil || fresh {
		// A fresh key is asked for after a signature failed: at most once in a while, whatever comes of it. It is kept
		// also when the sender hung up meanwhile: else that would be the way to make us ask without end.
		err = errors.Join(err, f.rememberMissing(context.WithoutCancel(ctx), keyID, wait))
	}
	return key, err
}

// fetchKey reads the document at keyID, follows its owner, and takes the key only if the owner names it too. The
// document may be the actor itself, a stub of it (GoToSocial; its id leads to the actor) or a key.
func (f *Federation) fetchKey(ctx context.Context, keyID string) (RemoteKey, error) {
	host := hostOf(keyID)
	if host == "" || f.isOwnHost(host) {
		return RemoteKey{}, playlists.Problemf(playlists.Invalid, nil, "The key is not at another server.")
	}
	if err := f.policy.AllowsActor(keyID); err != nil {
		return RemoteKey{}, err
	}
	a, err := f.keyOwner(ctx, keyID)
	if err != nil {
		return RemoteKey{}, err
	}
	for _, k := range a.Keys {
		if k.ID == keyID {
			if err := f.keepActor(ctx, a, k); err != nil {
				return RemoteKey{}, err
			}
			return remoteKey(a.ID, k)
		}
	}
	return RemoteKey{}, playlists.Problemf(playlists.Invalid, nil, "%s does not name this key as its own.", playlists.CleanText(a.ID, 200))
}

// keyOwner returns the actor to which the document at keyID leads, as its own document shows it.
func (f *Federation) keyOwner(ctx context.Context, keyID string) (RemoteActor, error) {
	doc, err := f.client.GetActivity(ctx, keyID, f.signAs(ctx, instanceID), Conditional{})
	if playlists.CodeOf(err) == playlists.Forbidden {
		// Not by our policy: its server wants to know us first, and could not now.
		return RemoteActor{}, playlists.Problemf(playlists.Unavailable, err, "%s", playlists.SentenceOf(err))
	}
	if err != nil {
		return RemoteActor{}, err
	}
	a, err := decodeActor(doc.Body)
	if err != nil {
		return RemoteActor{}, err
	}
	if !sameOrigin(keyID, doc.URL) || !sameOrigin(keyID, a.ID) {
		return RemoteActor{}, playlists.Problemf(playlists.Invalid, nil, "The key belongs to another server.")
	}
	if a.Type == keyType {
		return f.fetchActor(ctx, a.ID)
	}
	return a, nil
}

// mayFetchKey refuses a key that could not be had a moment ago, and any of a domain that floods us with unknown ones.
// The refusal is one that passes: whoever names keys that do not exist must not keep out those who have one.
func (f *Federation) mayFetchKey(ctx context.Context, keyID string) error {
	now := f.now().UnixMilli()
	var this, ofDomain int
	err := f.db.QueryRowContext(ctx, `SELECT COALESCE(SUM(CASE WHEN key_id = $1 THEN 1 ELSE 0 END), 0), COUNT(*) FROM missing_keys WHERE domain = $2 AND until > $3`,
		keyID, domainOf(hostOf(keyID)), now).Scan(&this, &ofDomain)
	if err != nil {
		return err
	}
	if this > 0 || ofDomain >= maxMissingOfDomain {
		return playlists.Problemf(playlists.Unavailable, nil, "The key could not be had a moment ago. Try again in some minutes.")
	}
	return nil
}

// rememberMissing also forgets what is old, so that a flood of names leaves no more behind than minutes of it.
func (f *Federation) rememberMissing(ctx context.Context, keyID string, wait time.Duration) error {
	now := f.now()
	if _, err := f.db.ExecContext(ctx, `DELETE FROM missing_keys WHERE until < $1`, now.UnixMilli()); err != nil {
		return err
	}
	_, err := f.db.ExecContext(ctx, `INSERT INTO missing_keys (key_id, domain, until) VALUES ($1, $2, $3)
		ON CONFLICT (key_id) DO UPDATE SET until = excluded.until`, keyID, domainOf(hostOf(keyID)), now.Add(wait).UnixMilli())
	return err
}

// domainOf returns the domain that somebody had to register for host, a host name with or without port: whoever has it
// makes names below it at will.
func domainOf(host string) string {
	name := hostName(host)
	if _, err := netip.ParseAddr(name); err == nil {
		return name
	}
	domain, err := publicsuffix.EffectiveTLDPlusOne(name)
	if err != nil {
		return name // a public suffix itself, or a name without dots
	}
	return domain
}

func remoteKey(owner string, k PublicKey) (RemoteKey, error) {
	public, err := parsePublicKey(k.PEM)
	if err != nil {
		return RemoteKey{}, playlists.Problemf(playlists.Invalid, err, "The public key of the signature cannot be read.")
	}
	return RemoteKey{ID: k.ID, Owner: owner, Public: public}, nil
}

func parsePublicKey(text string) (crypto.PublicKey, error) {
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return nil, errors.New("not PEM")
	}
	if key, err := x509.ParsePKCS1PublicKey(block.Bytes); err == nil {
		return key, nil
	}
	return x509.ParsePKIXPublicKey(block.Bytes)
}
