package subsonicbridge

import (
	"context"
	"database/sql"
	"encoding/json"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/match"
)

// keepRows replaces the stored resolutions of a want, remembers the decisions, and keeps the coverage.
func (b *Bridge) keepRows(ctx context.Context, lib *library, w playlists.Want, r resolution, songKeys map[string]string) error {
	err := playlists.InTx(ctx, b.db, func(tx *sql.Tx) error {
		if err := b.keepBasis(ctx, tx, w.ID, lib, r); err != nil {
			return err
		}
		if r.same {
			return nil
		}
		if err := b.remember(ctx, tx, lib, r.rows, songKeys); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM subsonic_resolutions WHERE want_id = $1`, w.ID); err != nil {
			return err
		}
		return insertRows(ctx, tx, w.ID, r.rows)
	})
	if err != nil {
		return err
	}
	found, _ := coverage(r.rows)
	return b.store.Covered(ctx, w.ID, found, len(r.rows))
}

func insertRows(ctx context.Context, tx *sql.Tx, want playlists.ID, rows []ResolvedRow) error {
	return playlists.InsertRows(ctx, tx, `INSERT INTO subsonic_resolutions
		(want_id, place, item, track, track_key, title_key, decided_by, class, song_id, score, why, candidates)`, len(rows),
		func(i int) ([]any, error) { return rowValues(want, i, rows[i]) }, ``)
}

func rowValues(want playlists.ID, place int, r ResolvedRow) ([]any, error) {
	track, err := asJSON(r.Track)
	if err != nil {
		return nil, err
	}
	why, err := asJSON(r.Resolution.Why)
	if err != nil {
		return nil, err
	}
	candidates, err := asJSON(r.Resolution.Candidates)
	return []any{want, place, r.Track.Item, track, fingerprint(r.Track), titleKey(r.Track), r.Decided,
		r.Resolution.Class, r.Resolution.Song, r.Resolution.Score, why, candidates}, err
}

// Rows returns how the rows of a want were last resolved, in their order.
func (b *Bridge) Rows(ctx context.Context, want playlists.ID) ([]ResolvedRow, error) {
	return playlists.Collect(ctx, b.db, scanResolved, `SELECT `+resolvedColumns+` FROM subsonic_resolutions r WHERE r.want_id = $1 ORDER BY r.place`, want)
}

const resolvedColumns = `r.track, r.decided_by, r.class, r.song_id, r.score, r.why, r.candidates`

func scanResolved(row playlists.Scanner) (r ResolvedRow, err error) {
	var track, why, candidates []byte
	res := &r.Resolution
	if err := row.Scan(&track, &r.Decided, &res.Class, &res.Song, &res.Score, &why, &candidates); err != nil {
		return ResolvedRow{}, err
	}
	for _, f := range []struct {
		text []byte
		into any
	}{{track, &r.Track}, {why, &res.Why}, {candidates, &res.Candidates}} {
		if err := json.Unmarshal(f.text, f.into); err != nil {
			return ResolvedRow{}, err
		}
	}
	return r, nil
}

// coverage counts the rows that have a song, and those that a person should look at.
func coverage(rows []ResolvedRow) (found, review int) {
	for _, r := range rows {
		switch {
		case r.Resolution.Class.Automatic():
			found++
		case r.Resolution.Class == match.Review:
			review++
		}
	}
	return found, review
}
