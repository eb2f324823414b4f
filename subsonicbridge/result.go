package subsonicbridge

import (
	"context"
	"database/sql"
	"errors"

	"github.com/songferry/songferry/playlists"
)

// MirrorResult is what became of a want.
type MirrorResult struct {
	Name     string // of the list, or the source
	Found    int    // tracks with a song
	Review   int    // tracks that a person should look at; they count as not found
	Total    int
	ServerID string // of the list; "" when there is none
	State    State
	Note     playlists.Sentence // on State, zero when there is nothing to say
	Error    playlists.Sentence // on what went wrong last, zero when all is well
	Rows     []ResolvedRow
}

// LastResult returns what became of a want when it was last worked on, without working on it.
func (b *Bridge) LastResult(ctx context.Context, want playlists.ID) (MirrorResult, error) {
	r, err := b.LastState(ctx, want)
	if err != nil {
		return MirrorResult{}, err
	}
	if r.Rows, err = b.Rows(ctx, want); err != nil {
		return MirrorResult{}, err
	}
	r.Found, r.Review = coverage(r.Rows)
	r.Total = len(r.Rows)
	return r, nil
}

// LastState is LastResult without the rows and their numbers, of which a list may have thousands.
func (b *Bridge) LastState(ctx context.Context, want playlists.ID) (MirrorResult, error) {
	r := MirrorResult{State: Fresh}
	err := b.db.QueryRowContext(ctx, `SELECT name, server_id, state, note, error FROM subsonic_mirrors WHERE want_id = $1`, want).
		Scan(&r.Name, &r.ServerID, &r.State, &r.Note, &r.Error)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return r, err
}
