package playlists

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"
)

// Mode says how long a want lasts.
type Mode string

const (
	Sync Mode = "sync" // follow every change
	Once Mode = "once" // copy the pinned revision; its gaps still fill when the library grows
)

// OnWithdraw says what becomes of a synced copy when its source is withdrawn.
type OnWithdraw string

const (
	Keep OnWithdraw = "keep" // it stays as an ordinary playlist of the account's, unlinked
	Drop OnWithdraw = "drop" // it goes with its source
)

// Want says that an account wishes to have a playlist on its own music server.
type Want struct {
	ID         ID
	Account    ID
	Playlist   ID
	Target     string // as the person gave it
	Mode       Mode
	Pinned     int64 // Once: the revision to copy
	OnWithdraw OnWithdraw
	Granted    bool // false while the owner has not let this account see it
	Found      int  // coverage when the copy was last written
	Total      int
	Ended      time.Time // the source was withdrawn, or the person stopped it
	Created    time.Time
	Person     ID // the PersonWant that made it; "" when the account asked for this playlist
}

// Reads reports whether the account may see what its playlist is at present: for Sync the newest version, for Once the pinned one.
func (w Want) Reads() bool { return w.Granted && w.Ended.IsZero() }

// Knows reports whether the account may be told where a publication is: of a secret link, only the one that it gave.
func (w Want) Knows(pub Publication) bool {
	return pub.Live() && (pub.Token == "" || strings.Contains(w.Target, pub.Token))
}

// Enough is how many of a playlist's tracks must be found for a list to be made of them unasked: a quarter. Fewer are a
// wish list.
func Enough(total int) int { return (total + 3) / 4 }

const wantColumns = `id, account_id, playlist_id, target, mode, pinned, on_withdraw, granted, found, total, ended, created, person`

// AddWant keeps a want and journals it for those who act on it. Wanting to sync a playlist that is already synced
// returns the want there is, with OnWithdraw and Granted as given now; from now on it is the account's own, whoever made it.
// The caller may choose the ID beforehand and repeat the call after a crash; then the want that was kept is returned.
func (s *Store) AddWant(ctx context.Context, w Want) (Want, error) {
	w.Created, w.Target = s.now().UTC(), CleanText(w.Target, MaxText)
	if w.ID == "" {
		w.ID = NewID()
	}
	if w.OnWithdraw == "" {
		w.OnWithdraw = Keep
	}
	err := InTx(ctx, s.db, func(tx *sql.Tx) error {
		if err := stillHere(ctx, tx, w.Account); err != nil {
			return err
		}
		if err := lock(ctx, tx, w.Playlist); err != nil {
			return err
		}
		old, err := scanWant(tx.QueryRowContext(ctx, `SELECT `+wantColumns+` FROM wants
			WHERE account_id = $1 AND playlist_id = $2 AND mode = 'sync' AND ended = 0 AND $3 = 'sync'`, w.Account, w.Playlist, w.Mode))
		switch {
		case err == nil:
			old.OnWithdraw, old.Granted, old.Person = w.OnWithdraw, old.Granted || w.Granted, ""
			w = old
			_, err = tx.ExecContext(ctx, `UPDATE wants SET on_withdraw = $1, granted = $2, person = '' WHERE id = $3`, w.OnWithdraw, w.Granted, w.ID)
		case errors.Is(err, sql.ErrNoRows):
			w, err = insertWant(ctx, tx, w)
		}
		if err != nil {
			return err
		}
		return s.journalWanted(ctx, tx, w.Playlist)
	})
	return w, err
}

