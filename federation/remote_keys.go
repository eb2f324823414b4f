package federation

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"github.com/songferry/songferry/playlists"
)

// keyOld is the age from which a key that is used makes its owner's document be read again, so that one that was taken
// back ends.
const keyOld = 7 * 24 * time.Hour

// storedPublicKey returns a key that was read before; sql.ErrNoRows when there is none.
func (f *Federation) storedPublicKey(ctx context.Context, keyID string) (RemoteKey, error) {
	if key, ok := f.recentKeys.get(keyID, f.now()); ok {
		return key, nil
	}
	k, owner := PublicKey{ID: keyID}, ""
	var fetched int64
	err := f.db.QueryRowContext(ctx, `SELECT k.owner, k.pem, a.fetched FROM remote_keys k JOIN remote_actors a ON a.id = k.owner
		WHERE k.key_id = $1`, keyID).Scan(&owner, &k.PEM, &fetched)
	if err != nil {
		return RemoteKey{}, err
	}
	if f.now().Sub(playlists.FromMillis(fetched)) > keyOld {
		if err := f.renewSoon(ctx, owner); err != nil {
			return RemoteKey{}, err
		}
	}
	key, err := remoteKey(owner, k)
	if err == nil {
		f.recentKeys.put(key, f.now())
	}
	return key, err
}

// keepKeys makes the stored keys of an actor those that its document shows.
func keepKeys(ctx context.Context, tx *sql.Tx, a RemoteActor, proven []PublicKey) error {
	old, err := playlists.Texts(ctx, tx, `SELECT key_id FROM remote_keys WHERE owner = $1`, a.ID)
	if err != nil {
		return err
	}
	shown := map[string]bool{}
	for _, k := range a.Keys {
		shown[k.ID] = true
		if !sameAddress(k.ID, a.ID) && !slices.Contains(old, k.ID) && !slices.Contains(proven, k) {
			continue
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO remote_keys (key_id, owner, pem) VALUES ($1, $2, $3)
			ON CONFLICT (key_id) DO UPDATE SET owner = excluded.owner, pem = excluded.pem`, k.ID, a.ID, k.PEM)
		if err != nil {
			return err
		}
	}
	for _, id := range old {
		if !shown[id] {
			if _, err := tx.ExecContext(ctx, `DELETE FROM remote_keys WHERE key_id = $1`, id); err != nil {
				return err
			}
		}
	}
	return nil
}
