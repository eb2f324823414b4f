package playlists

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"image/jpeg"
	"time"
)

// A cover tells what is in its owner's library, so one is kept only while the owner wants it and the playlist is
// published to an audience that may see it. It is made by the music server's side and shown by the others.

const (
	CoverSize = 600       // pixels, width and height of every cover
	MaxCover  = 300 << 10 // bytes

	coverAgain = 24 * time.Hour // a cover may change although the playlist does not
	coverRetry = time.Hour      // when none was to be had
)

// Cover is the image that is shown with a published playlist.
type Cover struct {
	JPEG    []byte // of CoverSize, without metadata; the caller's to keep
	Changed time.Time
}

// DueCover is a playlist whose cover is to be made.
type DueCover struct {
	Playlist ID
	Revision int64 // the newest
}

// mayShowCover reports whether a playlist of this audience has a cover: its address is open to whoever may read the
// playlist there. Servers of approved followers would have to sign for it, and those that show avatars do not.
func mayShowCover(a Audience) bool { return a.Open() || a == Link }

// SetCoverWanted keeps whether the owner of a playlist wants a cover to be shown. Without the wish none is kept.
func (s *Store) SetCoverWanted(ctx context.Context, id ID, wanted bool) error {
	return InTx(ctx, s.db, func(tx *sql.Tx) error { return s.wantCover(ctx, tx, id, wanted) })
}

func (s *Store) wantCover(ctx context.Context, tx *sql.Tx, id ID, wanted bool) error {
	r, err := tx.ExecContext(ctx, `UPDATE playlists SET cover_wanted = $1 WHERE id = $2 AND origin = $3`, wanted, id, Local)
	if err != nil {
		return err
	}
	if n, err := r.RowsAffected(); n == 0 || err != nil {
		return errors.Join(err, Problemf(NotFound, nil, "There is no such playlist here."))
	}
	if wanted {
		return nil
	}
	shown, err := s.dropCover(ctx, tx, id)
	if err != nil || !shown {
		return err
	}
	return s.tellCover(ctx, tx, id)
}

// CoverWanted reports whether the owner of a playlist wants a cover to be shown.
func (s *Store) CoverWanted(ctx context.Context, id ID) (wanted bool, err error) {
	err = s.db.QueryRowContext(ctx, `SELECT cover_wanted FROM playlists WHERE id = $1`, id).Scan(&wanted)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return wanted, err
}

// CoversDue returns the published playlists of an account that want a cover and have none yet, or one of an older
// version or an older day; at most max, those that have waited longest first.
func (s *Store) CoversDue(ctx context.Context, account ID, max int) ([]DueCover, error) {
	return Collect(ctx, s.db, func(row Scanner) (d DueCover, err error) {
		err = row.Scan(&d.Playlist, &d.Revision)
		return d, err
	}, `SELECT p.id, p.revision FROM playlists p JOIN publications u ON u.playlist_id = p.id AND u.retired = 0
		LEFT JOIN covers c ON c.playlist_id = p.id
		WHERE p.owner = $1 AND p.cover_wanted AND u.audience IN ($2, $3, $4) AND (u.expires = 0 OR u.expires > $5)
			AND (c.playlist_id IS NULL OR c.revision < p.revision OR c.due <= $5)
		ORDER BY COALESCE(c.due, 0), p.id LIMIT $6`, account, Public, Unlisted, Link, Millis(s.now()), max)
}

// KeepCover makes picture, a JPEG of CoverSize, the cover of a playlist; nil keeps that there is none to be had. Nothing
// is kept when the owner no longer wants one, or the playlist is no longer published to those who may see it.
func (s *Store) KeepCover(ctx context.Context, d DueCover, picture []byte) error {
	next := coverRetry
	hash := ""
	if len(picture) > 0 {
		if err := checkCover(picture); err != nil {
			return err
		}
		sum := sha256.Sum256(picture)
		next, hash = coverAgain, hex.EncodeToString(sum[:16])
	}
	return InTx(ctx, s.db, func(tx *sql.Tx) error {
		was, err := s.coverForUpdate(ctx, tx, d.Playlist)
		if err != nil || !was.wanted {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO covers (playlist_id, revision, jpeg, hash, due) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (playlist_id) DO UPDATE SET revision = excluded.revision, jpeg = excluded.jpeg, hash = excluded.hash, due = excluded.due`,
			d.Playlist, d.Revision, append([]byte{}, picture...), hash, Millis(s.now().Add(next)))
		if err != nil || hash == was.hash {
			return err
		}
		if err := s.coverChanged(ctx, tx, d.Playlist); err != nil {
			return err
		}
		return s.tellCover(ctx, tx, d.Playlist)
	})
}

// PostponeCover keeps what there is, and tries again later: the music server could not answer.
func (s *Store) PostponeCover(ctx context.Context, d DueCover) error {
	return InTx(ctx, s.db, func(tx *sql.Tx) error {
		was, err := s.coverForUpdate(ctx, tx, d.Playlist)
		if err != nil || !was.wanted {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO covers (playlist_id, revision, jpeg, hash, due) VALUES ($1, $2, $3, '', $4)
			ON CONFLICT (playlist_id) DO UPDATE SET revision = excluded.revision, due = excluded.due`,
			d.Playlist, d.Revision, []byte{}, Millis(s.now().Add(coverRetry)))
		return err
	})
}

