package federation

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/songferry/songferry/playlists"
)

// News is a digest of what was added to a playlist, as a Note from its actor. Additions are gathered from the journal
// into one row per publication; once it has been quiet, and the limits allow it, the row becomes a post.

// news is what is to be told next of a publication.
type news struct {
	publicID string
	revision int64    // up to which pending has been gathered
	pending  []string // names of the rows that were added and not told yet
	first    int64    // when the first of them was added, unix milliseconds
	due      int64    // unix milliseconds, 0 when there is nothing to tell
	held     bool     // the owner wants to wait
	pinDue   int64    // when to make microblogs read the pinned post again; 0: it is as they know it
}

// NewsOnce gathers news from the journal, writes the posts that are due, corrects those that are no longer right, and
// makes microblogs read pinned posts again.
// It returns how many changes and posts it handled.
func (f *Federation) NewsOnce(ctx context.Context) (n int, err error) {
	if !f.public() {
		return 0, nil
	}
	if n, err = f.store.Each(ctx, "news", playlists.Local, f.noteNews); err != nil {
		return n, err
	}
	for _, step := range []func(context.Context) (int, error){f.postDue, f.correctDue, f.pinDue} {
		done, err := step(ctx)
		if n += done; err != nil {
			return n, err
		}
	}
	return n, nil
}

// noteNews gathers what a change added. A change that is handed out twice adds nothing the second time.
func (f *Federation) noteNews(ctx context.Context, c playlists.Change) error {
	switch c.Kind {
	case playlists.Withdrawn:
		_, err := f.db.ExecContext(ctx, `DELETE FROM news WHERE public_id = $1`, c.PublicID)
		return err
	case playlists.Published, playlists.Content:
		pub, err := f.store.Publication(ctx, c.Playlist)
		if err != nil || !pub.Audience.Federated() {
			return err
		}
		return f.gather(ctx, pub)
	}
	return nil
}

// gather compares the newest version of a playlist with the one up to which its news were gathered.
func (f *Federation) gather(ctx context.Context, pub playlists.Publication) error {
	p, err := f.store.Get(ctx, pub.Playlist)
	if err != nil {
		return err
	}
	row, err := f.newsOf(ctx, f.db, pub.PublicID)
	if errors.Is(err, sql.ErrNoRows) {
		_, err := f.db.ExecContext(ctx, `INSERT INTO news (public_id, revision, pending, first, due, held, pin_due) VALUES ($1, $2, '[]', 0, 0, FALSE, 0)
			ON CONFLICT (public_id) DO NOTHING`, pub.PublicID, p.Revision)
		return err // what was there when it was published is no news
	}
	if err != nil || row.revision >= p.Revision {
		return err
	}
	was, err := f.store.Version(ctx, pub.Playlist, row.revision)
	if isNotFound(err) {
		was = p // too old to be kept: nobody knows what is new
	} else if err != nil {
		return err
	}
	silent, err := f.silent(ctx, p)
	if err != nil {
		return err
	}
	e := editOf(was, p)
	next := row.after(e, p.Revision, silent, f.now(), f.newsQuiet)
	return playlists.InTx(ctx, f.db, func(tx *sql.Tx) error {
		if ok, err := f.saveNews(ctx, tx, row, next); !ok || err != nil {
			return err // another process was faster
		}
		return f.doubtPosts(ctx, tx, pub.PublicID, e)
	})
}

// silent reports whether a playlist makes no posts: the owner says so, or said nothing and a rule fills it.
func (f *Federation) silent(ctx context.Context, p playlists.Playlist) (bool, error) {
	s, err := f.NewsSettingsOf(ctx, p.ID)
	return s.silences(p), err
}

func (s NewsSettings) silences(p playlists.Playlist) bool {
	return s.Mode == NewsOff || s.Mode == NewsAuto && p.Smart
}

