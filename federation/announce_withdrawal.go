package federation

import (
	"context"
	"database/sql"

	"github.com/songferry/songferry/playlists"
)

// announceWithdrawal tells everyone who was told that the playlist is gone, and forgets them.
func (f *Federation) announceWithdrawal(ctx context.Context, c playlists.Change) error {
	pub, err := f.store.PublicationByPublicID(ctx, c.PublicID)
	if err != nil || pub.Live() || pub.Handle == "" {
		return err
	}
	return playlists.InTx(ctx, f.db, func(tx *sql.Tx) error {
		inboxes, err := f.toldOf(ctx, tx, pub.PublicID)
		if err != nil {
			return err
		}
		// What is still to be sent would tell of what has just been taken back.
		id := activityID("delete", pub.PublicID)
		_, err = tx.ExecContext(ctx, `DELETE FROM deliveries WHERE activity IN (SELECT id FROM activities WHERE actor = $1 AND id <> $2)`, pub.PublicID, id)
		if err != nil {
			return err
		}
		if err := f.dropAnnounces(ctx, tx, pub.PublicID); err != nil {
			return err
		}
		if err := f.queue(ctx, tx, outgoing{id: id, actor: pub.PublicID, inboxes: inboxes,
			body: newDelete(f.addr().Activity(id), pub, pub.Retired, f.addr())}); err != nil {
			return err
		}
		return f.forgetPublication(ctx, tx, pub.PublicID)
	})
}

// dropAnnounces forgets what the account would still tell of a playlist's posts.
func (f *Federation) dropAnnounces(ctx context.Context, tx *sql.Tx, publicID string) error {
	announced, err := playlists.Texts(ctx, tx, `SELECT id FROM posts WHERE actor = $1 AND announced <> '' AND published > $2`, publicID, f.now().Add(-giveUpAfter).UnixMilli())
	if err != nil {
		return err
	}
	for _, id := range announced {
		if _, err := tx.ExecContext(ctx, `DELETE FROM deliveries WHERE activity = $1`, activityID("announce", id)); err != nil {
			return err
		}
	}
	return nil
}

// forgetPublication deletes what is kept about a publication that has ended. Of its posts stays that they were there.
func (f *Federation) forgetPublication(ctx context.Context, tx *sql.Tx, publicID string) error {
	if err := playlists.ExecEach(ctx, tx, publicID,
		`DELETE FROM followers WHERE actor = $1`,
		`DELETE FROM announcements WHERE public_id = $1`,
		`DELETE FROM reactions WHERE post IN (SELECT id FROM posts WHERE actor = $1)`,
	); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `UPDATE posts SET note = '', items = '[]', inbox = '', due = 0, likes = 0, shares = 0, replies = 0, deleted = $1
		WHERE actor = $2 AND deleted = 0`, f.now().UnixMilli(), publicID)
	return err
}