func checkCover(picture []byte) error {
	c, err := jpeg.DecodeConfig(bytes.NewReader(picture))
	if err != nil || len(picture) > MaxCover || c.Width != CoverSize || c.Height != CoverSize {
		return Problemf(Invalid, err, "A cover must be a JPEG of %d by %d pixels and at most %d bytes.", CoverSize, CoverSize, MaxCover)
	}
	return nil
}

// keptCover is what is known of a playlist's cover.
type keptCover struct {
	wanted bool   // and published to those who may see it
	hash   string // "" when none is shown
}

// coverForUpdate reads it so that it stays true until tx ends.
func (s *Store) coverForUpdate(ctx context.Context, tx *sql.Tx, id ID) (k keptCover, err error) {
	if err := lock(ctx, tx, id); err != nil {
		return k, err
	}
	var audience Audience
	err = tx.QueryRowContext(ctx, `SELECT p.cover_wanted, u.audience, COALESCE(c.hash, '') FROM playlists p
		JOIN publications u ON u.playlist_id = p.id AND u.retired = 0 AND (u.expires = 0 OR u.expires > $2)
		LEFT JOIN covers c ON c.playlist_id = p.id WHERE p.id = $1`, id, Millis(s.now())).
		Scan(&k.wanted, &audience, &k.hash)
	if errors.Is(err, sql.ErrNoRows) {
		return keptCover{}, nil
	}
	k.wanted = k.wanted && mayShowCover(audience)
	return k, err
}

// dropCover forgets a playlist's cover and reports whether one was shown.
func (s *Store) dropCover(ctx context.Context, tx *sql.Tx, id ID) (shown bool, err error) {
	var hash string
	err = tx.QueryRowContext(ctx, `DELETE FROM covers WHERE playlist_id = $1 RETURNING hash`, id).Scan(&hash)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil || hash == "" {
		return false, err
	}
	return true, s.coverChanged(ctx, tx, id)
}

func (s *Store) coverChanged(ctx context.Context, tx *sql.Tx, id ID) error {
	_, err := tx.ExecContext(ctx, `UPDATE playlists SET cover_changed = $1 WHERE id = $2`, Millis(s.now()), id)
	return err
}

// tellCover journals that the cover of a published playlist is another one, or gone.
func (s *Store) tellCover(ctx context.Context, tx *sql.Tx, id ID) error {
	pub, err := s.livePublication(ctx, tx, id)
	if err != nil || !pub.Live() {
		return err
	}
	p := Playlist{ID: id, Origin: Local}
	if err := tx.QueryRowContext(ctx, `SELECT revision FROM playlists WHERE id = $1`, id).Scan(&p.Revision); err != nil {
		return err
	}
	_, err = journal(ctx, tx, s.about(p, Covered, pub.PublicID))
	return err
}

// Cover returns the cover that is shown with a publication. NotFound when there is none.
func (s *Store) Cover(ctx context.Context, pub Publication) (Cover, error) {
	c := Cover{Changed: pub.CoverChanged}
	if pub.Cover == "" {
		return c, Problemf(NotFound, nil, "There is no cover of this playlist.")
	}
	err := s.db.QueryRowContext(ctx, `SELECT jpeg FROM covers WHERE playlist_id = $1 AND hash = $2`, pub.Playlist, pub.Cover).Scan(&c.JPEG)
	if errors.Is(err, sql.ErrNoRows) { // another one since the publication was read, or none
		return c, Problemf(NotFound, nil, "There is no cover of this playlist.")
	}
	return c, err
}
