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
