package federation

import (
	"context"
	"database/sql"
	"strconv"

	"github.com/songferry/songferry/playlists"
)

// pinDue sends the Updates of playlists' actors after which microblogs read the pinned post again (Mastodon:
// process_account_service.rb; Misskey and Akkoma likewise), and returns how many. An Update of the post itself would
// become a post in its own right where it is not known yet.
func (f *Federation) pinDue(ctx context.Context) (n int, err error) {
	due, err := playlists.Collect(ctx, f.db, scanNews, `SELECT `+newsColumns+` FROM news WHERE pin_due > 0 AND pin_due <= $1
		ORDER BY pin_due LIMIT 100`, f.now().UnixMilli())
	if err != nil {
		return 0, err
	}
	for _, row := range due {
		if err := f.refreshPin(ctx, row); err != nil {
			if ctx.Err() != nil {
				return n, ctx.Err()
			}
			f.log.Error("pinned post not told", "publication", row.publicID, "error", err)
			if _, err := f.db.ExecContext(ctx, `UPDATE news SET pin_due = $1 WHERE public_id = $2`, f.now().Add(announceAgain).UnixMilli(), row.publicID); err != nil {
				return n, err
			}
		}
		n++
	}
	return n, nil
}

func (f *Federation) refreshPin(ctx context.Context, row news) error {
	pub, err := f.store.PublicationByPublicID(ctx, row.publicID)
	if err != nil {
		return err
	}
	moved, err := f.movedAway(ctx, row.publicID)
	if err != nil {
		return err
	}
	var actor actorDocument
	if pub.Live() {
		if actor, err = f.playlistActor(ctx, pub); err != nil {
			return err
		}
	}
	told := row
	told.pinDue = 0
	return playlists.InTx(ctx, f.db, func(tx *sql.Tx) error {
		ok, err := f.saveNews(ctx, tx, row, told)
		if !ok || err != nil || !pub.Live() || moved != "" {
			return err
		}
		inboxes, err := acceptedInboxes(ctx, tx, row.publicID)
		if err != nil {
			return err
		}
		id := activityID("update-pin", row.publicID, strconv.FormatInt(row.pinDue, 10))
		return f.queue(ctx, tx, outgoing{id: id, actor: row.publicID, inboxes: inboxes, body: newActorUpdate(f.addr.Activity(id), actor, pub, f.addr)})
	})
}
