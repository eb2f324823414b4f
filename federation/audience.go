package federation

import (
	"context"
	"database/sql"

	"github.com/songferry/songferry/playlists"
)

// changeReaders acts on another audience of a publication that goes on. What is for approved followers now is taken back
// from where it was told to everybody, and everybody waits for approval; what is open now keeps nobody waiting.
func (f *Federation) changeReaders(ctx context.Context, pub playlists.Publication) error {
	if pub.Audience.Open() {
		return f.acceptWaiting(ctx, pub)
	}
	if err := f.takeBackPosts(ctx, pub); err != nil {
		return err
	}
	return f.askAgain(ctx, pub)
}

// askAgain makes every follower wait for approval, since nobody approved them while the playlist was open.
func (f *Federation) askAgain(ctx context.Context, pub playlists.Publication) error {
	wants, err := f.store.Wants(ctx, pub.Playlist)
	if err != nil {
		return err
	}
	for _, w := range wants {
		if err := f.store.GrantWants(ctx, w.Account, pub.Playlist, false); err != nil {
			return err
		}
	}
	_, err = f.db.ExecContext(ctx, `UPDATE followers SET state = 'pending' WHERE actor = $1`, pub.PublicID)
	return err
}

// acceptWaiting lets in who asked while the playlist was for approved followers.
func (f *Federation) acceptWaiting(ctx context.Context, pub playlists.Publication) error {
	waiting, err := playlists.Collect(ctx, f.db, scanFollowerRow, `SELECT `+followerColumns+` FROM followers WHERE actor = $1 AND state = 'pending'`, pub.PublicID)
	if err != nil {
		return err
	}
	for _, w := range waiting {
		if err := f.grantLocal(ctx, w, true); err != nil {
			return err
		}
		if err := playlists.InTx(ctx, f.db, func(tx *sql.Tx) error { return f.accept(ctx, tx, w) }); err != nil {
			return err
		}
	}
	return nil
}

// takeBackPosts deletes the posts of a playlist that went to everybody.
func (f *Federation) takeBackPosts(ctx context.Context, pub playlists.Publication) error {
	posts, err := f.posts(ctx, f.db, `actor = $1 AND deleted = 0`, pub.PublicID)
	if err != nil {
		return err
	}
	for _, p := range posts {
		if err := playlists.InTx(ctx, f.db, func(tx *sql.Tx) error { return f.deletePost(ctx, tx, p) }); err != nil {
			return err
		}
	}
	return nil
}

// toldOf returns the inboxes of everybody who may have heard of a playlist: its followers, those who wait for approval
// too, and whoever got one of its posts.
func (f *Federation) toldOf(ctx context.Context, tx *sql.Tx, publicID string) ([]string, error) {
	return texts(ctx, tx, `SELECT inbox FROM followers WHERE actor = $1 AND inbox <> ''
		UNION SELECT inbox FROM posts WHERE actor = $1 AND inbox <> ''
		UNION SELECT inbox FROM followers WHERE inbox <> '' AND actor IN (SELECT announced FROM posts WHERE actor = $1 AND announced <> '')
		ORDER BY inbox`, publicID)
}
