package playlists

import (
	"context"
	"database/sql"
)

const (
	KeepEnded   = KeepNotices // wants that are over, and playlists from elsewhere that nobody wants; no notice is about them by then
	forgetBatch = 1000        // that one statement looks at, so that others need not wait for it
)

// forgettable is true of a want that ended before $1 and means nothing any more. Of who follows a person, an ended want says
// which of that person's playlists not to take again.
const forgettable = `ended > 0 AND ended < $1 AND (mode = 'once'
	OR NOT EXISTS (SELECT 1 FROM person_wants p WHERE p.account_id = wants.account_id AND p.ended = 0)
	OR EXISTS (SELECT 1 FROM playlists l WHERE l.id = wants.playlist_id AND l.withdrawn > 0))`

// ForgetWants deletes those of some wants, at most MaxIn, that ended long ago, with what became of them. It returns which
// are gone, now or before. Whoever acts on wants says by it that nothing is left to do.
func (s *Store) ForgetWants(ctx context.Context, wants []ID) (gone []ID, err error) {
	if len(wants) == 0 {
		return nil, nil
	}
	args := []any{s.now().Add(-KeepEnded).UnixMilli()}
	for _, id := range wants {
		args = append(args, id)
	}
	in := ` IN (` + Placeholders(2, len(wants)) + `)`
	left := map[ID]bool{}
	err = InTx(ctx, s.db, func(tx *sql.Tx) error {
		for _, forget := range []string{`DELETE FROM outcomes WHERE want_id IN (SELECT id FROM wants WHERE id` + in + ` AND ` + forgettable + `)`,
			`DELETE FROM wants WHERE id` + in + ` AND ` + forgettable} {
			if _, err := tx.ExecContext(ctx, forget, args...); err != nil {
				return err
			}
		}
		kept, err := Collect(ctx, tx, scanID, `SELECT id FROM wants WHERE id IN (`+Placeholders(1, len(wants))+`)`, args[1:]...)
		for _, id := range kept {
			left[id] = true
		}
		return err
	})
	for _, id := range wants {
		if !left[id] {
			gone = append(gone, id)
		}
	}
	return gone, err
}

// forgetUnwanted deletes playlists from elsewhere that nobody here wants any more, and of which nobody has heard for long.
func (s *Store) forgetUnwanted(ctx context.Context) error {
	unwanted, err := Collect(ctx, s.db, scanID, `SELECT id FROM playlists WHERE `+unwanted+` LIMIT $2`, s.now().Add(-KeepEnded).UnixMilli(), forgetBatch)
	if err != nil {
		return err
	}
	for _, id := range unwanted {
		if err := InTx(ctx, s.db, func(tx *sql.Tx) error { return s.forgetIfUnwanted(ctx, tx, id) }); err != nil {
			return err
		}
	}
	return nil
}

// unwanted is true of a playlist that forgetUnwanted means: its newest version is older than $1, and who reads the journal
// finds nothing about it there.
const unwanted = `origin <> 'local' AND NOT EXISTS (SELECT 1 FROM wants w WHERE w.playlist_id = playlists.id)
	AND NOT EXISTS (SELECT 1 FROM journal j WHERE j.playlist_id = playlists.id)
	AND NOT EXISTS (SELECT 1 FROM revisions r WHERE r.playlist_id = playlists.id AND r.at >= $1)`

// forgetIfUnwanted looks again: somebody may have begun to want it.
func (s *Store) forgetIfUnwanted(ctx context.Context, tx *sql.Tx, id ID) error {
	r, err := tx.ExecContext(ctx, `DELETE FROM playlists WHERE `+unwanted+` AND id = $2`, s.now().Add(-KeepEnded).UnixMilli(), id)
	if err != nil {
		return err
	}
	if n, err := r.RowsAffected(); n == 0 || err != nil {
		return err
	}
	return ExecEach(ctx, tx, id, `DELETE FROM revisions WHERE playlist_id = $1`, `DELETE FROM covers WHERE playlist_id = $1`)
}
