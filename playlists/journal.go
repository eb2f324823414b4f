package playlists

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"
)

// Record keeps p if its content differs from the newest revision, and journals that.
//
// p.ID names the playlist; when it is "" a Remote playlist is found by its Source, and anything else is a new playlist.
// The caller may choose the ID beforehand (NewID) and repeat the call after a crash. Record cleans every text, gives
// rows their names, and sets Revision and Updated; it returns the change with the playlist's ID also when nothing
// changed. Of a Local playlist p is what the music server says; the version is that and what the owner lays over it.
func (s *Store) Record(ctx context.Context, p Playlist) (c Change, changed bool, err error) {
	if len(p.Tracks) > MaxTracks {
		return Change{}, false, Problemf(Invalid, nil, "The playlist %q has %d tracks; Songferry carries at most %d. Split it to share it.",
			CleanText(p.Name, 80), len(p.Tracks), MaxTracks)
	}
	p = p.clean()
	err = InTx(ctx, s.db, func(tx *sql.Tx) error {
		c, changed, err = s.record(ctx, tx, p)
		return err
	})
	if err != nil {
		return Change{}, false, fmt.Errorf("record playlist: %w", err)
	}
	return c, changed, nil
}

func (s *Store) record(ctx context.Context, tx *sql.Tx, p Playlist) (Change, bool, error) {
	if err := stillHere(ctx, tx, p.Owner); err != nil {
		return Change{}, false, err
	}
	head, err := reserve(ctx, tx, p)
	if err != nil {
		return Change{}, false, err
	}
	if p.Origin == Local {
		if p, err = underOverlay(ctx, tx, head.id, p); err != nil {
			return Change{}, false, err
		}
	}
	return s.keepVersion(ctx, tx, head, p)
}

// keepVersion keeps p as the next version if it differs from the newest, and journals that. head is locked by tx.
func (s *Store) keepVersion(ctx context.Context, tx *sql.Tx, head head, p Playlist) (_ Change, changed bool, err error) {
	c := Change{Playlist: head.id, Revision: head.revision, Origin: p.Origin, Kind: Content, At: s.now().UTC()}
	var prev Playlist
	var prevHash string
	if head.revision > 0 {
		if prev, prevHash, err = revision(ctx, tx, head.id, head.revision); err != nil {
			return Change{}, false, err
		}
	}
	hash := contentHash(p)
	if hash == prevHash && !head.withdrawn {
		return c, false, nil
	}
	nameItems(prev.Tracks, p.Tracks)
	c.Revision++
	if err := insertRevision(ctx, tx, head.id, c.Revision, hash, p, c.At); err != nil {
		return Change{}, false, err
	}
	if _, err := tx.ExecContext(ctx, `UPDATE playlists SET revision = $1, withdrawn = 0 WHERE id = $2`, c.Revision, head.id); err != nil {
		return Change{}, false, err
	}
	c.Seq, err = journal(ctx, tx, c)
	return c, true, err
}

// Expect returns the ID that a Remote playlist with this source has or will have, so that wants can name it before its
// first version was read.
func (s *Store) Expect(ctx context.Context, source string) (ID, error) {
	var id ID
	err := InTx(ctx, s.db, func(tx *sql.Tx) error {
		head, err := reserve(ctx, tx, Playlist{Origin: Remote, Source: source})
		id = head.id
		return err
	})
	return id, err
}

type head struct {
	id        ID
	revision  int64
	withdrawn bool
}

// reserve finds the playlist's row, or makes one, and makes other transactions about the playlist wait until tx ends.
func reserve(ctx context.Context, tx *sql.Tx, p Playlist) (head, error) {
	if (p.Origin == Remote) != (p.Source != "") || (p.Origin == Remote) == (p.Owner != "") {
		return head{}, fmt.Errorf("a remote playlist has a source and no owner, others the reverse: origin %q, source %q, owner %q", p.Origin, p.Source, p.Owner)
	}
	if p.ID == "" {
		p.ID = NewID()
	}
	// It is inserted before it is looked for: two transactions that looked first would both find nothing.
	_, err := tx.ExecContext(ctx, `INSERT INTO playlists (id, owner, origin, source, revision, withdrawn) VALUES ($1, $2, $3, $4, 0, 0)
		ON CONFLICT DO NOTHING`, p.ID, p.Owner, p.Origin, p.Source)
	if err != nil {
		return head{}, err
	}
	var h head
	var owner ID
	var origin Origin
	var withdrawn int64
	// The update is for its lock too (see lock). "source <> ''" stands there so that the partial index is used.
	err = tx.QueryRowContext(ctx, `UPDATE playlists SET smart = $3 WHERE id = $1 OR (source <> '' AND source = $2)
		RETURNING id, revision, withdrawn, owner, origin`, p.ID, p.Source, p.Smart).Scan(&h.id, &h.revision, &withdrawn, &owner, &origin)
	if err == nil && (owner != p.Owner || origin != p.Origin) {
		err = fmt.Errorf("playlist %s belongs to account %q and is %s, not %q and %s", h.id, owner, origin, p.Owner, p.Origin)
	}
	h.withdrawn = withdrawn != 0
	return h, err
}

