package playlists

import (
	"context"
	"database/sql"
	"strings"
)

// unchosen begins what is kept in the place of a handle while an account has none: every row needs a value of its own,
// and no handle begins so.
const unchosen = "~"

func (a Account) keptHandle() string {
	if a.Handle == "" {
		return unchosen + string(a.ID)
	}
	return a.Handle
}

func readHandle(kept string) string {
	if strings.HasPrefix(kept, unchosen) {
		return ""
	}
	return kept
}

// Called is what people and commands call the account: its handle, or its name while it has none.
func (a Account) Called() string {
	if a.Handle == "" {
		return a.Name
	}
	return a.Handle
}

// ChooseHandle gives an account that has none its public handle, for good. From then on it is on the fediverse.
func (s *Store) ChooseHandle(ctx context.Context, id ID, handle string) (a Account, err error) {
	if !ValidHandle(handle) {
		return a, badHandle(handle)
	}
	err = InTx(ctx, s.db, func(tx *sql.Tx) error {
		if a, err = lockAccount(ctx, tx, id); err != nil || a.Handle == handle {
			return err
		}
		switch {
		case a.Handle != "":
			return Problemf(Invalid, nil, "%s has the public name %q already. Others know it by that, so it stays.", a.Name, a.Handle)
		case a.Child:
			return Problemf(Forbidden, nil, "A child's account has no public name.")
		}
		if err := s.reserveHandle(ctx, tx, handle, id); err != nil {
			return err
		}
		a.Handle = handle
		if _, err := tx.ExecContext(ctx, `UPDATE accounts SET handle = $1 WHERE id = $2`, handle, id); err != nil {
			return err
		}
		return s.journalWantsOf(ctx, tx, id)
	})
	if err != nil {
		return Account{}, err
	}
	return a, nil
}

// journalWantsOf makes those who act on an account's wants look at them again: it can follow now.
func (s *Store) journalWantsOf(ctx context.Context, tx *sql.Tx, account ID) error {
	wanted, err := Collect(ctx, tx, scanID, `SELECT playlist_id FROM wants WHERE account_id = $1 AND mode = 'sync' AND ended = 0 ORDER BY playlist_id`, account)
	if err != nil {
		return err
	}
	for _, id := range wanted {
		if err := s.journalWanted(ctx, tx, id); err != nil {
			return err
		}
	}
	persons, err := Collect(ctx, tx, scanPerson, `SELECT `+personColumns+` FROM person_wants WHERE account_id = $1 AND ended = 0 ORDER BY id`, account)
	if err != nil {
		return err
	}
	for _, p := range persons {
		if err := s.journalPerson(ctx, tx, p); err != nil {
			return err
		}
	}
	return nil
}

func badHandle(handle string) error {
	return Problemf(Invalid, nil, "%q cannot be an account's name: use 1 to 30 of the letters a-z, digits and _.", CleanText(handle, 40))
}

// reserveHandle takes a handle for an account, for ever.
func (s *Store) reserveHandle(ctx context.Context, tx *sql.Tx, handle string, account ID) error {
	free, err := takeHandle(ctx, tx, handle, account, "", Millis(s.now()))
	if err == nil && !free {
		err = Problemf(Invalid, nil, "The name %q is taken, or was once used on this bridge: choose another.", handle)
	}
	return err
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
