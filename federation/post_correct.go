package federation

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"time"

	"github.com/songferry/songferry/playlists"
)

const (
	correctable = 2 * day // a post older than that is history: what it told was so at the time
	maxDoubted  = 10      // posts looked at when a playlist changes
)

// doubtPosts makes the posts due for correction that tell of a row which an edit took away or gave other tags.
func (f *Federation) doubtPosts(ctx context.Context, tx *sql.Tx, publicID string, e edit) error {
	if len(e.removed)+len(e.replaced) == 0 {
		return nil
	}
	recent, err := f.posts(ctx, tx, `actor = $1 AND deleted = 0 AND published > $2 ORDER BY published DESC LIMIT $3`,
		publicID, f.now().Add(-correctable).UnixMilli(), maxDoubted)
	if err != nil {
		return err
	}
	for _, p := range recent {
		items := slices.Clone(p.Items)
		wrong := false
		for i, item := range items {
			name, there := e.now(item)
			wrong = wrong || !there || name != item
			items[i] = name
		}
		if !wrong {
			continue
		}
		text, err := json.Marshal(items)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE posts SET items = $1, due = $2 WHERE id = $3`, string(text), f.now().Add(f.quiet).UnixMilli(), p.ID)
		if err != nil {
			return err
		}
	}
	return nil
}

// correctDue corrects the posts that are due: an Update without the tracks that are gone, or a Delete when none is left.
func (f *Federation) correctDue(ctx context.Context) (n int, err error) {
	due, err := f.posts(ctx, f.db, `due > 0 AND due <= $1 ORDER BY due LIMIT 100`, f.now().UnixMilli())
	if err != nil {
		return 0, err
	}
	for _, p := range due {
		if err := f.correct(ctx, p); err != nil {
			if ctx.Err() != nil {
				return n, ctx.Err()
			}
			f.log.Error("post not corrected", "post", p.ID, "error", err)
			if _, err := f.db.ExecContext(ctx, `UPDATE posts SET due = $1 WHERE id = $2 AND due = $3`, f.now().Add(announceAgain).UnixMilli(), p.ID, p.due); err != nil {
				return n, err
			}
		}
		n++
	}
	return n, nil
}

func (f *Federation) correct(ctx context.Context, p post) error {
	s, err := f.tell(ctx, p.Actor, p.Items)
	if err != nil {
		return err
	}
	if !s.pub.Live() { // its actor's Delete took the post with it
		_, err := f.db.ExecContext(ctx, `UPDATE posts SET due = 0 WHERE id = $1`, p.ID)
		return err
	}
	if len(s.tracks) == 0 {
		return playlists.InTx(ctx, f.db, func(tx *sql.Tx) error { return f.deletePost(ctx, tx, p) })
	}
	curator, err := f.mentioned(ctx, s)
	if err != nil {
		return err
	}
	old := p.Note
	p.Items, p.Updated = namesOf(s.tracks), f.now()
	p.Note = newsNote(p.ID, s, curator, f.addr())
	p.Note.To, p.Note.CC, p.Note.Published, p.Note.Updated = old.To, old.CC, old.Published, dateTime(p.Updated)
	p.Note.Attachment = old.Attachment
	return playlists.InTx(ctx, f.db, func(tx *sql.Tx) error { return f.updatePost(ctx, tx, p, p.Note.Content != old.Content) })
}

// updatePost keeps a corrected post, and tells it when a reader sees a difference.
func (f *Federation) updatePost(ctx context.Context, tx *sql.Tx, p post, tell bool) error {
	items, note, err := p.encode()
	if err != nil {
		return err
	}
	r, err := tx.ExecContext(ctx, `UPDATE posts SET items = $1, note = $2, updated = $3, due = 0 WHERE id = $4 AND due = $5 AND deleted = 0`,
		items, note, playlists.Millis(p.Updated), p.ID, p.due)
	if err != nil || !tell {
		return err
	}
	if n, err := r.RowsAffected(); n == 0 || err != nil {
		return err // changed again, or deleted, meanwhile
	}
	inboxes, err := f.toldOfPost(ctx, tx, p)
	if err != nil {
		return err
	}
	id := activityID("update-note", p.ID, p.Note.Updated)
	return f.queue(ctx, tx, outgoing{id: id, actor: p.Actor, inboxes: inboxes, body: newNoteUpdate(f.addr().Activity(id), p.Note)})
}

// deletePost takes a post back: its id answers 410 from now on.
func (f *Federation) deletePost(ctx context.Context, tx *sql.Tx, p post) error {
	now := f.now()
	_, err := tx.ExecContext(ctx, `UPDATE posts SET note = '', items = '[]', due = 0, deleted = $1 WHERE id = $2 AND deleted = 0`, now.UnixMilli(), p.ID)
	if err != nil {
		return err
	}
	inboxes, err := f.toldOfPost(ctx, tx, p)
	if err != nil {
		return err
	}
	// What is still to be sent would tell of what has just been taken back.
	_, err = tx.ExecContext(ctx, `DELETE FROM deliveries WHERE activity IN ($1, $2, $3)`, activityID("create", p.ID), activityID("announce", p.ID),
		activityID("update-note", p.ID, p.Note.Updated))
	if err != nil {
		return err
	}
	id := activityID("delete-note", p.ID)
	return f.queue(ctx, tx, outgoing{id: id, actor: p.Actor, inboxes: inboxes, body: newNoteDelete(f.addr().Activity(id), p, now, f.addr())})
}

// toldOfPost returns the inboxes that a post may have reached: those of the playlist's followers, also of those who wait
// for approval now, and of the account's when it announced the post.
func (f *Federation) toldOfPost(ctx context.Context, tx *sql.Tx, p post) ([]string, error) {
	inboxes, err := allInboxes(ctx, tx, p.Actor)
	if err != nil || p.Announced == "" {
		return append(inboxes, p.Inbox), err
	}
	more, err := acceptedInboxes(ctx, tx, p.Announced)
	return append(append(inboxes, p.Inbox), more...), err
}

// newNoteUpdate says that a post was corrected. Mastodon wants an `updated` newer than what it has.
func newNoteUpdate(id string, n noteDocument) activityDocument {
	d := newCreate(id, n)
	d.Type, d.Published = "Update", n.Updated
	return d
}

// newNoteDelete says that a post is gone.
func newNoteDelete(id string, p post, at time.Time, a Addresses) activityDocument {
	object := newTombstone(a.Note(p.ID), "Note", at)
	object.Context = nil
	d := newActivityDocument("Delete", id, a.Actor(p.Actor), object, p.Note.To...)
	d.CC, d.Published = p.Note.CC, dateTime(at)
	return d
}
