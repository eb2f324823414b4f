package playlists

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

const accountColumns = `id, handle, public_id, name, language, max_audience, admin, created`

// AddAccount keeps a new account; ID, PublicID and Created are set here. The handle must be free and never used before.
func (s *Store) AddAccount(ctx context.Context, a Account) (Account, error) {
	if !ValidHandle(a.Handle) {
		return Account{}, Problemf(Invalid, nil, "%q cannot be an account's name: use 1 to 30 of the letters a-z, digits and _.", CleanText(a.Handle, 40))
	}
	a.ID, a.PublicID, a.Created = NewID(), randomText(), s.now().UTC()
	a.Name = CleanText(a.Name, MaxText)
	if a.Name == "" {
		a.Name = a.Handle
	}
	if a.Language != "" && !ValidLanguage(a.Language) {
		return Account{}, Problemf(Invalid, nil, "%q is no language code. English is en, French is fr.", CleanText(a.Language, 40))
	}
	if a.MaxAudience == "" {
		a.MaxAudience = Public
	}
	if !a.MaxAudience.Valid() {
		return Account{}, Problemf(Invalid, nil, "%q is not an audience: use public, unlisted, followers, link or private.", CleanText(string(a.MaxAudience), 40))
	}
	err := InTx(ctx, s.db, func(tx *sql.Tx) error {
		free, err := takeHandle(ctx, tx, a.Handle, a.ID, "", Millis(a.Created))
		if err != nil {
			return err
		}
		if !free {
			return Problemf(Invalid, nil, "The name %q is taken, or was once used on this bridge: choose another.", a.Handle)
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO accounts (`+accountColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			a.ID, a.Handle, a.PublicID, a.Name, a.Language, a.MaxAudience, a.Admin, Millis(a.Created))
		return err
	})
	if err != nil {
		return Account{}, fmt.Errorf("add account: %w", err)
	}
	return a, nil
}

// ChangeAccount keeps another name and language of an account; all else stays as it is. A new name is journalled.
func (s *Store) ChangeAccount(ctx context.Context, a Account) (Account, error) {
	if !ValidLanguage(a.Language) {
		return a, Problemf(Invalid, nil, "%q is no language code. English is en, French is fr.", CleanText(a.Language, 40))
	}
	if a.Name = CleanText(a.Name, MaxText); a.Name == "" {
		a.Name = a.Handle
	}
	err := InTx(ctx, s.db, func(tx *sql.Tx) error {
		renamed, err := tx.ExecContext(ctx, `UPDATE accounts SET name = $1 WHERE id = $2 AND name <> $1`, a.Name, a.ID)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE accounts SET language = $1 WHERE id = $2`, a.Language, a.ID); err != nil {
			return err
		}
		if n, err := renamed.RowsAffected(); n == 0 || err != nil {
			return err
		}
		_, err = journal(ctx, tx, Change{Origin: Local, Kind: Renamed, PublicID: a.PublicID, At: s.now().UTC()})
		return err
	})
	return a, err
}

// Account returns the account with this ID.
func (s *Store) Account(ctx context.Context, id ID) (Account, error) {
	return s.account(ctx, "id", string(id))
}

// AccountByHandle returns the account with this handle.
func (s *Store) AccountByHandle(ctx context.Context, handle string) (Account, error) {
	return s.account(ctx, "handle", handle)
}

// AccountByPublicID returns the account whose ActivityPub id ends in publicID.
func (s *Store) AccountByPublicID(ctx context.Context, publicID string) (Account, error) {
	return s.account(ctx, "public_id", publicID)
}

// account looks an account up by one of its unique columns; column is never text from outside.
func (s *Store) account(ctx context.Context, column, value string) (Account, error) {
	a, err := scanAccount(s.db.QueryRowContext(ctx, `SELECT `+accountColumns+` FROM accounts WHERE `+column+` = $1`, asKey(value)))
	if errors.Is(err, sql.ErrNoRows) {
		return Account{}, Problemf(NotFound, nil, "There is no account %q on this bridge. `songferry account list` shows those there are.", CleanText(value, 40))
	}
	return a, err
}

// Accounts returns all accounts in the order of their handles.
func (s *Store) Accounts(ctx context.Context) ([]Account, error) {
	return Collect(ctx, s.db, scanAccount, `SELECT `+accountColumns+` FROM accounts ORDER BY handle`)
}

func scanAccount(row Scanner) (Account, error) {
	var a Account
	var created int64
	err := row.Scan(&a.ID, &a.Handle, &a.PublicID, &a.Name, &a.Language, &a.MaxAudience, &a.Admin, &created)
	a.Created = FromMillis(created)
	return a, err
}

// takeHandle reserves a handle for ever and reports whether it was free.
func takeHandle(ctx context.Context, tx *sql.Tx, handle string, account ID, publicID string, now int64) (bool, error) {
	r, err := tx.ExecContext(ctx, `INSERT INTO handles (handle, account_id, public_id, created, retired)
		VALUES ($1, $2, $3, $4, 0) ON CONFLICT (handle) DO NOTHING`, handle, account, publicID, now)
	if err != nil {
		return false, err
	}
	n, err := r.RowsAffected()
	return n == 1, err
}
