package subsonicbridge

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"maps"
	"slices"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/match"
)

const (
	maxStep  = 5_000 // songs that differ: beyond, resolving everything anew is as fast
	maxSteps = 20    // kept of an account, and gone back at most
)

// step is how one reading of a library became the next: songs that came, changed or went. The zero value says nothing.
type step struct {
	known bool
	songs []match.Song    // new ones, and changed ones as they are now
	gone  map[string]bool // ids of those that are no longer there, or no longer what they were
}

// add puts a later step behind s.
func (s *step) add(later step) {
	s.songs = append(s.songs, later.songs...)
	for id := range later.gone {
		s.gone[id] = true
	}
}

// index is a library of the new songs alone; nil when there are none.
func (s *step) index() *match.Index {
	if len(s.songs) == 0 {
		return nil
	}
	return match.NewIndex(s.songs)
}

// stepBetween compares two whole readings.
func (b *Bridge) stepBetween(ctx context.Context, account playlists.ID, old, fresh snapshot) (step, error) {
	if old.generation == "" || old.generation == fresh.generation {
		return step{}, nil
	}
	s := step{known: true, gone: map[string]bool{}}
	var err error
	s.songs, err = playlists.Collect(ctx, b.db, scanSong, `SELECT n.song_id, n.track FROM subsonic_songs n
		LEFT JOIN subsonic_songs o ON o.account_id = n.account_id AND o.generation = $1 AND o.song_id = n.song_id
		WHERE n.account_id = $2 AND n.generation = $3 AND (o.track IS NULL OR o.track <> n.track) LIMIT $4`,
		old.generation, account, fresh.generation, maxStep+1)
	if err != nil {
		return step{}, err
	}
	gone, err := playlists.Texts(ctx, b.db, `SELECT o.song_id FROM subsonic_songs o
		LEFT JOIN subsonic_songs n ON n.account_id = o.account_id AND n.generation = $1 AND n.song_id = o.song_id
		WHERE o.account_id = $2 AND o.generation = $3 AND (n.track IS NULL OR n.track <> o.track) LIMIT $4`,
		fresh.generation, account, old.generation, maxStep+1)
	if err != nil || len(s.songs)+len(gone) > maxStep {
		return step{}, err
	}
	for _, id := range gone {
		s.gone[id] = true
	}
	return s, nil
}

func scanSong(row playlists.Scanner) (s match.Song, err error) {
	var track []byte
	if err := row.Scan(&s.ID, &track); err != nil {
		return s, err
	}
	return s, json.Unmarshal(track, &s.Track)
}

// keepStep keeps a step, if it is known, for the wants whose rows were resolved in the reading before.
func keepStep(ctx context.Context, tx *sql.Tx, account playlists.ID, from, to string, s step) error {
	if !s.known {
		return nil
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO subsonic_library_steps (account_id, generation, previous) VALUES ($1, $2, $3)`, account, to, from); err != nil {
		return err
	}
	tracks := make(map[string]string, len(s.gone)+len(s.songs))
	for id := range s.gone {
		tracks[id] = ""
	}
	for _, song := range s.songs { // in place of the mark "gone" for those that changed
		track, err := asJSON(song.Track)
		if err != nil {
			return err
		}
		tracks[song.ID] = track
	}
	ids := slices.Sorted(maps.Keys(tracks))
	err := playlists.InsertRows(ctx, tx, `INSERT INTO subsonic_library_changes (account_id, generation, song_id, track)`, len(ids),
		func(i int) ([]any, error) { return []any{account, to, ids[i], tracks[ids[i]]}, nil },
		`ON CONFLICT (account_id, generation, song_id) DO UPDATE SET track = excluded.track`)
	if err != nil {
		return err
	}
	return dropOldSteps(ctx, tx, account)
}

func dropOldSteps(ctx context.Context, tx *sql.Tx, account playlists.ID) error {
	for _, table := range []string{"subsonic_library_changes", "subsonic_library_steps"} { // generations sort by time
		_, err := tx.ExecContext(ctx, `DELETE FROM `+table+` WHERE account_id = $1 AND generation NOT IN
			(SELECT generation FROM subsonic_library_steps WHERE account_id = $1 ORDER BY generation DESC LIMIT $2)`, account, maxSteps)
		if err != nil {
			return err
		}
	}
	return nil
}

// stepsSince returns everything that changed in the library since an earlier reading; not known when too much did, or
// too long ago.
func (b *Bridge) stepsSince(ctx context.Context, lib *library, earlier string) (step, error) {
	all := step{known: true, gone: map[string]bool{}}
	if earlier == lib.generation {
		return all, nil
	}
	var chain []step
	for at := lib.generation; at != earlier; {
		s, previous, err := b.stepTo(ctx, lib.account, at)
		if !s.known || err != nil || len(chain) == maxSteps {
			return step{}, err
		}
		chain, at = append(chain, s), previous
	}
	for i := len(chain) - 1; i >= 0; i-- {
		all.add(chain[i])
	}
	return all, nil
}

// stepTo returns the step that led to a reading, and the one from which it did.
func (b *Bridge) stepTo(ctx context.Context, account playlists.ID, generation string) (s step, previous string, err error) {
	err = b.db.QueryRowContext(ctx, `SELECT previous FROM subsonic_library_steps WHERE account_id = $1 AND generation = $2`, account, generation).Scan(&previous)
	if errors.Is(err, sql.ErrNoRows) {
		return step{}, "", nil
	}
	if err != nil {
		return step{}, "", err
	}
	s = step{known: true, gone: map[string]bool{}}
	rows, err := b.db.QueryContext(ctx, `SELECT song_id, track FROM subsonic_library_changes WHERE account_id = $1 AND generation = $2`, account, generation)
	if err != nil {
		return step{}, "", err
	}
	defer rows.Close()
	for rows.Next() {
		if err := s.scan(rows); err != nil {
			return step{}, "", err
		}
	}
	return s, previous, rows.Err()
}

// scan adds a row of subsonic_library_changes. A song that changed is gone as what it was.
func (s *step) scan(row playlists.Scanner) error {
	var id string
	var track []byte
	if err := row.Scan(&id, &track); err != nil {
		return err
	}
	s.gone[id] = true
	if len(track) == 0 {
		return nil
	}
	song := match.Song{ID: id}
	s.songs = append(s.songs, song)
	return json.Unmarshal(track, &s.songs[len(s.songs)-1].Track)
}
