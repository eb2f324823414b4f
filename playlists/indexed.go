package playlists

import (
	"context"
	"errors"
)

// SetIndexed keeps whether search engines may list the page of a published playlist. The wish ends with the publication.
func (s *Store) SetIndexed(ctx context.Context, id ID, indexed bool) error {
	r, err := s.db.ExecContext(ctx, `UPDATE publications SET indexed = $1 WHERE playlist_id = $2 AND retired = 0`, indexed, id)
	if err != nil {
		return err
	}
	if n, err := r.RowsAffected(); n == 0 || err != nil {
		return errors.Join(err, Problemf(NotFound, nil, "This playlist is not published."))
	}
	return nil
}
