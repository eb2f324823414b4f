package playlists

import (
	"context"
	"time"
)

const (
	KeepRevisions = 50                  // newest versions kept of a playlist, beside those that a copy is pinned to
	KeepJournal   = 30 * 24 * time.Hour // finished changes are kept that long
)

// Tidy deletes old versions, finished changes, old notices and refusals, playlists from elsewhere that nobody wants, and what came too late of
// accounts that are gone; it journals which links have expired.
func (s *Store) Tidy(ctx context.Context) error {
	if err := s.forgetFuture(ctx, s.now()); err != nil {
		return err
	}
	if err := s.expireLinks(ctx); err != nil {
		return err
	}
	_, err := s.db.ExecContext(ctx, `DELETE FROM revisions WHERE revision <= (SELECT p.revision FROM playlists p WHERE p.id = revisions.playlist_id) - $1
		AND NOT EXISTS (SELECT 1 FROM wants w WHERE w.playlist_id = revisions.playlist_id AND w.pinned = revisions.revision)`, KeepRevisions)
	if err != nil {
		return err
	}
	_, err = s.db.ExecContext(ctx, `DELETE FROM person_wants WHERE ended > 0 AND (ended < $1 OR ended < $2 AND account_id IN (SELECT account_id FROM departures))`,
		s.now().Add(-KeepEnded).UnixMilli(), s.now().Add(-KeepJournal).UnixMilli())
	if err != nil {
		return err
	}
	if err := s.forgetUnwanted(ctx); err != nil {
		return err
	}
	if _, err := s.db.ExecContext(ctx, `DELETE FROM asks WHERE refused > 0 AND refused < $1`, s.now().Add(-KeepRefused).UnixMilli()); err != nil {
		return err
	}
	if _, err := s.db.ExecContext(ctx, `DELETE FROM notices WHERE at < $1 OR account_id IN (SELECT account_id FROM departures)`, s.now().Add(-KeepNotices).UnixMilli()); err != nil {
		return err
	}
	if _, err := s.db.ExecContext(ctx, `DELETE FROM tellings WHERE NOT EXISTS (SELECT 1 FROM notices n WHERE n.id = tellings.notice_id)`); err != nil {
		return err
	}
	_, err = s.db.ExecContext(ctx, `DELETE FROM journal WHERE at < $1 AND seq <= (SELECT COALESCE(MIN(seq), 0) FROM readers)`,
		s.now().Add(-KeepJournal).UnixMilli())
	return err
}
