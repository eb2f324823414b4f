package federation

import (
	"context"
	"time"

	"github.com/songferry/songferry/playlists"
)

// rereadPause is how long after a reading people can have a playlist read again.
const rereadPause = 15 * time.Second

// Reread makes a followed playlist of another server due to be read, for a person who does not want to wait. RefreshOnce
// reads it. One that is not read from elsewhere is none of its business.
func (f *Federation) Reread(ctx context.Context, playlist playlists.ID) error {
	_, err := f.db.ExecContext(ctx, `UPDATE sources SET due = CASE WHEN refreshed + $1 > $2 THEN refreshed + $1 ELSE $2 END WHERE playlist_id = $3`,
		rereadPause.Milliseconds(), f.now().UnixMilli(), playlist)
	return err
}
