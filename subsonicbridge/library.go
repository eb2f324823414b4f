package subsonicbridge

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/match"
)

const (
	libraryMaxAge = 24 * time.Hour // read again after this, whatever the server says
	libraryMinAge = time.Hour      // when the server cannot tell whether it changed
)

// Progress is told how far the longest step has come: songs of the library read, then tracks resolved. It may be nil.
type Progress func(done, total int)

func (p Progress) report(done, total int) {
	if p != nil {
		p(done, total)
	}
}

// library is an account's files, as they were last read.
type library struct {
	account    playlists.ID
	generation string
	index      *match.Index
	policy     match.Policy
	reread     bool // just now
	read       time.Time
	failure    error // why the server did not say whether it is still so; nil when it did
}

// rules name by which rules a row is resolved: rows that were by others hold no longer.
func (l *library) rules() string { return fmt.Sprintf("%d %s", match.Version, l.policy) }

// snapshot is a row of subsonic_libraries; the zero value means that the library was never read.
type snapshot struct {
	generation string
	scanKey    string
	songs      int
	digest     string
	read       time.Time
	failure    error // no column; see library
}

// library returns the account's files, read anew when the server says that they changed. When that fails the last
// reading serves.
func (b *Bridge) library(ctx context.Context, conn connection, progress Progress) (*library, error) {
	snap, reread, err := b.refreshLibrary(ctx, conn, libraryMinAge, progress)
	if err != nil {
		return nil, err
	}
	ix, err := b.index(ctx, conn.account, snap)
	if err != nil {
		return nil, err
	}
	return &library{account: conn.account, generation: snap.generation, index: ix, policy: conn.policy, reread: reread,
		read: snap.read, failure: snap.failure}, nil
}

// refreshForMirrors reads the library anew if it changed and somebody waits for songs. A server that cannot tell is
// read once a day.
func (b *Bridge) refreshForMirrors(ctx context.Context, conn connection) error {
	var n int
	err := b.db.QueryRowContext(ctx, `SELECT COUNT(*) FROM subsonic_mirrors WHERE account_id = $1 AND state NOT IN ($2, $3)`,
		conn.account, Deleted, Unlinked).Scan(&n)
	if err != nil || n == 0 {
		return err
	}
	_, _, err = b.refreshLibrary(ctx, conn, libraryMaxAge, nil)
	return err
}

// refreshLibrary returns the newest reading, and whether it was made now because the last was outdated. unknowable is
// how old that may be when the server cannot tell whether anything changed. When the server fails the last one serves.
func (b *Bridge) refreshLibrary(ctx context.Context, conn connection, unknowable time.Duration, progress Progress) (s snapshot, reread bool, err error) {
	old, err := b.snapshot(ctx, conn.account)
	if err != nil {
		return snapshot{}, false, err
	}
	key, count, err := conn.client.ScanKey(ctx)
	if err == nil {
		if age := b.now().Sub(old.read); age < libraryMaxAge && (key == "" && age < unknowable || key != "" && key == old.scanKey) {
			return old, false, nil
		}
		s, err = b.readLibrary(ctx, conn, old, key, count, progress)
	}
	if err != nil && old.generation != "" {
		b.log.WarnContext(ctx, "library reading failed, the last one serves", slog.String("account", string(conn.account)), slog.Any("error", err))
		old.failure = err
		return old, false, nil
	}
	return s, err == nil, err
}

func (b *Bridge) snapshot(ctx context.Context, account playlists.ID) (snapshot, error) {
	return snapshotOf(ctx, b.db, account)
}

func snapshotOf(ctx context.Context, q playlists.Querier, account playlists.ID) (snapshot, error) {
	var s snapshot
	var read int64
	err := q.QueryRowContext(ctx, `SELECT generation, scan_key, songs, digest, read_at FROM subsonic_libraries WHERE account_id = $1`, account).
		Scan(&s.generation, &s.scanKey, &s.songs, &s.digest, &read)
	s.read = playlists.FromMillis(read)
	if errors.Is(err, sql.ErrNoRows) {
		return snapshot{}, nil
	}
	return s, err
}

