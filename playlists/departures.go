package playlists

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Departure is an account that was deleted.
type Departure struct {
	Account  ID
	PublicID string
	Named    bool // it had a handle: it was on the fediverse
	At       time.Time
}

const departureColumns = `account_id, public_id, named, at`

// DeleteAccount deletes an account with all that is kept of it here, for good: its publications end, its handle is
// retired, and what it wanted is wanted no more. The journal says so (Left), and each side forgets its own. Of its playlists
// nothing stays but that they were there; copies that others made stay theirs. Deleting it again does nothing.
func (s *Store) DeleteAccount(ctx context.Context, id ID) error {
	if _, err := s.Departure(ctx, string(id)); CodeOf(err) != NotFound {
		return err
	}
	err := InTx(ctx, s.db, func(tx *sql.Tx) error {
		a, err := lockAccount(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := mayLeave(ctx, tx, a); err != nil {
			return err
		}
		d := Departure{Account: id, PublicID: a.PublicID, Named: a.Handle != "", At: s.now().UTC()}
		for _, step := range []func(context.Context, *sql.Tx, ID) error{s.withdrawAll, s.endWantsOf, s.endWantsFor, s.emptyPlaylists, forgetPerson} {
			if err := step(ctx, tx, id); err != nil {
				return err
			}
		}
		if _, err := tx.ExecContext(ctx, `UPDATE handles SET retired = $1 WHERE account_id = $2 AND retired = 0`, Millis(d.At), id); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO departures (`+departureColumns+`) VALUES ($1, $2, $3, $4)`, d.Account, d.PublicID, d.Named, Millis(d.At))
		if err != nil {
			return err
		}
		_, err = journal(ctx, tx, Change{Playlist: id, Origin: Local, Kind: Left, PublicID: d.PublicID, At: d.At})
		return err
	})
	if err != nil {
		return fmt.Errorf("delete account: %w", err)
	}
	return nil
}

// mayLeave keeps an administrator for those who stay.
func mayLeave(ctx context.Context, tx *sql.Tx, a Account) error {
	var others int
	err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM accounts WHERE id <> $1`, a.ID).Scan(&others)
	if err != nil || !a.Admin || others == 0 {
		return err
	}
	return anotherAdmin(ctx, tx, a.ID)
}

func (s *Store) withdrawAll(ctx context.Context, tx *sql.Tx, id ID) error {
	return s.narrow(ctx, tx, id, Private)
}

// endWantsOf ends what an account wanted. Of persons whom it followed stays that there was one, until the journal was read.
func (s *Store) endWantsOf(ctx context.Context, tx *sql.Tx, id ID) error {
	persons, err := Collect(ctx, tx, scanID, `SELECT id FROM person_wants WHERE account_id = $1 AND ended = 0 ORDER BY id`, id)
	if err != nil {
		return err
	}
	for _, p := range persons {
		if _, err := s.endPerson(ctx, tx, p); err != nil {
			return err
		}
	}
	wanted, err := Collect(ctx, tx, scanID, `SELECT DISTINCT playlist_id FROM wants WHERE account_id = $1 ORDER BY playlist_id`, id)
	if err != nil {
		return err
	}
	if err := ExecEach(ctx, tx, id,
		`UPDATE person_wants SET name = '', target = '' WHERE account_id = $1`,
		`DELETE FROM outcomes WHERE want_id IN (SELECT id FROM wants WHERE account_id = $1)`,
		`DELETE FROM wants WHERE account_id = $1`,
	); err != nil {
		return err
	}
	for _, p := range wanted {
		if err := s.journalWanted(ctx, tx, p); err != nil {
			return err
		}
	}
	return nil
}

// endWantsFor ends what others wanted of an account, whole persons and single playlists.
func (s *Store) endWantsFor(ctx context.Context, tx *sql.Tx, id ID) error {
	persons, err := Collect(ctx, tx, scanID, `SELECT id FROM person_wants WHERE person = $1 AND ended = 0 ORDER BY id`, id)
	if err != nil {
		return err
	}
	for _, p := range persons {
		if _, err := s.endPerson(ctx, tx, p); err != nil {
			return err
		}
	}
	wanted, err := Collect(ctx, tx, scanID, `SELECT DISTINCT w.playlist_id FROM wants w JOIN playlists p ON p.id = w.playlist_id
		WHERE p.owner = $1 AND w.ended = 0 ORDER BY w.playlist_id`, id)
	if err != nil {
		return err
	}
	for _, p := range wanted {
		if err := s.updateWants(ctx, tx, p, `UPDATE wants SET ended = $1 WHERE playlist_id = $2 AND ended = 0`, Millis(s.now()), p); err != nil {
			return err
		}
	}
	return nil
}

// emptyPlaylists puts an empty version without a name in the place of all versions of an account's playlists: those who
// act on what was withdrawn still look them up.
func (s *Store) emptyPlaylists(ctx context.Context, tx *sql.Tx, id ID) error {
	owned, err := Collect(ctx, tx, scanID, `SELECT id FROM playlists WHERE owner = $1 ORDER BY id`, id)
	if err != nil {
		return err
	}
	for _, p := range owned {
		var revision int64
		if err := tx.QueryRowContext(ctx, `UPDATE playlists SET revision = revision + 1, cover_wanted = FALSE WHERE id = $1 RETURNING revision`, p).Scan(&revision); err != nil {
			return err
		}
		if err := ExecEach(ctx, tx, p,
			`DELETE FROM revisions WHERE playlist_id = $1`,
			`DELETE FROM overlays WHERE playlist_id = $1`,
			`DELETE FROM covers WHERE playlist_id = $1`,
			`DELETE FROM asks WHERE playlist_id = $1`,
		); err != nil {
			return err
		}
		if err := insertRevision(ctx, tx, p, revision, "", Playlist{Tracks: []Track{}}, s.now().UTC()); err != nil {
			return err
		}
	}
	return nil
}

func forgetPerson(ctx context.Context, tx *sql.Tx, id ID) error {
	return ExecEach(ctx, tx, id,
		`DELETE FROM tellings WHERE notice_id IN (SELECT id FROM notices WHERE account_id = $1)`,
		`DELETE FROM notices WHERE account_id = $1`,
		`DELETE FROM asks WHERE account_id = $1`,
		`DELETE FROM personal_links WHERE follower = $1`,
		`UPDATE accounts SET guardian = '' WHERE guardian = $1`,
		`DELETE FROM accounts WHERE id = $1`,
	)
}

// Departure returns the account that was deleted and had this ID, or this public id.
func (s *Store) Departure(ctx context.Context, id string) (Departure, error) {
	d, err := scanDeparture(s.db.QueryRowContext(ctx, `SELECT `+departureColumns+` FROM departures WHERE account_id = $1 OR public_id = $1`, asKey(id)))
	if errors.Is(err, sql.ErrNoRows) {
		err = Problemf(NotFound, nil, "No such account was deleted here.")
	}
	return d, err
}

// Departures returns the accounts that were deleted since then, oldest first, at most 1,000.
func (s *Store) Departures(ctx context.Context, since time.Time) ([]Departure, error) {
	return Collect(ctx, s.db, scanDeparture, `SELECT `+departureColumns+` FROM departures WHERE at >= $1 ORDER BY at, account_id LIMIT 1000`, Millis(since))
}

// Departed counts the accounts that were ever deleted here.
func (s *Store) Departed(ctx context.Context) (n int, err error) {
	err = s.db.QueryRowContext(ctx, `SELECT COUNT(*) FROM departures`).Scan(&n)
	return n, err
}

func scanDeparture(row Scanner) (d Departure, err error) {
	var at int64
	err = row.Scan(&d.Account, &d.PublicID, &d.Named, &at)
	d.At = FromMillis(at)
	return d, err
}

// stillHere refuses to keep anything of an account that was deleted: whoever read it may have begun before.
func stillHere(ctx context.Context, q Querier, account ID) error {
	var n int
	err := q.QueryRowContext(ctx, `SELECT COUNT(*) FROM departures WHERE account_id = $1`, account).Scan(&n)
	if err == nil && n > 0 {
		err = noAccount(string(account))
	}
	return err
}
