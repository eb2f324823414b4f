package playlists

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// PersonWant says that an account wishes to have every playlist of a person on its own music server, those to come too.
// For each there is a Want that names this one.
type PersonWant struct {
	ID         ID
	Account    ID
	Origin     Origin // Local: the person has an account on this bridge; else Remote
	Person     string // Remote: the id of their actor; Local: the ID of their account
	Name       string
	Target     string // as the account gave it
	OnWithdraw OnWithdraw
	Ended      time.Time
	Created    time.Time
}

// MaxOfPerson bounds the playlists of one person that are wanted at a time. Over the years there may be MaxPlaylist:
// whoever is followed must not be able to fill a music server.
const MaxOfPerson = 200

const personColumns = `id, account_id, origin, person, name, target, on_withdraw, ended, created`

// WantPerson keeps that an account wants a person's playlists and journals it. Wanting a person again returns the want
// there is, with Name and OnWithdraw as given now.
func (s *Store) WantPerson(ctx context.Context, p PersonWant) (PersonWant, error) {
	p.ID, p.Created = NewID(), s.now().UTC()
	p.Name, p.Target = CleanText(p.Name, MaxText), CleanText(p.Target, MaxText)
	if p.OnWithdraw == "" {
		p.OnWithdraw = Keep
	}
	err := InTx(ctx, s.db, func(tx *sql.Tx) error {
		var err error
		p, err = scanPerson(tx.QueryRowContext(ctx, `INSERT INTO person_wants (`+personColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8)
			ON CONFLICT (account_id, person) WHERE ended = 0 DO UPDATE SET name = excluded.name, on_withdraw = excluded.on_withdraw
			RETURNING `+personColumns, p.ID, p.Account, p.Origin, p.Person, p.Name, p.Target, p.OnWithdraw, Millis(p.Created)))
		if err != nil {
			return err
		}
		return s.journalPerson(ctx, tx, p)
	})
	return p, err
}

// EndPersonWant keeps that an account no longer wants a person's playlists, which ends the wants that it made. A playlist
// that the account asked for by itself stays wanted.
func (s *Store) EndPersonWant(ctx context.Context, id ID) error {
	return InTx(ctx, s.db, func(tx *sql.Tx) error {
		if ok, err := s.endPerson(ctx, tx, id); !ok || err != nil {
			return err
		}
		// Always in one order: two transactions that lock the same playlists in different ones would wait for each other.
		made, err := Collect(ctx, tx, scanWant, `SELECT `+wantColumns+` FROM wants WHERE person = $1 AND person <> '' AND ended = 0 ORDER BY playlist_id`, id)
		if err != nil {
			return err
		}
		for _, w := range made {
			if err := s.updateWants(ctx, tx, w.Playlist, `UPDATE wants SET ended = $1 WHERE id = $2 AND ended = 0`, Millis(s.now()), w.ID); err != nil {
				return err
			}
		}
		return nil
	})
}

// LosePerson keeps that a person is gone. The wants for their playlists stay until those are found to be gone as well.
func (s *Store) LosePerson(ctx context.Context, person string) error {
	wants, err := s.WantsOfPerson(ctx, person)
	if err != nil {
		return err
	}
	return InTx(ctx, s.db, func(tx *sql.Tx) error {
		for _, p := range wants {
			if _, err := s.endPerson(ctx, tx, p.ID); err != nil {
				return err
			}
		}
		return nil
	})
}

// MovePerson makes those who want a person's playlists want those of whom the person has become, under another address.
// Who wants that one already, or is that one, wants nothing twice.
func (s *Store) MovePerson(ctx context.Context, from string, o Origin, to string) error {
	wants, err := s.WantsOfPerson(ctx, from)
	if err != nil {
		return err
	}
	return InTx(ctx, s.db, func(tx *sql.Tx) error {
		for _, p := range wants {
			r, err := tx.ExecContext(ctx, `UPDATE person_wants SET person = $1, origin = $2 WHERE id = $3 AND ended = 0 AND account_id <> $1
				AND NOT EXISTS (SELECT 1 FROM person_wants o WHERE o.account_id = $4 AND o.person = $1 AND o.ended = 0)`, to, o, p.ID, p.Account)
			if err != nil {
				return err
			}
			n, err := r.RowsAffected()
			if err != nil {
				return err
			}
			if n == 0 {
				if _, err := s.endPerson(ctx, tx, p.ID); err != nil {
					return err
				}
				continue
			}
			p.Origin = o
			if err := s.journalPerson(ctx, tx, p); err != nil {
				return err
			}
		}
		return nil
	})
}

// NamePerson keeps what a followed person is called now, and by what handle they are known: after a move both are new.
func (s *Store) NamePerson(ctx context.Context, person, name, target string) error {
	_, err := s.db.ExecContext(ctx, `UPDATE person_wants SET name = $1, target = $2 WHERE person = $3 AND ended = 0`, CleanText(name, MaxText), target, person)
	return err
}

func (s *Store) endPerson(ctx context.Context, tx *sql.Tx, id ID) (changed bool, err error) {
	p, err := scanPerson(tx.QueryRowContext(ctx, `UPDATE person_wants SET ended = $1 WHERE id = $2 AND ended = 0 RETURNING `+personColumns, Millis(s.now()), id))
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, s.journalPerson(ctx, tx, p)
}

func (s *Store) journalPerson(ctx context.Context, tx *sql.Tx, p PersonWant) error {
	_, err := journal(ctx, tx, Change{Origin: p.Origin, Kind: WantedPerson, PublicID: string(p.ID), At: s.now().UTC()})
	return err
}

// PersonWant returns one, ended or not.
func (s *Store) PersonWant(ctx context.Context, id ID) (PersonWant, error) {
	p, err := scanPerson(s.db.QueryRowContext(ctx, `SELECT `+personColumns+` FROM person_wants WHERE id = $1`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return PersonWant{}, Problemf(NotFound, nil, "That person is not followed here.")
	}
	return p, err
}

// PersonWants returns the persons whose playlists an account wants now, newest first.
func (s *Store) PersonWants(ctx context.Context, account ID) ([]PersonWant, error) {
	return Collect(ctx, s.db, scanPerson, `SELECT `+personColumns+` FROM person_wants WHERE account_id = $1 AND ended = 0 ORDER BY created DESC, id`, account)
}

// WantsOfPerson returns who wants a person's playlists now, oldest first.
func (s *Store) WantsOfPerson(ctx context.Context, person string) ([]PersonWant, error) {
	return Collect(ctx, s.db, scanPerson, `SELECT `+personColumns+` FROM person_wants WHERE person = $1 AND ended = 0 ORDER BY created, id`, person)
}

// Lacks reports whether the account of p should have a want for a playlist and has none. A want that the account ended
// after it began to want the person is not made again; since is when the playlist was published, if that is known, for
// an end before that was of a former publication.
func (s *Store) Lacks(ctx context.Context, p PersonWant, playlist ID, since time.Time) (bool, error) {
	return lacks(ctx, s.db, p, playlist, since)
}

func lacks(ctx context.Context, q Querier, p PersonWant, playlist ID, since time.Time) (bool, error) {
	settled := p.Created
	if since.After(settled) {
		settled = since
	}
	var against, live, all int
	err := q.QueryRowContext(ctx, `SELECT (SELECT COUNT(*) FROM wants WHERE account_id = $1 AND playlist_id = $2 AND mode = 'sync' AND (ended = 0 OR ended >= $3))
		+ (SELECT COUNT(*) FROM person_wants WHERE id = $4 AND ended > 0) + (SELECT COUNT(*) FROM playlists WHERE id = $2 AND owner = $1),
		(SELECT COUNT(*) FROM wants WHERE person = $4 AND person <> '' AND ended = 0), (SELECT COUNT(*) FROM wants WHERE person = $4 AND person <> '')`,
		p.Account, playlist, Millis(settled), p.ID).Scan(&against, &live, &all)
	return against == 0 && live < MaxOfPerson && all < MaxPlaylist, err
}

// AddWantOf makes the want of p's account for one of the person's playlists, unless Lacks says that there is nothing to
// do. w needs Playlist, Target and Granted.
func (s *Store) AddWantOf(ctx context.Context, p PersonWant, w Want, since time.Time) (made bool, err error) {
	w.ID, w.Created, w.Target = NewID(), s.now().UTC(), CleanText(w.Target, MaxText)
	w.Account, w.Mode, w.OnWithdraw, w.Person = p.Account, Sync, p.OnWithdraw, p.ID
	err = InTx(ctx, s.db, func(tx *sql.Tx) error {
		if err := lock(ctx, tx, w.Playlist); err != nil {
			return err
		}
		if made, err = lacks(ctx, tx, p, w.Playlist, since); !made || err != nil {
			return err
		}
		if _, err := insertWant(ctx, tx, w); err != nil {
			return err
		}
		return s.journalWanted(ctx, tx, w.Playlist)
	})
	return made, err
}

func scanPerson(row Scanner) (PersonWant, error) {
	var p PersonWant
	var ended, created int64
	err := row.Scan(&p.ID, &p.Account, &p.Origin, &p.Person, &p.Name, &p.Target, &p.OnWithdraw, &ended, &created)
	p.Ended, p.Created = FromMillis(ended), FromMillis(created)
	return p, err
}
