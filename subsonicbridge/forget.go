package subsonicbridge

import (
	"context"
	"database/sql"
	"time"

	"github.com/songferry/songferry/playlists"
)

// forget deletes all that is kept of an account: its login first of all, its library, what it decided. The lists on its
// music server stay: they are its own. It may be repeated.
func (b *Bridge) forget(ctx context.Context, account playlists.ID) error {
	return playlists.InTx(ctx, b.db, func(tx *sql.Tx) error {
		return playlists.ExecEach(ctx, tx, account,
			`DELETE FROM subsonic_connections WHERE account_id = $1`,
			`DELETE FROM subsonic_playlists WHERE account_id = $1`,
			`DELETE FROM subsonic_libraries WHERE account_id = $1`,
			`DELETE FROM subsonic_library_steps WHERE account_id = $1`,
			`DELETE FROM subsonic_library_changes WHERE account_id = $1`,
			`DELETE FROM subsonic_songs WHERE account_id = $1`,
			`DELETE FROM subsonic_decisions WHERE account_id = $1`,
			`DELETE FROM subsonic_choices WHERE account_id = $1`,
			`DELETE FROM subsonic_resolutions WHERE want_id IN (SELECT want_id FROM subsonic_mirrors WHERE account_id = $1)`,
			`DELETE FROM subsonic_listens WHERE account_id = $1`, // their pages end by themselves
			`DELETE FROM subsonic_mirrors WHERE account_id = $1`,
		)
	})
}

// forgetAgain is how long what was forgotten is forgotten again: a poll that had begun may have kept something since.
const forgetAgain = 7 * 24 * time.Hour

func (b *Bridge) forgetDeparted(ctx context.Context) error {
	gone, err := b.store.Departures(ctx, b.now().Add(-forgetAgain))
	for _, d := range gone {
		if err == nil {
			err = b.forget(ctx, d.Account)
		}
	}
	return err
}

// forgetEnded deletes what is kept of copies that ended long ago. Their lists, where they stayed, are ordinary playlists.
func (b *Bridge) forgetEnded(ctx context.Context) error {
	for last := playlists.ID(""); ; {
		ended, err := playlists.Collect(ctx, b.db, scanWantID, `SELECT want_id FROM subsonic_mirrors WHERE state = $1 AND lease = 0 AND want_id > $2
			ORDER BY want_id LIMIT $3`, Unlinked, last, playlists.MaxIn)
		if len(ended) == 0 || err != nil {
			return err
		}
		last = ended[len(ended)-1]
		gone, err := b.store.ForgetWants(ctx, ended)
		for _, want := range gone {
			if err == nil {
				_, err = b.db.ExecContext(ctx, `DELETE FROM subsonic_mirrors WHERE want_id = $1`, want)
			}
		}
		if err != nil {
			return err
		}
	}
}

func scanWantID(row playlists.Scanner) (id playlists.ID, err error) {
	err = row.Scan(&id)
	return id, err
}

// forgetDecisions deletes what was found for tracks that no copy has any more. What persons said of tracks stays.
func (b *Bridge) forgetDecisions(ctx context.Context) error {
	_, err := b.db.ExecContext(ctx, `DELETE FROM subsonic_decisions WHERE NOT EXISTS (SELECT 1 FROM subsonic_resolutions r
		JOIN subsonic_mirrors m ON m.want_id = r.want_id WHERE r.track_key = subsonic_decisions.track_key AND m.account_id = subsonic_decisions.account_id)`)
	return err
}
