package playlists

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// PersonRules is what administrators decide about an account.
type PersonRules struct {
	MaxAudience Audience
	Admin       bool
	Child       bool
	Guardian    ID // of a Child: who decides what it shares, "" for any administrator
}

// SetPerson keeps what an administrator decides about an account. What it has published more widely than it may now is
// withdrawn. Somebody stays administrator.
func (s *Store) SetPerson(ctx context.Context, id ID, r PersonRules) error {
	if !r.MaxAudience.Valid() {
		return noAudience(r.MaxAudience)
	}
	err := InTx(ctx, s.db, func(tx *sql.Tx) error {
		a, err := lockAccount(ctx, tx, id)
		if err != nil {
			return err
		}
		if a.Admin && !r.Admin {
			if err := anotherAdmin(ctx, tx, id); err != nil {
				return err
			}
		}
		a.MaxAudience, a.Admin, a.Child, a.Guardian = r.MaxAudience, r.Admin, r.Child, r.Guardian
		if a, err = withRules(ctx, tx, a); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE accounts SET max_audience = $1, admin = $2, child = $3, guardian = $4 WHERE id = $5`,
			a.MaxAudience, a.Admin, a.Child, a.Guardian, id); err != nil {
			return err
		}
		if a.Child {
			if _, err := tx.ExecContext(ctx, `UPDATE accounts SET guardian = '' WHERE guardian = $1`, id); err != nil {
				return err
			}
		}
		if !a.Child || a.MaxAudience == Private {
			if _, err := tx.ExecContext(ctx, `DELETE FROM asks WHERE account_id = $1`, id); err != nil {
				return err
			}
		}
		return s.narrow(ctx, tx, id, a.MaxAudience)
	})
	if err != nil {
		return fmt.Errorf("set rules of account: %w", err)
	}
	return nil
}

// withRules returns a with rules that go together, or says which do not.
func withRules(ctx context.Context, tx *sql.Tx, a Account) (Account, error) {
	if !a.Child {
		a.Guardian = ""
		return a, nil
	}
	switch {
	case a.Handle != "":
		return a, Problemf(Invalid, nil, "%s has a public name, which a child's account has not. Make a new account for the child.", a.Name)
	case a.Admin:
		return a, Problemf(Invalid, nil, "A child's account cannot be an administrator's.")
	case a.Guardian == a.ID:
		return a, Problemf(Invalid, nil, "Nobody is their own guardian.")
	}
	if a.MaxAudience.WiderThan(Link) {
		a.MaxAudience = Link
	}
	if a.Guardian == "" {
		return a, nil
	}
	guardian, err := scanAccount(tx.QueryRowContext(ctx, `SELECT `+accountColumns+` FROM accounts WHERE id = $1`, a.Guardian))
	if errors.Is(err, sql.ErrNoRows) || err == nil && guardian.Child {
		return a, Problemf(Invalid, nil, "Choose a grown-up who has an account here.")
	}
	return a, err
}

// anotherAdmin refuses to go on when nobody but id is an administrator. Two who give it up at once wait for each other.
func anotherAdmin(ctx context.Context, tx *sql.Tx, id ID) error {
	if _, err := tx.ExecContext(ctx, `UPDATE counters SET n = n WHERE name = 'journal'`); err != nil {
		return err
	}
	var others int
	err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM accounts WHERE admin AND id <> $1`, id).Scan(&others)
	if err == nil && others == 0 {
		err = Problemf(Invalid, nil, "There is no other administrator. Name one first.")
	}
	return err
}

// narrow withdraws what an account has published more widely than to max.
func (s *Store) narrow(ctx context.Context, tx *sql.Tx, account ID, max Audience) error {
	pubs, err := Collect(ctx, tx, s.scanPublication, `SELECT `+publicationRead+` FROM publications WHERE retired = 0
		AND playlist_id IN (SELECT id FROM playlists WHERE owner = $1) ORDER BY playlist_id`, account)
	if err != nil {
		return err
	}
	for _, pub := range pubs {
		if pub.Audience.WiderThan(max) {
			if _, err := s.publish(ctx, tx, pub.Playlist, Private, false); err != nil {
				return err
			}
		}
	}
	return nil
}

// lockOwned is lock for those who need what its owner may do to stay true as well. The owner comes first, as where all
// of somebody's playlists are changed.
func lockOwned(ctx context.Context, tx *sql.Tx, playlist ID) error {
	_, err := tx.ExecContext(ctx, `UPDATE accounts SET admin = admin WHERE id = (SELECT owner FROM playlists WHERE id = $1)`, playlist)
	if err != nil {
		return err
	}
	return lock(ctx, tx, playlist)
}

// lockAccount returns an account, and makes other transactions that change it wait until tx ends.
func lockAccount(ctx context.Context, tx *sql.Tx, id ID) (Account, error) {
	a, err := scanAccount(tx.QueryRowContext(ctx, `UPDATE accounts SET admin = admin WHERE id = $1 RETURNING `+accountColumns, id))
	if errors.Is(err, sql.ErrNoRows) {
		err = noAccount(string(id))
	}
	return a, err
}
