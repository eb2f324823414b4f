package federation

import (
	"context"
	"crypto/rsa"
	"crypto/x509"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/songferry/songferry/playlists"
)

// firstKey is the fragment of an actor's first key; the next ones are key-2, key-3 and so on.
const firstKey = "main-key"

// storedKey is a key of one of our actors as it is kept.
type storedKey struct {
	name      string // fragment of its id
	sealed    []byte
	publicPEM string
}

// CheckKey fails when the signing keys are sealed with another key than this bridge has.
func (f *Federation) CheckKey(ctx context.Context) error {
	opened, err := playlists.Collect(ctx, f.db, func(row playlists.Scanner) (failure, err error) {
		var actor string
		var sealed []byte
		if err := row.Scan(&actor, &sealed); err != nil {
			return nil, err
		}
		_, failure = f.key.Open(sealed, keyLabel(actor))
		return failure, nil
	}, `SELECT actor, sealed FROM signing_keys ORDER BY actor LIMIT $1`, maxKeysTried)
	if err != nil || len(opened) == 0 || slices.Contains(opened, nil) {
		return err
	}
	return playlists.Problemf(playlists.Invalid, errors.Join(opened...),
		"The key file does not belong to this database: it opens none of the signing keys. All processes need the same one. Put the right one back, or restore a backup.")
}

// maxKeysTried are tried, since one row that is damaged says nothing of the key file.
const maxKeysTried = 10

// MakeKey makes the signing key of the bridge itself, if it has none, so that from then on CheckKey has something to open: two processes
// that are started with different key files notice it before anything else is sealed.
func (f *Federation) MakeKey(ctx context.Context) error {
	if _, err := f.ownKey(ctx, instanceID); err != nil {
		return err
	}
	return f.CheckKey(ctx)
}

// signingKey returns the key of one of our actors, and makes it at its first use. Keys are never deleted: the key of a
// withdrawn playlist still signs its Delete.
func (f *Federation) signingKey(ctx context.Context, actor string) (SigningKey, error) {
	k, err := f.ownKey(ctx, actor)
	if err != nil {
		return SigningKey{}, fmt.Errorf("read signing key: %w", err)
	}
	private, err := f.opened.open(actor, k, f.openKey)
	return SigningKey{ID: f.addr().Key(actor, k.name), Private: private}, err
}

// namedKey is signingKey for who has just read the key's name, which a new key does not share.
func (f *Federation) namedKey(ctx context.Context, actor, name string) (SigningKey, error) {
	if k := f.opened.named(actor, name); k != nil {
		return SigningKey{ID: f.addr().Key(actor, name), Private: k}, nil
	}
	return f.signingKey(ctx, actor)
}

func (f *Federation) openKey(actor string, sealed []byte) (*rsa.PrivateKey, error) {
	der, err := f.key.Open(sealed, keyLabel(actor))
	if err != nil {
		return nil, err
	}
	parsed, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return nil, fmt.Errorf("read signing key: %w", err)
	}
	private, ok := parsed.(*rsa.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("signing key of actor %q is a %T, not RSA", actor, parsed)
	}
	return private, nil
}

// publicKey returns an actor's key as its document shows it, and makes it at its first use.
func (f *Federation) publicKey(ctx context.Context, actor string) (publicKey, error) {
	k, err := f.ownKey(ctx, actor)
	return f.shown(actor, k), err
}

func (f *Federation) shown(actor string, k storedKey) publicKey {
	return publicKey{ID: f.addr().Key(actor, k.name), Owner: f.addr().Actor(actor), PEM: k.publicPEM}
}

func (f *Federation) ownKey(ctx context.Context, actor string) (storedKey, error) {
	k, err := f.storedKey(ctx, actor)
	if !errors.Is(err, sql.ErrNoRows) {
		return k, err
	}
	f.making.Lock()
	defer f.making.Unlock()
	if k, err = f.storedKey(ctx, actor); !errors.Is(err, sql.ErrNoRows) {
		return k, err // somebody made it meanwhile
	}
	if err := f.keepNewKey(ctx, actor); err != nil {
		return storedKey{}, fmt.Errorf("make signing key: %w", err)
	}
	return f.storedKey(ctx, actor)
}

func (f *Federation) storedKey(ctx context.Context, actor string) (k storedKey, err error) {
	err = f.db.QueryRowContext(ctx, `SELECT name, sealed, public_pem FROM signing_keys WHERE actor = $1`, actor).Scan(&k.name, &k.sealed, &k.publicPEM)
	return k, err
}

// keepNewKey makes the first key of an actor, unless another process was faster.
func (f *Federation) keepNewKey(ctx context.Context, actor string) error {
	k, err := f.makeKey(actor, firstKey)
	if err != nil {
		return err
	}
	_, err = f.db.ExecContext(ctx, `INSERT INTO signing_keys (actor, name, sealed, public_pem, created) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (actor) DO NOTHING`, actor, k.name, k.sealed, k.publicPEM, f.now().UnixMilli())
	return err
}

func (f *Federation) makeKey(actor, name string) (storedKey, error) {
	key, err := f.newKey()
	if err != nil {
		return storedKey{}, err
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return storedKey{}, err
	}
	public, err := encodePublicKey(&key.PublicKey)
	return storedKey{name: name, sealed: f.key.Seal(private, keyLabel(actor)), publicPEM: public}, err
}

func keyLabel(actor string) string { return "federation:" + actor }
