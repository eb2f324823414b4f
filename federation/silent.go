package federation

import (
	"context"
	"time"

	"github.com/songferry/songferry/playlists"
)

const (
	silentTime  = 30 * day // of failed readings, after which a followed playlist or person counts as ended
	rareReading = 7 * day  // between two readings from then on
)

// failingSince is since when readings fail, if one fails now.
func failingSince(failing, now time.Time) time.Time {
	if failing.IsZero() {
		return now
	}
	return failing
}

// readAgain is when to read what failed once more, at the latest at next; what is silent is read rarely.
func readAgain(attempts int, failing, now, next time.Time) time.Time {
	if now.Sub(failing) >= silentTime {
		return now.Add(rareReading)
	}
	if at, more := retryAt(attempts, now, 0); more && at.Before(next) {
		return at
	}
	return next
}

// Silent reports whether every reading of a followed playlist has failed for 30 days. As far as anybody can tell it has
// ended; should its server answer again, it goes on by itself.
func (f *Federation) Silent(ctx context.Context, playlist playlists.ID) (bool, error) {
	return f.any(ctx, `SELECT COUNT(*) FROM sources WHERE playlist_id = $1 AND failing > 0 AND refreshed - failing >= $2`, playlist, silentTime.Milliseconds())
}