// after returns the row as it is once e, which led to revision, has been gathered.
func (n news) after(e edit, revision int64, silent bool, now time.Time, quiet time.Duration) news {
	n.revision = revision
	if n.pinDue == 0 { // not put off by further edits: it shows what is there when it is read
		n.pinDue = now.Add(quiet).UnixMilli()
	}
	if silent {
		n.pending, n.first, n.due = nil, 0, 0
		return n
	}
	var pending []string
	for _, item := range n.pending {
		if name, ok := e.now(item); ok {
			pending = append(pending, name)
		}
	}
	n.pending = append(pending, e.added...)
	switch {
	case len(n.pending) == 0:
		n.first, n.due = 0, 0
	case len(e.added) > 0 && n.first == 0:
		n.first, n.due = now.UnixMilli(), now.Add(quiet).UnixMilli()
	case len(e.added) > 0:
		// Again quiet, but additions that never stop do not put it off for ever. A limit's later time stays.
		n.due = max(n.due, min(now.Add(quiet).UnixMilli(), n.first+maxQuiet*quiet.Milliseconds()))
	}
	return n
}

// edit is what became of the rows of a playlist between two versions.
type edit struct {
	added    []string
	removed  map[string]bool
	replaced map[string]string // the old name of a row whose tags were corrected → the new one
}

// editOf compares two versions. A row that stands where a similar one stood is that row with its tags corrected: it is
// neither new nor gone.
func editOf(was, is playlists.Playlist) edit {
	d := playlists.DiffOf(was, is)
	e := edit{removed: map[string]bool{}, replaced: map[string]string{}}
	for _, t := range d.Removed {
		e.removed[t.Item] = true
	}
	corrected := map[string]bool{}
	if len(was.Tracks) == len(is.Tracks) {
		for i, t := range is.Tracks {
			if old := was.Tracks[i]; e.removed[old.Item] && alike(old, t) {
				delete(e.removed, old.Item)
				e.replaced[old.Item], corrected[t.Item] = t.Item, true
			}
		}
	}
	for _, t := range d.Added {
		if !corrected[t.Item] {
			e.added = append(e.added, t.Item)
		}
	}
	return e
}

// alike reports whether two rows are one recording as far as can be seen without asking anybody.
func alike(a, b playlists.Track) bool {
	if a.MBID != "" && a.MBID == b.MBID || slices.ContainsFunc(a.ISRC, func(code string) bool { return slices.Contains(b.ISRC, code) }) {
		return true
	}
	near := a.Duration == b.Duration || a.Duration == 0 || b.Duration == 0
	return near && (a.Title == b.Title || a.Artist == b.Artist && a.Duration > 0 && a.Duration == b.Duration)
}

// now returns the present name of a row that was named item, and whether it is still there.
func (e edit) now(item string) (string, bool) {
	if name, ok := e.replaced[item]; ok {
		return name, true
	}
	return item, !e.removed[item]
}

const newsColumns = `public_id, revision, pending, first, due, held, pin_due`

func scanNews(row playlists.Scanner) (n news, err error) {
	var pending string
	if err := row.Scan(&n.publicID, &n.revision, &pending, &n.first, &n.due, &n.held, &n.pinDue); err != nil {
		return n, err
	}
	return n, json.Unmarshal([]byte(pending), &n.pending)
}

func (f *Federation) newsOf(ctx context.Context, q playlists.Querier, publicID string) (news, error) {
	return scanNews(q.QueryRowContext(ctx, `SELECT `+newsColumns+` FROM news WHERE public_id = $1`, publicID))
}

// saveNews replaces a row, unless it is no longer as it was read.
func (f *Federation) saveNews(ctx context.Context, tx *sql.Tx, was, is news) (ok bool, err error) {
	pending, err := json.Marshal(append([]string{}, is.pending...))
	if err != nil {
		return false, err
	}
	r, err := tx.ExecContext(ctx, `UPDATE news SET revision = $1, pending = $2, first = $3, due = $4, held = $5, pin_due = $6
		WHERE public_id = $7 AND revision = $8 AND due = $9 AND held = $10 AND pin_due = $11`,
		is.revision, string(pending), is.first, is.due, is.held, is.pinDue, was.publicID, was.revision, was.due, was.held, was.pinDue)
	if err != nil {
		return false, err
	}
	n, err := r.RowsAffected()
	return n == 1, err
}