// insertWant inserts a want, or returns the one of this ID that is there.
func insertWant(ctx context.Context, tx *sql.Tx, w Want) (Want, error) {
	_, err := tx.ExecContext(ctx, `INSERT INTO wants (`+wantColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0, 0, $9, $10) ON CONFLICT (id) DO NOTHING`,
		w.ID, w.Account, w.Playlist, w.Target, w.Mode, w.Pinned, w.OnWithdraw, w.Granted, Millis(w.Created), w.Person)
	if err != nil {
		return w, err
	}
	return scanWant(tx.QueryRowContext(ctx, `SELECT `+wantColumns+` FROM wants WHERE id = $1`, w.ID))
}

// GrantWants keeps whether an account may see a playlist: all its wants for it, present ones only.
func (s *Store) GrantWants(ctx context.Context, account, playlist ID, granted bool) error {
	return s.changeWants(ctx, playlist, `UPDATE wants SET granted = $1 WHERE account_id = $2 AND playlist_id = $3 AND granted <> $1 AND ended = 0`,
		granted, account, playlist)
}

// EndWant keeps that a want is over: its source was withdrawn, or the person stopped it.
func (s *Store) EndWant(ctx context.Context, w Want) error {
	return s.changeWants(ctx, w.Playlist, `UPDATE wants SET ended = $1 WHERE id = $2 AND ended = 0`, Millis(s.now()), w.ID)
}

// Covered keeps how many of a want's tracks its account has. Nothing is journalled.
func (s *Store) Covered(ctx context.Context, want ID, found, total int) error {
	_, err := s.db.ExecContext(ctx, `UPDATE wants SET found = $1, total = $2 WHERE id = $3`, found, total, want)
	return err
}

// Want returns one want.
func (s *Store) Want(ctx context.Context, id ID) (Want, error) {
	w, err := scanWant(s.db.QueryRowContext(ctx, `SELECT `+wantColumns+` FROM wants WHERE id = $1`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return Want{}, Problemf(NotFound, nil, "There is no such import here.")
	}
	return w, err
}

// Wants returns all wants for a playlist, ended ones too, oldest first.
func (s *Store) Wants(ctx context.Context, playlist ID) ([]Want, error) {
	return Collect(ctx, s.db, scanWant, `SELECT `+wantColumns+` FROM wants WHERE playlist_id = $1 ORDER BY created, id`, playlist)
}

// AccountWants returns all wants of an account, ended ones too, newest first.
func (s *Store) AccountWants(ctx context.Context, account ID) ([]Want, error) {
	return Collect(ctx, s.db, scanWant, `SELECT `+wantColumns+` FROM wants WHERE account_id = $1 ORDER BY created DESC, id`, account)
}

// changeWants runs an update of wants for one playlist and journals it if it changed a row.
func (s *Store) changeWants(ctx context.Context, playlist ID, update string, args ...any) error {
	return InTx(ctx, s.db, func(tx *sql.Tx) error { return s.updateWants(ctx, tx, playlist, update, args...) })
}

func (s *Store) updateWants(ctx context.Context, tx *sql.Tx, playlist ID, update string, args ...any) error {
	if err := lock(ctx, tx, playlist); err != nil {
		return err
	}
	r, err := tx.ExecContext(ctx, update, args...)
	if err != nil {
		return err
	}
	if n, err := r.RowsAffected(); n == 0 || err != nil {
		return err
	}
	return s.journalWanted(ctx, tx, playlist)
}

func (s *Store) journalWanted(ctx context.Context, tx *sql.Tx, playlist ID) error {
	p := Playlist{ID: playlist}
	if err := tx.QueryRowContext(ctx, `SELECT revision, origin FROM playlists WHERE id = $1`, playlist).Scan(&p.Revision, &p.Origin); err != nil {
		return err
	}
	_, err := journal(ctx, tx, s.about(p, Wanted, ""))
	return err
}

func scanWant(row Scanner) (Want, error) {
	var w Want
	var ended, created int64
	err := row.Scan(&w.ID, &w.Account, &w.Playlist, &w.Target, &w.Mode, &w.Pinned, &w.OnWithdraw, &w.Granted, &w.Found, &w.Total, &ended, &created, &w.Person)
	w.Ended, w.Created = FromMillis(ended), FromMillis(created)
	return w, err
}
