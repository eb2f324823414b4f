package subsonicbridge

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"time"

	"github.com/songferry/songferry/playlists"
)

// progressPause is the least time between two changes of a row that only say how far the work has come.
const progressPause = time.Second

// Underway says whether the work on a list goes on, or begins any moment, and how far its longest step has come.
type Underway struct {
	Busy        bool
	Done, Total int // 0 of 0 while that is not known
}

// Underway returns how far the work on a live want's list has come, whichever process does it.
func (b *Bridge) Underway(ctx context.Context, w playlists.Want) (u Underway, err error) {
	if !w.Ended.IsZero() {
		return u, nil
	}
	now := playlists.Millis(b.now())
	var lease, due int64
	var paused bool
	err = b.db.QueryRowContext(ctx, `SELECT lease, due, done, total, paused FROM subsonic_mirrors WHERE want_id = $1`, w.ID).Scan(&lease, &due, &u.Done, &u.Total, &paused)
	if errors.Is(err, sql.ErrNoRows) {
		return Underway{Busy: true}, nil // MirrorOnce has not heard of it yet
	}
	u.Busy = !paused && (lease > now || due > 0 && due <= now)
	return u, err
}

// keepingProgress returns a Progress that also keeps in the list's row how far the work has come.
func (b *Bridge) keepingProgress(ctx context.Context, want playlists.ID, also Progress) Progress {
	var kept time.Time
	return func(done, total int) {
		also.report(done, total)
		now := b.now()
		if now.Sub(kept) < progressPause {
			return
		}
		kept = now
		if _, err := b.db.ExecContext(ctx, `UPDATE subsonic_mirrors SET done = $1, total = $2 WHERE want_id = $3`, done, total, want); err != nil {
			// The work does not depend on it.
			b.log.WarnContext(ctx, "progress not kept", slog.String("want", string(want)), slog.Any("error", err))
		}
	}
}
