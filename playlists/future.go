package playlists

import (
	"context"
	"time"
)

// forgetFuture makes notices due that would wait longer than any do, and counts for today what was told after today: both were kept
// while the clock of this machine was ahead, and would else hold news up until then.
func (s *Store) forgetFuture(ctx context.Context, now time.Time) error {
	if _, err := s.db.ExecContext(ctx, `UPDATE notices SET due = $1 WHERE due > $2`, Millis(now), Millis(now.Add(lastingNotice))); err != nil {
		return err
	}
	_, err := s.db.ExecContext(ctx, `UPDATE tellings SET told = $1 WHERE told > $1`, Millis(now))
	return err
}
