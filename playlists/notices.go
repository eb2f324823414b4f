package playlists

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// NoticeKind says what a Notice is about.
type NoticeKind string

const (
	FollowAsked NoticeKind = "follow asked" // About: who asks to follow what. Playlist: which that is, "" for the account itself
	ShareAsked  NoticeKind = "share asked"  // About: the ask of a child. Playlist: which it wants to share
	CopyChanged NoticeKind = "copy changed" // About: the want. Before, After: revisions
	GapsFilled  NoticeKind = "gaps filled"  // About: the want. Before, After: songs in the copy
	CopyArrived NoticeKind = "copy arrived" // About: the want, whose owner has agreed
	CopyBegun   NoticeKind = "copy begun"   // About: the want, of which too few tracks had been found for a list
	OrderAsked  NoticeKind = "order asked"  // About: the want, whose list the person put in another order. After: how often by now
	CopyEnded   NoticeKind = "copy ended"   // About: the want, whose source was withdrawn
	Broken      NoticeKind = "broken"       // About: what. Text: why
	Mended      NoticeKind = "mended"       // About: what had been Broken, and was told to be
	Paused      NoticeKind = "paused"       // About: the account whose music server refuses its login. After: since when
)

const (
	quietNotice   = 30 * time.Minute // changes within it make one notice
	lastingNotice = time.Hour        // what mends itself within it is nobody's concern
	maxNotices    = 500              // of a kind and account; the oldest go first. Strangers make those of some kinds as they like
	KeepNotices   = 90 * 24 * time.Hour
)

// Notice is what an account should know, with the time from which on it may be told.
type Notice struct {
	ID            ID
	Account       ID
	Kind          NoticeKind
	About         string   // what it is about, within its kind
	Playlist      ID       // "" for none
	Text          Sentence // for the person, zero where the kind says it all
	Code          Code     // Broken: of what failed, "" when it has none
	Before, After int64    // what was and what is, in the terms of its kind
	At            time.Time
	Due           time.Time // set by the Store
}

const noticeColumns = `id, account_id, kind, about, playlist_id, text, code, before_n, after_n, at, due`

// untold is true of a notice that nobody was told by any way.
const untold = `NOT EXISTS (SELECT 1 FROM tellings t WHERE t.notice_id = notices.id)`

// Notify keeps a notice. It may be repeated: what has the same Account, Kind, About and After is one notice. A later
// change of the same thing is added to a notice that is not due yet.
func (s *Store) Notify(ctx context.Context, n Notice) error {
	return InTx(ctx, s.db, func(tx *sql.Tx) error {
		grown, err := s.grow(ctx, tx, n)
		if grown || err != nil {
			return err
		}
		return s.insertNotice(ctx, tx, n)
	})
}

// grow adds a notice to one about the same that waits for more, and reports whether there was one.
func (s *Store) grow(ctx context.Context, tx *sql.Tx, n Notice) (bool, error) {
	r, err := tx.ExecContext(ctx, `UPDATE notices SET after_n = $1 WHERE account_id = $2 AND kind = $3 AND about = $4 AND due > $5
		AND `+untold+` AND NOT EXISTS (SELECT 1 FROM notices o WHERE o.account_id = $2 AND o.kind = $3 AND o.about = $4 AND o.after_n = $1)`,
		n.After, n.Account, n.Kind, n.About, Millis(s.now()))
	if err != nil {
		return false, err
	}
	grown, err := r.RowsAffected()
	return grown > 0, err
}

func (s *Store) insertNotice(ctx context.Context, tx *sql.Tx, n Notice) error {
	now := s.now()
	r, err := tx.ExecContext(ctx, `INSERT INTO notices (`+noticeColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
		ON CONFLICT (account_id, kind, about, after_n) DO NOTHING`,
		NewID(), n.Account, n.Kind, n.About, n.Playlist, n.Text, n.Code, n.Before, n.After, Millis(now), Millis(now.Add(delayOf(n.Kind))))
	if err != nil {
		return err
	}
	if kept, err := r.RowsAffected(); kept == 0 || err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `DELETE FROM notices WHERE id IN (SELECT id FROM notices WHERE account_id = $1 AND kind = $2 ORDER BY at DESC, id LIMIT 1000 OFFSET $3)`,
		n.Account, n.Kind, maxNotices)
	return err
}

// delayOf is how long a notice waits for more of its kind, or for its reason to pass.
func delayOf(k NoticeKind) time.Duration {
	switch k {
	case CopyChanged, GapsFilled, OrderAsked:
		return quietNotice
	case Broken:
		return lastingNotice
	}
	return 0
}

// Mend ends the Broken notice about something: nobody hears of it if it was not told yet, else that all is well again.
// It costs one read when nothing was broken.
func (s *Store) Mend(ctx context.Context, account ID, about string) error {
	var id ID
	err := s.db.QueryRowContext(ctx, `SELECT id FROM notices WHERE account_id = $1 AND kind = $2 AND about = $3`, account, Broken, about).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	now := Millis(s.now())
	return InTx(ctx, s.db, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM notices WHERE id = $1 AND `+untold, id); err != nil {
			return err
		}
		// It keeps what it was about, and is told anew. What breaks again is another notice.
		_, err := tx.ExecContext(ctx, `UPDATE notices SET kind = $1, after_n = $2, at = $2, due = $2, text = '', code = '' WHERE id = $3 AND kind = $4`,
			Mended, now, id, Broken)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `DELETE FROM tellings WHERE notice_id = $1`, id)
		return err
	})
}

// Answered ends notices of a kind about something that needs no telling any more. What was told stays.
func (s *Store) Answered(ctx context.Context, account ID, kind NoticeKind, about string) error {
	_, err := s.db.ExecContext(ctx, `DELETE FROM notices WHERE account_id = $1 AND kind = $2 AND about = $3 AND `+untold, account, kind, about)
	return err
}

// Notices returns the newest maxNotices notices of an account, newest first.
func (s *Store) Notices(ctx context.Context, account ID) ([]Notice, error) {
	return Collect(ctx, s.db, scanNotice, `SELECT `+noticeColumns+` FROM notices WHERE account_id = $1 ORDER BY at DESC, id LIMIT $2`, account, maxNotices)
}

func scanNotice(row Scanner) (n Notice, err error) {
	var at, due int64
	err = row.Scan(&n.ID, &n.Account, &n.Kind, &n.About, &n.Playlist, &n.Text, &n.Code, &n.Before, &n.After, &at, &due)
	n.At, n.Due = FromMillis(at), FromMillis(due)
	return n, err
}
