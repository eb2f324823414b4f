package federation

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"github.com/songferry/songferry/playlists"
)

// changeReaders acts on another audience of a publication that goes on. What is for approved followers now is taken back
// from where it was told to everybody, and everybody waits for approval; what is open now keeps nobody waiting. What is
// unlisted now is taken back from strangers only: the posts that the account boosted, which stay in its outbox else.
func (f *Federation) changeReaders(ctx context.Context, pub playlists.Publication) error {
	switch pub.Audience {
	case playlists.Public:
		return f.acceptWaiting(ctx, pub)
	case playlists.Unlisted:
		return errors.Join(f.takeBackPosts(ctx, pub, `announced <> ''`), f.acceptWaiting(ctx, pub))
	}
	return errors.Join(f.takeBackPosts(ctx, pub, `TRUE`), f.takeBackPin(ctx, pub), f.askAgain(ctx, pub))
}

// closingTime is how long news of a playlist that was just closed wait until its followers have been told to ask again.
const closingTime = time.Minute

// closing reports whether a playlist for approved followers has those still whom nobody approved: they followed it while
// it was open, and the change has not been read from the journal. Until then nobody counts as approved.
func (f *Federation) closing(ctx context.Context, pub playlists.Publication) (bool, error) {
	if pub.Audience.Open() {
		return false, nil
	}
	return f.store.Unfinished(ctx, announceReader, pub.PublicID)
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

const acceptBatch = 100 // followers let in by one transaction

// acceptWaiting lets in who asked while the playlist was for approved followers, but for those of limited hosts.
func (f *Federation) acceptWaiting(ctx context.Context, pub playlists.Publication) error {
	waiting, err := playlists.Collect(ctx, f.db, scanFollowerRow, `SELECT `+followerColumns+` FROM followers
		WHERE actor = $1 AND state = 'pending' ORDER BY inbox`, pub.PublicID)
	if err != nil {
		return err
	}
	waiting = slices.DeleteFunc(waiting, func(w follower) bool { return f.limited(w.host) }) // they wait whatever the audience
	for batch := range slices.Chunk(waiting, acceptBatch) {
		for _, w := range batch {
			if err := f.grantLocal(ctx, w, true); err != nil {
				return err
			}
		}
		err := playlists.InTx(ctx, f.db, func(tx *sql.Tx) error {
			for _, w := range batch {
				if err := f.accept(ctx, tx, w); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// takeBackPosts deletes the posts of a playlist that went to more people than may see it now; which is never text from
// outside.
func (f *Federation) takeBackPosts(ctx context.Context, pub playlists.Publication, which string) error {
	posts, err := f.posts(ctx, f.db, `actor = $1 AND deleted = 0 AND `+which, pub.PublicID)
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
	return playlists.Texts(ctx, tx, `SELECT inbox FROM followers WHERE actor = $1 AND inbox <> ''
		UNION SELECT inbox FROM posts WHERE actor = $1 AND inbox <> ''
		UNION SELECT inbox FROM followers WHERE inbox <> '' AND actor IN (SELECT announced FROM posts WHERE actor = $1 AND announced <> '')
		ORDER BY inbox`, publicID)
}
