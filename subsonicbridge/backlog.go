package subsonicbridge

import (
	"context"
	"time"

	"github.com/songferry/songferry/playlists"
)

// maxBacklog is how many copies a Backlog names.
const maxBacklog = 50

// Backlog is what waits to be done with people's music servers.
type Backlog struct {
	Polls     playlists.Waiting // music servers whose time to be read has come
	Copies    playlists.Waiting // copies whose time to be brought up to date has come
	Failing   []FailingCopy     // copies that the last try failed for, the next to be tried first
	Songs     int               // of all libraries, as last read
	Libraries int               // that have been read
}

// FailingCopy is a copy that could not be brought up to date.
type FailingCopy struct {
	Want, Account, Playlist playlists.ID
	Error                   playlists.Sentence
	Next                    time.Time
}

// Backlog returns it.
func (b *Bridge) Backlog(ctx context.Context) (l Backlog, err error) {
	now := playlists.Millis(b.now())
	if l.Polls, err = playlists.WaitingIn(ctx, b.db, `SELECT COUNT(*), COALESCE(MIN(due), 0) FROM subsonic_connections WHERE due <= $1`, now); err != nil {
		return l, err
	}
	if l.Copies, err = playlists.WaitingIn(ctx, b.db, `SELECT COUNT(*), COALESCE(MIN(due), 0) FROM subsonic_mirrors WHERE due > 0 AND due <= $1`, now); err != nil {
		return l, err
	}
	if l.Failing, err = playlists.Collect(ctx, b.db, scanFailing, `SELECT want_id, account_id, playlist_id, error, due FROM subsonic_mirrors
		WHERE error <> '' AND due > 0 ORDER BY due, want_id LIMIT $1`, maxBacklog); err != nil {
		return l, err
	}
	err = b.db.QueryRowContext(ctx, `SELECT COUNT(*), COALESCE(SUM(songs), 0) FROM subsonic_libraries`).Scan(&l.Libraries, &l.Songs)
	return l, err
}

func scanFailing(row playlists.Scanner) (c FailingCopy, err error) {
	var due int64
	err = row.Scan(&c.Want, &c.Account, &c.Playlist, &c.Error, &due)
	c.Next = playlists.FromMillis(due)
	return c, err
}

// RetryCopy makes a copy that failed due now. One that has gone well, or is in hand, is left alone.
func (b *Bridge) RetryCopy(ctx context.Context, want playlists.ID) error {
	now := playlists.Millis(b.now())
	r, err := b.db.ExecContext(ctx, `UPDATE subsonic_mirrors SET due = $1 WHERE want_id = $2 AND error <> '' AND due > 0`, now, want)
	if err != nil {
		return err
	}
	if n, err := r.RowsAffected(); n > 0 || err != nil {
		return err
	}
	return playlists.Problemf(playlists.NotFound, nil, "That copy waits for nothing any more.")
}
