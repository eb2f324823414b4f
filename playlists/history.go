package playlists

import (
	"context"
	"time"
)

// historyRows bounds the rows of all versions that History returns together.
const historyRows = 2 * MaxTracks

// History returns the versions of a Local playlist that were recorded after since, and before them the one that was the
// newest then, if it is kept still: newest first, at most max of them, and fewer of a long playlist.
func (s *Store) History(ctx context.Context, id ID, since time.Time, max int) ([]Playlist, error) {
	const from = ` FROM playlists p JOIN revisions r ON r.playlist_id = p.id WHERE p.id = $1 AND r.revision >=
		COALESCE((SELECT MAX(o.revision) FROM revisions o WHERE o.playlist_id = $1 AND o.at <= $2), 0) ORDER BY r.revision DESC LIMIT $3`
	sizes, err := Collect(ctx, s.db, scanCount, `SELECT r.track_count`+from, id, Millis(since), max)
	if err != nil {
		return nil, err
	}
	n, rows := 0, 0
	for n < len(sizes) && rows+sizes[n] <= historyRows {
		rows += sizes[n]
		n++
	}
	return Collect(ctx, s.db, func(row Scanner) (Playlist, error) {
		p, _, err := readRevision(row)
		return p, err
	}, `SELECT `+revisionColumns+`, r.tracks`+from, id, Millis(since), n)
}

func scanCount(row Scanner) (n int, err error) {
	err = row.Scan(&n)
	return n, err
}