// contentHash is equal for two versions that nobody could tell apart. Row names are left out unless the source gives them.
func contentHash(p Playlist) string {
	tracks := p.Tracks
	if p.Origin != Remote {
		tracks = make([]Track, len(p.Tracks))
		for i, t := range p.Tracks {
			t.Item = ""
			tracks[i] = t
		}
	}
	h := sha256.New()
	content := []any{p.Name, p.Summary, p.Curator, p.Page, tracks}
	if p.Language != "" { // older versions were hashed without one
		content = append(content, p.Language)
	}
	// Encoding plain structs into a hash cannot fail.
	_ = json.NewEncoder(h).Encode(content)
	return hex.EncodeToString(h.Sum(nil))
}

func insertRevision(ctx context.Context, tx *sql.Tx, id ID, n int64, hash string, p Playlist, at time.Time) error {
	tracks, err := json.Marshal(p.Tracks)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO revisions
		(playlist_id, revision, hash, name, summary, curator_name, curator_handle, page, language, tracks, track_count, duration, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		id, n, hash, p.Name, p.Summary, p.Curator.Name, p.Curator.Handle, p.Page, p.Language, string(tracks), len(p.Tracks), totalSeconds(p.Tracks), Millis(at))
	return err
}

func totalSeconds(tracks []Track) int {
	sum := 0
	for _, t := range tracks {
		sum += t.Duration
	}
	return sum
}

// journal appends c. The counter row serialises writers, so sequence numbers become visible in their order.
func journal(ctx context.Context, tx *sql.Tx, c Change) (seq int64, err error) {
	if err := tx.QueryRowContext(ctx, `UPDATE counters SET n = n + 1 WHERE name = 'journal' RETURNING n`).Scan(&seq); err != nil {
		return 0, err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO journal (seq, playlist_id, revision, origin, kind, public_id, at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		seq, c.Playlist, c.Revision, c.Origin, c.Kind, c.PublicID, Millis(c.At))
	return seq, err
}

// maxChanges is how many changes a reader is given at a time.
const maxChanges = 1000

// Each calls fn, oldest first, for every change of the given origin that reader has not finished, at most maxChanges in one
// call, and returns how many were finished. Twice is possible, never is not: fn runs outside any transaction and the
// cursor moves after it. An error of fn stops Each there, so fn does database work only, and turns what can fail for
// long into a row of its own.
func (s *Store) Each(ctx context.Context, reader string, o Origin, fn func(context.Context, Change) error) (n int, err error) {
	var last, end int64
	err = s.db.QueryRowContext(ctx, `SELECT COALESCE((SELECT seq FROM readers WHERE name = $1), 0), COALESCE((SELECT MAX(seq) FROM journal), 0)`, reader).Scan(&last, &end)
	if err != nil {
		return 0, err
	}
	changes, err := Collect(ctx, s.db, scanChange, `SELECT seq, playlist_id, revision, origin, kind, public_id, at FROM journal
		WHERE seq > $1 AND ($2 = '' OR origin = $2) ORDER BY seq LIMIT $3`, last, o, maxChanges)
	if err != nil {
		return 0, err
	}
	for _, c := range changes {
		if c.Seq <= last {
			continue // another process has done it meanwhile
		}
		if err := fn(ctx, c); err != nil {
			return n, fmt.Errorf("reader %s at change %d: %w", reader, c.Seq, err)
		}
		if last, err = s.finish(ctx, reader, c.Seq); err != nil {
			return n, err
		}
		n++
	}
	if len(changes) < maxChanges && last < end { // what is of another origin is finished too, or Tidy would keep the journal for ever
		_, err = s.finish(ctx, reader, end)
	}
	return n, err
}

// finish notes how far a reader has come, and returns how far it has come in any process.
func (s *Store) finish(ctx context.Context, reader string, seq int64) (last int64, err error) {
	return last, s.db.QueryRowContext(ctx, `INSERT INTO readers (name, seq) VALUES ($1, $2)
		ON CONFLICT (name) DO UPDATE SET seq = CASE WHEN readers.seq < excluded.seq THEN excluded.seq ELSE readers.seq END RETURNING seq`, reader, seq).Scan(&last)
}

// Unfinished reports whether reader has not finished a change about a publication yet.
func (s *Store) Unfinished(ctx context.Context, reader, publicID string) (bool, error) {
	var n int
	err := s.db.QueryRowContext(ctx, `SELECT COUNT(*) FROM journal WHERE public_id = $1
		AND seq > COALESCE((SELECT seq FROM readers WHERE name = $2), 0)`, publicID, reader).Scan(&n)
	return n > 0, err
}

func scanChange(row Scanner) (Change, error) {
	var c Change
	var at int64
	err := row.Scan(&c.Seq, &c.Playlist, &c.Revision, &c.Origin, &c.Kind, &c.PublicID, &at)
	c.At = FromMillis(at)
	return c, err
}