// readLibrary reads every song beside the old reading, and puts the new one in its place when it is whole. The account's
// mirrors become due when it differs: a new album fills gaps.
func (b *Bridge) readLibrary(ctx context.Context, conn connection, old snapshot, key string, count int, progress Progress) (snapshot, error) {
	w := newSongWriter(b, conn.account)
	err := conn.client.EachSong(ctx, func(batch []Song) error {
		progress.report(w.songs, max(count, w.songs))
		return w.add(ctx, batch)
	})
	if err != nil {
		return snapshot{}, fmt.Errorf("read the library: %w", err)
	}
	if w.songs == 0 && (old.songs > 0 || count > 0) {
		return snapshot{}, playlists.Problemf(playlists.Unavailable, nil,
			"Your music server showed no songs at all, though it should have some. Is its music folder there? The last reading of it stays in use.")
	}
	fresh := snapshot{generation: w.generation, scanKey: key, songs: w.songs, digest: w.digestText(), read: b.now()}
	if old.generation != "" && fresh.digest == old.digest {
		fresh.generation = old.generation
	}
	if err := b.replaceSnapshot(ctx, conn, w, old, &fresh); err != nil {
		return snapshot{}, fmt.Errorf("keep the library: %w", err)
	}
	return fresh, nil
}

// replaceSnapshot puts fresh in the place of old. When another process has replaced old meanwhile, and dropped its songs,
// fresh stands for itself.
func (b *Bridge) replaceSnapshot(ctx context.Context, conn connection, w *songWriter, old snapshot, fresh *snapshot) error {
	since, err := b.stepBetween(ctx, conn.account, old, *fresh)
	if err != nil {
		return err
	}
	replaced := old.generation
	err = playlists.InTx(ctx, b.db, func(tx *sql.Tx) error {
		if err := errors.Join(w.whole(ctx, tx), conn.holds(ctx, tx)); err != nil {
			return err
		}
		now, err := snapshotOf(ctx, tx, conn.account)
		if err != nil {
			return err
		}
		if replaced = now.generation; replaced != old.generation {
			fresh.generation, since = w.generation, step{}
		}
		return b.keepSnapshot(ctx, tx, conn.account, replaced, *fresh, since)
	})
	if err != nil {
		return err
	}
	if fresh.generation != replaced {
		return b.dropSongs(ctx, conn.account, replaced)
	}
	return b.dropSongs(ctx, conn.account, w.generation)
}

// keepSnapshot keeps fresh, and how it came from the reading that it replaces.
func (b *Bridge) keepSnapshot(ctx context.Context, tx *sql.Tx, account playlists.ID, replaced string, fresh snapshot, since step) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO subsonic_libraries (account_id, generation, scan_key, songs, digest, read_at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (account_id) DO UPDATE SET generation = excluded.generation, scan_key = excluded.scan_key, songs = excluded.songs,
			digest = excluded.digest, read_at = excluded.read_at`,
		account, fresh.generation, fresh.scanKey, fresh.songs, fresh.digest, playlists.Millis(fresh.read))
	if err != nil || fresh.generation == replaced {
		return err
	}
	if err := keepStep(ctx, tx, account, replaced, fresh.generation, since); err != nil {
		return err
	}
	return wakeMirrors(ctx, tx, account, b.now())
}

// Reread reads the account's library anew, whether or not the server says that it changed, and returns its number of
// songs. Lists become due when it did.
func (b *Bridge) Reread(ctx context.Context, account playlists.ID, progress Progress) (songs int, err error) {
	conn, err := b.connect(ctx, account)
	if err != nil {
		return 0, err
	}
	old, err := b.snapshot(ctx, account)
	if err != nil {
		return 0, err
	}
	key, count, err := conn.client.ScanKey(ctx)
	if err != nil {
		return 0, err
	}
	s, err := b.readLibrary(ctx, conn, old, key, count, progress)
	return s.songs, err
}

// RereadSoon makes the account's library be read anew when it is next needed, and its playlists now. It asks nobody.
func (b *Bridge) RereadSoon(ctx context.Context, account playlists.ID) error {
	if err := b.doubtLibrary(ctx, account); err != nil {
		return err
	}
	r, err := b.db.ExecContext(ctx, `UPDATE subsonic_connections SET due = $1 WHERE account_id = $2`, playlists.Millis(b.now()), account)
	if err != nil {
		return err
	}
	if n, err := r.RowsAffected(); n > 0 || err != nil {
		return err
	}
	return notConnected()
}

// doubtLibrary makes the next look at the library read it anew: the server refused, or lost, a song that should be there.
func (b *Bridge) doubtLibrary(ctx context.Context, account playlists.ID) error {
	_, err := b.db.ExecContext(ctx, `UPDATE subsonic_libraries SET scan_key = '', read_at = 0 WHERE account_id = $1`, account)
	return err
}
