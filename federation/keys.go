package federation

import (
	"context"
	"crypto/rsa"
	"crypto/x509"
	"database/sql"
	"encoding/pem"
	"errors"
	"fmt"
)

// signingKey returns the key of one of our actors, and makes it at its first use. Keys are never deleted: the key of a
// withdrawn playlist still signs its Delete.
func (f *Federation) signingKey(ctx context.Context, actor string) (SigningKey, error) {
	id := SigningKey{ID: f.addr.Key(actor)}
	sealed, _, err := f.storedKey(ctx, actor)
	if errors.Is(err, sql.ErrNoRows) {
		if err := f.makeKey(ctx, actor); err != nil {
			return SigningKey{}, fmt.Errorf("make signing key: %w", err)
		}
		sealed, _, err = f.storedKey(ctx, actor)
	}
	if err != nil {
		return SigningKey{}, fmt.Errorf("read signing key: %w", err)
	}
	der, err := f.key.Open(sealed, keyLabel(actor))
	if err != nil {
		return SigningKey{}, err
	}
	parsed, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return SigningKey{}, fmt.Errorf("read signing key: %w", err)
	}
	private, ok := parsed.(*rsa.PrivateKey)
	if !ok {
		return SigningKey{}, fmt.Errorf("signing key of actor %q is a %T, not RSA", actor, parsed)
	}
	id.Private = private
	return id, nil
}

// publicKey returns the PEM form of an actor's public key, and makes the key at its first use.
func (f *Federation) publicKey(ctx context.Context, actor string) (string, error) {
	_, text, err := f.storedKey(ctx, actor)
	if errors.Is(err, sql.ErrNoRows) {
		if err := f.makeKey(ctx, actor); err != nil {
			return "", fmt.Errorf("make signing key: %w", err)
		}
		_, text, err = f.storedKey(ctx, actor)
	}
	return text, err
}

func (f *Federation) storedKey(ctx context.Context, actor string) (sealed []byte, publicPEM string, err error) {
	err = f.db.QueryRowContext(ctx, `SELECT sealed, public_pem FROM signing_keys WHERE actor = $1`, actor).Scan(&sealed, &publicPEM)
	return sealed, publicPEM, err
}

// makeKey makes a key unless another process was faster.
func (f *Federation) makeKey(ctx context.Context, actor string) error {
	key, err := f.newKey()
	if err != nil {
		return err
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	public, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		return err
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: public})
	_, err = f.db.ExecContext(ctx, `INSERT INTO signing_keys (actor, sealed, public_pem, created) VALUES ($1, $2, $3, $4)
		ON CONFLICT (actor) DO NOTHING`, actor, f.key.Seal(private, keyLabel(actor)), string(text), f.now().UnixMilli())
	return err
}

func keyLabel(actor string) string { return "federation:" + actor }
