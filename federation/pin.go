package federation

import (
	"context"
	"database/sql"
	"fmt"
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
		return f.queue(ctx, tx, outgoing{id: id, actor: row.publicID, inboxes: inboxes, body: newActorUpdate(f.addr().Activity(id), actor, pub, f.addr())})
	})
}

// pinID returns the last part of the id of the post that is pinned to a playlist's actor. One that was taken back is never
// shown again by those who had it (Mastodon: app/lib/activitypub/activity/delete.rb), so the next has another number.
func pinID(ctx context.Context, q playlists.Querier, publicID string) (string, error) {
	var ended int
	err := q.QueryRowContext(ctx, `SELECT COUNT(*) FROM posts WHERE actor = $1 AND id LIKE $2`, publicID, pinned+"%").Scan(&ended)
	if ended == 0 || err != nil {
		return pinned + publicID, err
	}
	return fmt.Sprintf("%s%s-%d", pinned, publicID, ended+1), nil
}

// takeBackPin deletes the pinned post of a playlist that was open: who has read it keeps showing it when the collection it
// stood in can be read no more (Mastodon: fetch_featured_collection_service.rb). Done again for the same change it does
// nothing.
func (f *Federation) takeBackPin(ctx context.Context, pub playlists.Publication) error {
	now := f.now()
	return playlists.InTx(ctx, f.db, func(tx *sql.Tx) error {
		id, err := pinID(ctx, tx, pub.PublicID)
		if err != nil {
			return err
		}
		r, err := tx.ExecContext(ctx, `INSERT INTO posts (`+postColumns+`) SELECT $1, $2, '', '', '[]', '', '', 0, 0, CAST($3 AS BIGINT), 0
			WHERE NOT EXISTS (SELECT 1 FROM posts WHERE actor = $2 AND id LIKE $4 AND deleted >= $5)`,
			id, pub.PublicID, now.UnixMilli(), pinned+"%", playlists.Millis(pub.Changed))
		if err != nil {
			return err
		}
		if n, err := r.RowsAffected(); n == 0 || err != nil {
			return err
		}
		inboxes, err := f.toldOf(ctx, tx, pub.PublicID)
		if err != nil {
			return err
		}
		p := post{ID: id, Actor: pub.PublicID}
		p.Note.To, p.Note.CC = []string{publicCollection}, []string{f.addr().Followers(pub.PublicID)}
		id = activityID("delete-note", id)
		return f.queue(ctx, tx, outgoing{id: id, actor: p.Actor, inboxes: inboxes, body: newNoteDelete(f.addr().Activity(id), p, now, f.addr())})
	})
}
