package subsonicbridge

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/match"
)

const (
	dropBatch    = 5_000 // rows deleted in one transaction, so that others get their turn
	staleReading = 2 * time.Hour
)

// songWriter keeps one reading of a library. Until it is made the current one nobody reads it.
type songWriter struct {
	b          *Bridge
	account    playlists.ID
	generation string
	songs      int
	digest     [sha256.Size]byte // of all songs, whatever their order: gonic has none
}

func newSongWriter(b *Bridge, account playlists.ID) *songWriter {
	return &songWriter{b: b, account: account, generation: generationAt(b.now()) + "-" + string(playlists.NewID())}
}

// generationAt is the beginning of the names of readings that began at t; they sort by time.
func generationAt(t time.Time) string { return fmt.Sprintf("%013d", t.UnixMilli()) }

// add keeps songs. One that came before is skipped: a server without a fixed order may show it on two pages.
func (w *songWriter) add(ctx context.Context, batch []Song) error {
	return playlists.InTx(ctx, w.b.db, func(tx *sql.Tx) error {
		songs, digest := w.songs, w.digest
		err := playlists.EachInsertion(`INSERT INTO subsonic_songs (account_id, generation, song_id, track_key, track)`, len(batch),
			func(i int) ([]any, error) {
				track, err := asJSON(batch[i].Track)
				return []any{w.account, w.generation, batch[i].ID, fingerprint(batch[i].Track), track}, err
			}, `ON CONFLICT (account_id, generation, song_id) DO NOTHING RETURNING song_id, track`,
			func(statement string, values []any) error {
				added, err := playlists.Collect(ctx, tx, scanPair, statement, values...)
				for _, song := range added {
					songs++
					sum := sha256.Sum256([]byte(song[0] + "\x00" + song[1]))
					subtle.XORBytes(digest[:], digest[:], sum[:])
				}
				return err
			})
		if err == nil {
			w.songs, w.digest = songs, digest
		}
		return err
	})
}

func (w *songWriter) digestText() string { return hex.EncodeToString(w.digest[:]) }

// whole fails if another process dropped rows of this reading, which it might after a very slow one.
func (w *songWriter) whole(ctx context.Context, tx *sql.Tx) error {
	var n int
	err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM subsonic_songs WHERE account_id = $1 AND generation = $2`, w.account, w.generation).Scan(&n)
	if err == nil && n != w.songs {
		err = errors.New("the reading lost rows on its way")
	}
	return err
}

// dropSongs deletes one reading of a library, bit by bit.
func (b *Bridge) dropSongs(ctx context.Context, account playlists.ID, generation string) error {
	for {
		r, err := b.db.ExecContext(ctx, `DELETE FROM subsonic_songs WHERE account_id = $1 AND generation = $2 AND song_id IN
			(SELECT song_id FROM subsonic_songs WHERE account_id = $1 AND generation = $2 LIMIT $3)`, account, generation, dropBatch)
		if err != nil {
			return err
		}
		if n, err := r.RowsAffected(); n == 0 || err != nil {
			return err
		}
	}
}

// dropStaleSongs deletes the readings that are not the current one and began so long ago that nobody works on them.
func (b *Bridge) dropStaleSongs(ctx context.Context) error {
	type reading struct {
		account    playlists.ID
		generation string
	}
	stale, err := playlists.Collect(ctx, b.db, func(row playlists.Scanner) (r reading, err error) {
		err = row.Scan(&r.account, &r.generation)
		return r, err
	}, `SELECT DISTINCT account_id, generation FROM subsonic_songs s WHERE generation < $1 AND NOT EXISTS
		(SELECT 1 FROM subsonic_libraries l WHERE l.account_id = s.account_id AND l.generation = s.generation)`,
		generationAt(b.now().Add(-staleReading)))
	if err != nil {
		return err
	}
	for _, r := range stale {
		if err := b.dropSongs(ctx, r.account, r.generation); err != nil {
			return err
		}
	}
	return nil
}

// readIndex makes the index of a reading, song by song: a large library is in memory in this form only.
func (b *Bridge) readIndex(ctx context.Context, account playlists.ID, s snapshot) (*match.Index, error) {
	rows, err := b.db.QueryContext(ctx, `SELECT song_id, track FROM subsonic_songs WHERE account_id = $1 AND generation = $2 ORDER BY song_id`,
		account, s.generation)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	made := match.NewBuilder()
	for rows.Next() {
		song, err := scanSong(rows)
		if err != nil {
			return nil, err
		}
		made.Add(&song)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	return made.Index(), nil
}

// keysOf returns the fingerprints of those of the given songs that the library has.
func (b *Bridge) keysOf(ctx context.Context, lib *library, ids []string) (map[string]string, error) {
	return b.lookUp(ctx, lib, `SELECT song_id, track_key FROM subsonic_songs WHERE account_id = $1 AND generation = $2 AND song_id IN `, ids)
}

// idsOf returns the library's song for those of the given keys that it has; of several the one with the lowest id.
func (b *Bridge) idsOf(ctx context.Context, lib *library, keys []string) (map[string]string, error) {
	return b.lookUp(ctx, lib, `SELECT track_key, song_id FROM subsonic_songs WHERE account_id = $1 AND generation = $2 AND track_key IN `, keys)
}

// lookUp runs a query for pairs; of several pairs with one first part it keeps the lowest second.
func (b *Bridge) lookUp(ctx context.Context, lib *library, query string, values []string) (map[string]string, error) {
	out := make(map[string]string, len(values))
	for len(values) > 0 {
		n := min(len(values), playlists.MaxIn)
		args := []any{lib.account, lib.generation}
		for _, v := range values[:n] {
			args = append(args, v)
		}
		values = values[n:]
		pairs, err := playlists.Collect(ctx, b.db, scanPair, query+`(`+playlists.Placeholders(3, n)+`)`, args...)
		if err != nil {
			return nil, err
		}
		for _, p := range pairs {
			if have, ok := out[p[0]]; !ok || p[1] < have {
				out[p[0]] = p[1]
			}
		}
	}
	return out, nil
}

func scanPair(row playlists.Scanner) (p [2]string, err error) {
	err = row.Scan(&p[0], &p[1])
	return p, err
}
