package federation

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/songferry/songferry/playlists"
)

// maxBacklog is how many hosts, and how many playlists, a Backlog names.
const maxBacklog = 50

// Backlog is what waits to be done with other servers.
type Backlog struct {
	Hosts   []WaitingHost     // for which messages wait, those first that wait longest
	InAll   int               // hosts
	Out     playlists.Waiting // messages to all of them
	Inbox   playlists.Waiting // messages of others, to be acted on
	Reading playlists.Waiting // followed playlists whose time to be read has come
	Unread  []Unread          // those that could not be read the last time, the next to be tried first
}

// WaitingHost is a host for which messages wait.
type WaitingHost struct {
	Host string
	playlists.Waiting
	Failures int                // in a row
	Error    playlists.Sentence // of the last, zero when there was none
	Next     time.Time          // when it is tried
}

// Unread is a followed playlist that could not be read the last time.
type Unread struct {
	Playlist playlists.ID
	Host     string
	Error    playlists.Sentence
	Next     time.Time
}

// Backlog returns it.
func (f *Federation) Backlog(ctx context.Context) (b Backlog, err error) {
	if b.Hosts, err = playlists.Collect(ctx, f.db, scanWaitingHost, `SELECT `+waitingColumns+`
		GROUP BY d.host, h.attempts, h.error, h.due ORDER BY MIN(d.created), d.host LIMIT $1`, maxBacklog); err != nil {
		return b, err
	}
	if err := f.db.QueryRowContext(ctx, `SELECT COUNT(DISTINCT host) FROM deliveries`).Scan(&b.InAll); err != nil {
		return b, err
	}
	if b.Out, err = playlists.WaitingIn(ctx, f.db, `SELECT COUNT(*), COALESCE(MIN(created), 0) FROM deliveries`); err != nil {
		return b, err
	}
	if b.Inbox, err = playlists.WaitingIn(ctx, f.db, `SELECT COUNT(*), COALESCE(MIN(received), 0) FROM inbox WHERE due > 0`); err != nil {
		return b, err
	}
	now := f.now().UnixMilli()
	if b.Reading, err = playlists.WaitingIn(ctx, f.db, `SELECT COUNT(*), COALESCE(MIN(due), 0) FROM sources WHERE due <= $1`, now); err != nil {
		return b, err
	}
	b.Unread, err = playlists.Collect(ctx, f.db, scanUnread, `SELECT playlist_id, collection, error, due FROM sources
		WHERE error <> '' AND due < $1 ORDER BY due, playlist_id LIMIT $2`, paused, maxBacklog)
	return b, err
}

// WaitingFor returns what waits for one host. The problem is NotFound when nothing does.
func (f *Federation) WaitingFor(ctx context.Context, host string) (WaitingHost, error) {
	h, err := scanWaitingHost(f.db.QueryRowContext(ctx, `SELECT `+waitingColumns+` WHERE d.host = $1 GROUP BY d.host, h.attempts, h.error, h.due`, host))
	if errors.Is(err, sql.ErrNoRows) {
		return h, playlists.Problemf(playlists.NotFound, nil, "Nothing waits for that server any more.")
	}
	return h, err
}

const waitingColumns = `d.host, COUNT(*), MIN(d.created), COALESCE(h.attempts, 0), COALESCE(h.error, ''), COALESCE(h.due, 0)
	FROM deliveries d LEFT JOIN delivery_hosts h ON h.host = d.host`

func scanWaitingHost(row playlists.Scanner) (h WaitingHost, err error) {
	var since, due int64
	err = row.Scan(&h.Host, &h.N, &since, &h.Failures, &h.Error, &due)
	h.Since, h.Next = playlists.FromMillis(since), playlists.FromMillis(due)
	return h, err
}

func scanUnread(row playlists.Scanner) (u Unread, err error) {
	var collection string
	var due int64
	err = row.Scan(&u.Playlist, &collection, &u.Error, &due)
	u.Host, u.Next = hostOf(collection), playlists.FromMillis(due)
	return u, err
}

// RetryHost makes all that waits for a host due now. A turn that has begun is not disturbed.
func (f *Federation) RetryHost(ctx context.Context, host string) error {
	now := f.now().UnixMilli()
	return playlists.InTx(ctx, f.db, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `UPDATE delivery_hosts SET due = $1 WHERE host = $2 AND due > $1`, now, host); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `UPDATE deliveries SET due = $1 WHERE host = $2 AND due > $1`, now, host)
		return err
	})
}

// DropHost drops all that waits for a host, and returns how much that was.
func (f *Federation) DropHost(ctx context.Context, host string) (n int, err error) {
	err = playlists.InTx(ctx, f.db, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `UPDATE delivery_hosts SET due = 0 WHERE host = $1`, host); err != nil {
			return err
		}
		return count(ctx, tx, &n, `DELETE FROM deliveries WHERE host = $1`, host)
	})
	return n, err
}

// Hosts returns some of the hosts that took a message the last time, at most n.
func (f *Federation) Hosts(ctx context.Context, n int) ([]string, error) {
	scan := func(row playlists.Scanner) (host string, err error) {
		err = row.Scan(&host)
		return host, err
	}
	return playlists.Collect(ctx, f.db, scan, `SELECT host FROM delivery_hosts WHERE attempts = 0 ORDER BY host LIMIT $1`, n)
}
