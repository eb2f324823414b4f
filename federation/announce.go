package federation

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"time"

	"github.com/songferry/songferry/playlists"
)

const (
	maxQuiet      = 10        // quiet times: so long may edits that never stop put off an Update
	announceAgain = time.Hour // after an announcement failed

	announceReader = "announce" // the name under which the journal is read
)

// AnnounceOnce reads the journal into announcements, and turns those that are due into activities with their
// deliveries. It returns how many changes and announcements it handled.
func (f *Federation) AnnounceOnce(ctx context.Context) (int, error) {
	if !f.public() {
		return 0, nil
	}
	n, err := f.store.Each(ctx, announceReader, playlists.Local, f.noteChange)
	if err != nil {
		return n, err
	}
	due, err := f.dueAnnouncements(ctx)
	if err != nil {
		return n, err
	}
	for _, a := range due {
		if err := f.announce(ctx, a); err != nil {
			f.log.Error("playlist not announced", "publication", a.publicID, "error", err)
			if err := f.postponeAnnouncement(ctx, a); err != nil {
				return n, err
			}
		}
		n++
	}
	return n, nil
}

// noteChange keeps that followers are to be told, or tells them at once of a withdrawal.
func (f *Federation) noteChange(ctx context.Context, c playlists.Change) error {
	switch c.Kind {
	case playlists.Withdrawn:
		return errors.Join(f.announceWithdrawal(ctx, c), f.noteForAccount(ctx, c))
	case playlists.Published, playlists.Widened:
		return errors.Join(f.noteAudience(ctx, c), f.noteForAccount(ctx, c))
	case playlists.Left:
		return f.announceDeparture(ctx, c)
	case playlists.Renamed:
		return f.noteRenamed(ctx, c.PublicID)
	case playlists.Content, playlists.Covered:
		pub, err := f.store.Publication(ctx, c.Playlist)
		if err != nil || !pub.Audience.Federated() {
			return err
		}
		return playlists.InTx(ctx, f.db, func(tx *sql.Tx) error { return f.schedule(ctx, tx, pub.PublicID) })
	}
	return nil
}

// schedule puts an announcement off until it has been quiet, but not for ever. It always moves the due time, by which
// announce knows that there are later news than what it has read.
func (f *Federation) schedule(ctx context.Context, tx *sql.Tx, publicID string) error {
	now := f.now().UnixMilli()
	_, err := tx.ExecContext(ctx, `INSERT INTO announcements (public_id, first, due) VALUES ($1, $2, $3)
		ON CONFLICT (public_id) DO UPDATE SET due = CASE WHEN excluded.due < announcements.first + $4 AND excluded.due <> announcements.due
			THEN excluded.due ELSE announcements.due - 1 END`,
		publicID, now, now+f.quiet.Milliseconds(), maxQuiet*f.quiet.Milliseconds())
	return err
}

// noteAudience acts on the beginning or the change of a publication's audience.
func (f *Federation) noteAudience(ctx context.Context, c playlists.Change) error {
	pub, err := f.store.PublicationByPublicID(ctx, c.PublicID)
	if err != nil || !pub.Live() || !pub.Audience.Federated() {
		return err
	}
	if c.Kind == playlists.Widened {
		if err := f.changeReaders(ctx, pub); err != nil {
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

// announcement is that followers of a publication are to be told of changes.
type announcement struct {
	publicID string
	first    int64 // when the first of the changes was made, unix milliseconds
	due      int64 // unix milliseconds; another one when there were more changes meanwhile
}

func (f *Federation) dueAnnouncements(ctx context.Context) ([]announcement, error) {
	return playlists.Collect(ctx, f.db, func(row playlists.Scanner) (a announcement, err error) {
		err = row.Scan(&a.publicID, &a.first, &a.due)
		return a, err
	}, `SELECT public_id, first, due FROM announcements WHERE due <= $1 ORDER BY due LIMIT 100`, f.now().UnixMilli())
}

// postponeAnnouncement makes room for the others: one that fails for good must not hold them up.
func (f *Federation) postponeAnnouncement(ctx context.Context, a announcement) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	_, err := f.db.ExecContext(ctx, `UPDATE announcements SET due = $1 WHERE public_id = $2`, f.now().Add(announceAgain).UnixMilli(), a.publicID)
	return err
}

// announce queues the Updates that tell followers to read a playlist again.
func (f *Federation) announce(ctx context.Context, a announcement) error {
	if acc, err := f.store.AccountByPublicID(ctx, a.publicID); err == nil {
		return f.announceAccount(ctx, a, acc)
	} else if !isNotFound(err) {
		return err
	}
	pub, err := f.store.PublicationByPublicID(ctx, a.publicID)
	if err != nil {
		return err
	}
	moved, err := f.movedAway(ctx, a.publicID)
	if err != nil {
		return err
	}
	if !pub.Live() || !pub.Audience.Federated() || moved != "" {
		_, err := f.db.ExecContext(ctx, `DELETE FROM announcements WHERE public_id = $1`, a.publicID)
		return err
	}
	actor, err := f.playlistActor(ctx, pub)
	if err != nil {
		return err
	}
	p, err := f.store.Get(ctx, pub.Playlist)
	if err != nil {
		return err
	}
	owner, err := f.store.Account(ctx, p.Owner)
	if err != nil {
		return err
	}
	updates := []outgoing{f.listUpdate(p, pub), f.actorUpdate(actor, owner, p, pub, a.first)}
	return playlists.InTx(ctx, f.db, func(tx *sql.Tx) error {
		inboxes, err := acceptedInboxes(ctx, tx, a.publicID)
		if err != nil {
			return err
		}
		if told, err := wasTold(ctx, tx, updates[1]); err != nil {
			return err
		} else if told {
			updates = updates[:1]
		}
		for _, u := range updates {
			u.inboxes = inboxes
			if err := f.queue(ctx, tx, u); err != nil {
				return err
			}
		}
		_, err = tx.ExecContext(ctx, `DELETE FROM announcements WHERE public_id = $1 AND due = $2`, a.publicID, a.due)
		return err
	})
}

// listUpdate makes bridges read the collection again. A version has one, also when it is announced twice.
func (f *Federation) listUpdate(p playlists.Playlist, pub playlists.Publication) outgoing {
	id := activityID("update", pub.PublicID, strconv.FormatInt(p.Revision, 10), strconv.FormatInt(pub.Changed.UnixMilli(), 10))
	return outgoing{id: id, actor: pub.PublicID, body: newUpdate(f.addr().Activity(id), p, pub, f.addr())}
}

// actorUpdate tells microblogs the actor's name, description and cover. Its id begins with what is told and ends with when,
// since a name that comes back is news again.
func (f *Federation) actorUpdate(actor actorDocument, owner playlists.Account, p playlists.Playlist, pub playlists.Publication, first int64) outgoing {
	id := activityID("update-actor", pub.PublicID, p.Name, p.Summary, string(pub.Audience), pub.Cover, owner.Name) + "-" + strconv.FormatInt(first, 36)
	return outgoing{id: id, actor: pub.PublicID, body: newActorUpdate(f.addr().Activity(id), actor, pub, f.addr())}
}
