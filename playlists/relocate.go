package playlists

import (
	"context"
	"database/sql"
)

// BySource returns the Remote playlist that is read from an address; ok is false when there is none.
func (s *Store) BySource(ctx context.Context, source string) (id ID, ok bool, err error) {
	ids, err := Collect(ctx, s.db, scanID, `SELECT id FROM playlists WHERE source = $1 AND source <> ''`, source)
	if len(ids) == 0 || err != nil {
		return "", false, err
	}
	return ids[0], true, nil
}

// Relocate keeps that a Remote playlist is read from another address from now on: it moved with its owner. It stays the
// same playlist for those who want it. When that address is another playlist here already, the wants go there, and its
// ID is returned.
func (s *Store) Relocate(ctx context.Context, id ID, source string) (now ID, err error) {
	now = id
	err = InTx(ctx, s.db, func(tx *sql.Tx) error {
		others, err := Collect(ctx, tx, scanID, `SELECT id FROM playlists WHERE source = $1 AND source <> '' AND id <> $2`, source, id)
		if err != nil {
			return err
		}
		if len(others) > 0 {
			now = others[0]
			return s.repoint(ctx, tx, id, now)
		}
		_, err = tx.ExecContext(ctx, `UPDATE playlists SET source = $1 WHERE id = $2 AND origin = $3`, source, id, Remote)
		return err
	})
	return now, err
}

// Repoint makes every want that keeps a playlist in step one for another playlist: the two are the same to their owner.
// Who wants that one already, or owns it, wants nothing twice.
func (s *Store) Repoint(ctx context.Context, from, to ID) error {
	return InTx(ctx, s.db, func(tx *sql.Tx) error { return s.repoint(ctx, tx, from, to) })
}

func (s *Store) repoint(ctx context.Context, tx *sql.Tx, from, to ID) error {
	for _, id := range []ID{min(from, to), max(from, to)} { // always in one order
		if err := lock(ctx, tx, id); err != nil {
			return err
		}
	}
	wants, err := Collect(ctx, tx, scanWant, `SELECT `+wantColumns+` FROM wants WHERE playlist_id = $1 AND mode = 'sync' AND ended = 0`, from)
	if err != nil || len(wants) == 0 {
		return err
	}
	for _, w := range wants {
		_, err := tx.ExecContext(ctx, `UPDATE wants SET playlist_id = $1 WHERE id = $2
			AND NOT EXISTS (SELECT 1 FROM wants o WHERE o.account_id = $3 AND o.playlist_id = $1 AND o.mode = 'sync' AND o.ended = 0)
			AND NOT EXISTS (SELECT 1 FROM playlists p WHERE p.id = $1 AND p.owner = $3)`, to, w.ID, w.Account)
		if err != nil {
			return err
		}
	}
	_, err = tx.ExecContext(ctx, `UPDATE wants SET ended = $1 WHERE playlist_id = $2 AND mode = 'sync' AND ended = 0`, Millis(s.now()), from)
	if err != nil {
		return err
	}
	if err := s.journalWanted(ctx, tx, from); err != nil {
		return err
	}
	return s.journalWanted(ctx, tx, to)
}

func scanID(row Scanner) (id ID, err error) {
	err = row.Scan(&id)
	return id, err
}
