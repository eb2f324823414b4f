package playlists

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
)

const accountColumns = `id, handle, public_id, name, language, max_audience, admin, child, guardian, created`

// AddAccount keeps a new account; ID, PublicID and Created are set here. The handle must be free and never used before;
// with none the account has a name, and chooses its handle later.
func (s *Store) AddAccount(ctx context.Context, a Account) (Account, error) {
	return s.addAccount(ctx, a, func(*sql.Tx) error { return nil })
}

// AddFirstAccount is AddAccount for who sets the bridge up. Once anybody has an account it fails with a Problem, code NotFound:
// also of two who set it up at the same moment, at two processes, one is the first.
func (s *Store) AddFirstAccount(ctx context.Context, a Account) (Account, error) {
	return s.addAccount(ctx, a, func(tx *sql.Tx) error {
		var others bool
		err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM accounts)`).Scan(&others)
		if err == nil && others {
			err = AlreadySetUp()
		}
		return err
	})
}

// AlreadySetUp is the error for who wants to set up a bridge on which somebody has an account.
func AlreadySetUp() error { return Problemf(NotFound, nil, "This bridge is set up already. Sign in.") }

// addAccount keeps a new account if allow, in the same transaction, does not mind.
func (s *Store) addAccount(ctx context.Context, a Account, allow func(*sql.Tx) error) (Account, error) {
	if a.Handle != "" && !ValidHandle(a.Handle) {
		return Account{}, badHandle(a.Handle)
	}
	a.ID, a.PublicID, a.Created = NewID(), randomText(), s.now().UTC()
	if a.Name = cmp.Or(CleanText(a.Name, MaxText), a.Handle); a.Name == "" {
		return Account{}, namelessAccount()
	}
	if a.Language != "" && !ValidLanguage(a.Language) {
		return Account{}, Problemf(Invalid, nil, "%q is no language code. English is en, French is fr.", CleanText(a.Language, 40))
	}
	if a.MaxAudience == "" {
		a.MaxAudience = Public
	}
	if !a.MaxAudience.Valid() {
		return Account{}, noAudience(a.MaxAudience)
	}
	err := InTx(ctx, s.db, func(tx *sql.Tx) error {
		err := allow(tx)
		if err != nil {
			return err
		}
		if a, err = withRules(ctx, tx, a); err != nil {
			return err
		}
		if a.Handle != "" {
			if err := s.reserveHandle(ctx, tx, a.Handle, a.ID); err != nil {
				return err
			}
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO accounts (`+accountColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
			a.ID, a.keptHandle(), a.PublicID, a.Name, a.Language, a.MaxAudience, a.Admin, a.Child, a.Guardian, Millis(a.Created))
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
	if a.Name = cmp.Or(CleanText(a.Name, MaxText), a.Handle); a.Name == "" {
		return a, namelessAccount()
	}
	err := InTx(ctx, s.db, func(tx *sql.Tx) error {
		renamed, err := tx.ExecContext(ctx, `UPDATE accounts SET name = $1 WHERE id = $2 AND name <> $1`, a.Name, a.ID)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE accounts SET language = $1 WHERE id = $2`, a.Language, a.ID); err != nil {
			return err
		}
		if n, err := renamed.RowsAffected(); n == 0 || err != nil || a.Handle == "" { // nobody elsewhere knows it yet
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
	if !ValidHandle(handle) {
		return Account{}, noAccount(handle)
	}
	return s.account(ctx, "handle", handle)
}

// AccountByPublicID returns the account whose ActivityPub id ends in publicID. One without a handle has no such id.
func (s *Store) AccountByPublicID(ctx context.Context, publicID string) (Account, error) {
	a, err := s.account(ctx, "public_id", publicID)
	if err == nil && a.Handle == "" {
		return Account{}, noAccount(publicID)
	}
	return a, err
}

// FindAccount returns the account that somebody means: by its handle, its ID or its name or, where none is called so, by its
// handle or name in other capitals. It fails when several are meant.
func (s *Store) FindAccount(ctx context.Context, text string) (Account, error) {
	a, err := s.AccountByHandle(ctx, text)
	if CodeOf(err) == NotFound {
		a, err = s.Account(ctx, ID(text))
	}
	if CodeOf(err) != NotFound {
		return a, err
	}
	all, err := s.Accounts(ctx)
	if err != nil {
		return Account{}, err
	}
	meant := accountsWhere(all, func(a Account) bool { return a.Name == text })
	if len(meant) == 0 {
		meant = accountsWhere(all, func(a Account) bool {
			return strings.EqualFold(a.Name, text) || a.Handle != "" && strings.EqualFold(a.Handle, text)
		})
	}
	return OneAccount(meant, text)
}

func accountsWhere(all []Account, is func(Account) bool) []Account {
	return slices.DeleteFunc(slices.Clone(all), func(a Account) bool { return !is(a) })
}

// OneAccount returns the only one of the accounts that text may mean, and fails when it means none or several.
func OneAccount(meant []Account, text string) (Account, error) {
	switch len(meant) {
	case 0:
		return Account{}, noAccount(text)
	case 1:
		return meant[0], nil
	}
	return Account{}, Problemf(Invalid, nil, "Several accounts are called %q: name the ID of one (%s, %s, …).", CleanText(text, 40), meant[0].ID, meant[1].ID)
}

// account looks an account up by one of its unique columns; column is never text from outside.
func (s *Store) account(ctx context.Context, column, value string) (Account, error) {
	a, err := scanAccount(s.db.QueryRowContext(ctx, `SELECT `+accountColumns+` FROM accounts WHERE `+column+` = $1`, asKey(value)))
	if errors.Is(err, sql.ErrNoRows) {
		return Account{}, noAccount(value)
	}
	return a, err
}

func noAccount(name string) error {
	return Problemf(NotFound, nil, "There is no account %q on this bridge. `songferry account list` shows those there are.", CleanText(name, 40))
}

func namelessAccount() error {
	return Problemf(Invalid, nil, "An account needs a name for people to see.")
}

// Accounts returns all accounts in the order of their handles, then those without one in the order of their names.
func (s *Store) Accounts(ctx context.Context) ([]Account, error) {
	return Collect(ctx, s.db, scanAccount, `SELECT `+accountColumns+` FROM accounts
		ORDER BY CASE WHEN handle LIKE '`+unchosen+`%' THEN 1 ELSE 0 END, CASE WHEN handle LIKE '`+unchosen+`%' THEN name ELSE handle END, id`)
}

// AnyAccount reports whether somebody has an account.
func (s *Store) AnyAccount(ctx context.Context) (bool, error) {
	var n int
	err := s.db.QueryRowContext(ctx, `SELECT COUNT(*) FROM (SELECT 1 FROM accounts LIMIT 1) a`).Scan(&n)
	return n > 0, err
}

func scanAccount(row Scanner) (Account, error) {
	var a Account
	var created int64
	err := row.Scan(&a.ID, &a.Handle, &a.PublicID, &a.Name, &a.Language, &a.MaxAudience, &a.Admin, &a.Child, &a.Guardian, &created)
	a.Handle = readHandle(a.Handle)
	a.Created = FromMillis(created)
	return a, err
}
