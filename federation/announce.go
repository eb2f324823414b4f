package federation

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"github.com/songferry/songferry/playlists"
)

// maxQuiet bounds how long edits that never stop may put off an Update, in quiet times.
const maxQuiet = 10

// AnnounceOnce reads the journal into announcements, and turns those that are due into activities with their
// deliveries. It returns how many changes and announcements it handled.
func (f *Federation) AnnounceOnce(ctx context.Context) (int, error) {
	if !f.public {
		return 0, nil
	}
	n, err := f.store.Each(ctx, "announce", playlists.Local, f.noteChange)
	if err != nil {
		return n, err
	}
	due, err := f.dueAnnouncements(ctx)
	if err != nil {
		return n, err
	}
	for _, publicID := range due {
		if err := f.announce(ctx, publicID); err != nil {
			return n, fmt.Errorf("announce %s: %w", publicID, err)
		}
		n++
	}
	return n, nil
}

// noteChange keeps that followers are to be told, or tells them at once of a withdrawal.
func (f *Federation) noteChange(ctx context.Context, c playlists.Change) error {
	switch c.Kind {
	case playlists.Withdrawn:
		return f.announceWithdrawal(ctx, c)
	case playlists.Published, playlists.Widened:
		return f.noteAudience(ctx, c)
	case playlists.Content:
		pub, err := f.store.Publication(ctx, c.Playlist)
		if err != nil || !pub.Audience.Federated() {
			return err
		}
		return playlists.InTx(ctx, f.db, func(tx *sql.Tx) error { return f.schedule(ctx, tx, pub.PublicID) })
	}
	return nil
}

// schedule puts an announcement off until it has been quiet, but not for ever.
func (f *Federation) schedule(ctx context.Context, tx *sql.Tx, publicID string) error {
	now := f.now().UnixMilli()
	_, err := tx.ExecContext(ctx, `INSERT INTO announcements (public_id, first, due) VALUES ($1, $2, $3)
		ON CONFLICT (public_id) DO UPDATE SET due = CASE WHEN excluded.due < announcements.first + $4 THEN excluded.due ELSE announcements.first + $4 END`,
		publicID, now, now+f.quiet.Milliseconds(), maxQuiet*f.quiet.Milliseconds())
	return err
}

// noteAudience acts on the beginning or the change of a publication's audience.
func (f *Federation) noteAudience(ctx context.Context, c playlists.Change) error {
	pub, err := f.store.PublicationByPublicID(ctx, c.PublicID)
	if err != nil || !pub.Live() || !pub.Audience.Federated() {
		return err
	}
	if pub.Audience == playlists.Followers && c.Kind == playlists.Widened {
		if err := f.askAgain(ctx, pub); err != nil {
			return err
		}
	}
	return playlists.InTx(ctx, f.db, func(tx *sql.Tx) error {
		if err := f.freezeOrigin(ctx, tx); err != nil {
			return err
		}
		return f.schedule(ctx, tx, pub.PublicID)
	})
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

func (f *Federation) dueAnnouncements(ctx context.Context) ([]string, error) {
	return texts(ctx, f.db, `SELECT public_id FROM announcements WHERE due <= $1 ORDER BY due LIMIT 100`, f.now().UnixMilli())
}

// announce queues the Updates that tell followers to read a playlist again.
func (f *Federation) announce(ctx context.Context, publicID string) error {
	pub, err := f.store.PublicationByPublicID(ctx, publicID)
	if err != nil {
		return err
	}
	if !pub.Live() || !pub.Audience.Federated() {
		_, err := f.db.ExecContext(ctx, `DELETE FROM announcements WHERE public_id = $1`, publicID)
		return err
	}
	updates, err := f.updates(ctx, pub)
	if err != nil {
		return err
	}
	return playlists.InTx(ctx, f.db, func(tx *sql.Tx) error {
		inboxes, err := acceptedInboxes(ctx, tx, publicID)
		if err != nil {
			return err
		}
		for _, u := range updates {
			u.inboxes = inboxes
			if err := f.queue(ctx, tx, u); err != nil {
				return err
			}
		}
		_, err = tx.ExecContext(ctx, `DELETE FROM announcements WHERE public_id = $1`, publicID)
		return err
	})
}

// updates returns the Update of the actor (microblogs show its name) and of the collection (bridges read it again).
// Their ids follow from what they tell, so that the same news has the same ids after a crash.
func (f *Federation) updates(ctx context.Context, pub playlists.Publication) ([]outgoing, error) {
	p, err := f.store.Get(ctx, pub.Playlist)
	if err != nil {
		return nil, err
	}
	actor, err := f.playlistActor(ctx, pub)
	if err != nil {
		return nil, err
	}
	named, err := f.store.NamedSince(ctx, p)
	if err != nil {
		return nil, err
	}
	changed := pub.Changed.UnixMilli()
	actorID := activityID("update-actor", pub.PublicID, fmt.Sprint(named), fmt.Sprint(changed))
	listID := activityID("update", pub.PublicID, fmt.Sprintf("%d.%d", p.Revision, changed))
	return []outgoing{
		{id: actorID, actor: pub.PublicID, body: newActorUpdate(f.addr.Activity(actorID), actor, pub, f.addr)},
		{id: listID, actor: pub.PublicID, body: newUpdate(f.addr.Activity(listID), p, pub, f.addr)},
	}, nil
}

// announceWithdrawal tells everyone who was told that the playlist is gone, and forgets them.
func (f *Federation) announceWithdrawal(ctx context.Context, c playlists.Change) error {
	pub, err := f.store.PublicationByPublicID(ctx, c.PublicID)
	if err != nil || pub.Live() || pub.Handle == "" {
		return err
	}
	return playlists.InTx(ctx, f.db, func(tx *sql.Tx) error {
		inboxes, err := allInboxes(ctx, tx, pub.PublicID)
		if err != nil {
			return err
		}
		id := activityID("delete", pub.PublicID)
		if err := f.queue(ctx, tx, outgoing{id: id, actor: pub.PublicID, inboxes: inboxes,
			body: newDelete(f.addr.Activity(id), pub, pub.Retired, f.addr)}); err != nil {
			return err
		}
		for _, forget := range []string{`DELETE FROM followers WHERE actor = $1`, `DELETE FROM announcements WHERE public_id = $1`} {
			if _, err := tx.ExecContext(ctx, forget, pub.PublicID); err != nil {
				return err
			}
		}
		return nil
	})
}

// activityID is the last part of an activity's id: the same for the same news, and no guide to any other.
func activityID(verb string, about ...string) string {
	sum := sha256.Sum256([]byte(verb + "\x00" + strings.Join(about, "\x00")))
	return verb + "-" + hex.EncodeToString(sum[:16])
}

// isNotFound reports whether err says that something is not, or no longer, here.
func isNotFound(err error) bool {
	code := playlists.CodeOf(err)
	return code == playlists.NotFound || code == playlists.Gone || errors.Is(err, sql.ErrNoRows)
}

// newActorUpdate tells microblogs of an actor's new name or description.
func newActorUpdate(id string, actor actorDocument, pub playlists.Publication, a Addresses) activityDocument {
	context := actor.Context
	actor.Context = nil
	d := newActivityDocument("Update", id, a.Actor(pub.PublicID), actor)
	d.Context = context // the actor's words need it
	d.To, d.CC = audience(pub, a)
	return d
}
