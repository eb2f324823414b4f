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
	_, r, err := scanState(b.db.QueryRowContext(ctx, `SELECT `+stateColumns+` FROM subsonic_mirrors WHERE want_id = $1`, want))
	if errors.Is(err, sql.ErrNoRows) {
		return MirrorResult{State: Fresh}, nil
	}
	return r, err
}

const stateColumns = `want_id, name, server_id, state, note, error, paused`

func scanState(row playlists.Scanner) (want playlists.ID, r MirrorResult, err error) {
	var paused bool
	err = row.Scan(&want, &r.Name, &r.ServerID, &r.State, &r.Note, &r.Error, &paused)
	if paused && r.State != Unlinked {
		r.State, r.Note, r.Error = Paused, playlists.Sentencef("You paused this. The list stays as it is until you go on."), playlists.Sentence{}
	}
	return want, r, err
}
