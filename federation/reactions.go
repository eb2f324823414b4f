package federation

import (
	"context"
	"database/sql"

	"github.com/songferry/songferry/playlists"
)

const (
	maxReactions  = 10_000   // of one post are counted; beyond, a number says nothing that the owner does not know already
	KeepReactions = 90 * day // so long one can be taken back, and is not counted twice
)

// Kinds of reactions.
const (
	like  = "like"
	share = "share"
	reply = "reply"
)

// Reactions is what others did with a post.
type Reactions struct{ Likes, Shares, Replies int }

// reactionOf returns which post of ours an activity reacts to, how, and the id by which it can be taken back; "" when it
// is no reaction. EmojiReact is what Misskey and Akkoma send for a like with a picture.
func (f *Federation) reactionOf(e envelope) (postID, kind, id string) {
	object := e.ObjectID
	switch e.Type {
	case "Like", "EmojiReact":
		kind, id = like, e.ID
	case "Announce":
		kind, id = share, e.ID
	case "Create":
		kind, id, object = reply, e.ObjectID, e.ObjectReplyTo
	}
	if kind == "" || !sameOrigin(id, e.Actor) {
		return "", "", ""
	}
	what, name, rest, ok := f.addr().Parse(object)
	if !ok || what != noteAddress || rest != "" {
		return "", "", ""
	}
	return name, kind, id
}

// takesBack returns the id of the reaction that an activity may take back, "" when it takes back none: an Undo names the
// Like or Announce, a Delete the reply.
func takesBack(e envelope) string {
	if e.Type == "Undo" && (e.ObjectType == "" || e.ObjectType == "Like" || e.ObjectType == "EmojiReact" || e.ObjectType == "Announce") || e.Type == "Delete" {
		return e.ObjectID
	}
	return ""
}

// isReaction reports whether an activity is about a post of ours, or takes back what was.
func (f *Federation) isReaction(ctx context.Context, e envelope) (bool, error) {
	if post, _, _ := f.reactionOf(e); post != "" {
		return f.any(ctx, `SELECT COUNT(*) FROM posts WHERE id = $1 AND deleted = 0`, post)
	}
	if id := takesBack(e); id != "" {
		return f.any(ctx, `SELECT COUNT(*) FROM reactions WHERE id = $1 AND actor = $2`, id, e.Actor)
	}
	return false, nil
}

// actReaction counts a reaction, or no longer. Nothing that it says is kept.
func (f *Federation) actReaction(ctx context.Context, e envelope) error {
	if id := takesBack(e); id != "" {
		_, err := f.db.ExecContext(ctx, `DELETE FROM reactions WHERE id = $1 AND actor = $2`, id, e.Actor)
		return err
	}
	post, kind, id := f.reactionOf(e)
	if post == "" || f.limited(hostOf(e.Actor)) {
		return nil
	}
	_, err := f.db.ExecContext(ctx, `INSERT INTO reactions (post, kind, id, actor, at) SELECT id, $2, $3, $4, $5 FROM posts WHERE id = $1 AND deleted = 0
			AND likes + shares + replies + (SELECT COUNT(*) FROM reactions WHERE post = $1) < $6
			AND NOT EXISTS (SELECT 1 FROM reactions WHERE post = $1 AND kind = $2 AND actor = $4 AND kind <> 'reply')
			AND NOT EXISTS (SELECT 1 FROM inbox WHERE actor = $4 AND type = 'Undo' AND object = $3)
		ON CONFLICT (post, kind, id) DO NOTHING`, post, kind, id, e.Actor, f.now().UnixMilli(), maxReactions)
	return err
}

// reactions counts what others did with a post.
func (f *Federation) reactions(ctx context.Context, post string) (r Reactions, err error) {
	err = f.db.QueryRowContext(ctx, `SELECT `+countedReactions+` FROM posts WHERE id = $1`, post).Scan(&r.Likes, &r.Shares, &r.Replies)
	return r, err
}

// countedReactions are those of a post that were folded, and those that have a row.
const countedReactions = `likes + (SELECT COUNT(*) FROM reactions r WHERE r.post = posts.id AND r.kind = 'like'),
	shares + (SELECT COUNT(*) FROM reactions r WHERE r.post = posts.id AND r.kind = 'share'),
	replies + (SELECT COUNT(*) FROM reactions r WHERE r.post = posts.id AND r.kind = 'reply')`

// foldReactions keeps of old reactions their number only.
func (f *Federation) foldReactions(ctx context.Context) error {
	old := f.now().Add(-KeepReactions).UnixMilli()
	return playlists.InTx(ctx, f.db, func(tx *sql.Tx) error {
		return playlists.ExecEach(ctx, tx, old,
			`UPDATE posts SET likes = likes + (SELECT COUNT(*) FROM reactions r WHERE r.post = posts.id AND r.kind = 'like' AND r.at < $1),
				shares = shares + (SELECT COUNT(*) FROM reactions r WHERE r.post = posts.id AND r.kind = 'share' AND r.at < $1),
				replies = replies + (SELECT COUNT(*) FROM reactions r WHERE r.post = posts.id AND r.kind = 'reply' AND r.at < $1)
				WHERE id IN (SELECT post FROM reactions WHERE at < $1)`,
			`DELETE FROM reactions WHERE at < $1`,
		)
	})
}
