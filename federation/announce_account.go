package federation

import (
	"context"
	"database/sql"
	"errors"
	"strconv"

	"github.com/songferry/songferry/playlists"
)

// noteForAccount acts on a playlist's publication, change of audience or withdrawal as far as its owner is concerned: the
// playlist may have been another one elsewhere, approvals may be true no longer, and the account's followers are to be
// told when the list of its public playlists may have changed.
func (f *Federation) noteForAccount(ctx context.Context, c playlists.Change) error {
	pub, err := f.store.PublicationByPublicID(ctx, c.PublicID)
	if err != nil || pub.Handle == "" {
		return err
	}
	acc, err := f.ownerOf(ctx, c.Playlist)
	if err != nil {
		return ignoreNotFound(err) // who was deleted since
	}
	if err := errors.Join(f.pairFormer(ctx, acc), f.reviewStamps(ctx, pub.PublicID)); err != nil {
		return err
	}
	if pub.Audience != playlists.Public && c.Kind != playlists.Widened {
		return nil
	}
	return playlists.InTx(ctx, f.db, func(tx *sql.Tx) error { return f.schedule(ctx, tx, acc.PublicID) })
}

// noteRenamed acts on the new name of an account, which stands in its actor and in those of its playlists.
func (f *Federation) noteRenamed(ctx context.Context, publicID string) error {
	actors, err := f.actorsOf(ctx, publicID)
	if err != nil {
		return err
	}
	return playlists.InTx(ctx, f.db, func(tx *sql.Tx) error {
		for _, id := range actors {
			if err := f.schedule(ctx, tx, id); err != nil {
				return err
			}
		}
		return nil
	})
}

// announceAccount tells the followers of an account that the list of its public playlists, or what it says of itself, is
// another one than they were last told. Whoever wants the list reads it.
func (f *Federation) announceAccount(ctx context.Context, a announcement, acc playlists.Account) error {
	moved, err := f.movedAway(ctx, acc.PublicID)
	if err != nil {
		return err
	}
	ids, err := f.publicActors(ctx, acc.ID)
	if err != nil {
		return err
	}
	person, err := f.accountDocument(ctx, acc)
	if err != nil {
		return err
	}
	updates := []outgoing{f.rosterUpdate(acc, ids, a.first), f.personUpdate(acc, person, a.first)}
	return playlists.InTx(ctx, f.db, func(tx *sql.Tx) error {
		inboxes, err := acceptedInboxes(ctx, tx, acc.PublicID)
		if err != nil {
			return err
		}
		for _, u := range updates {
			told, err := wasTold(ctx, tx, u)
			if err != nil {
				return err
			}
			if told || moved != "" || len(inboxes) == 0 {
				continue
			}
			u.inboxes = inboxes
			if err := f.queue(ctx, tx, u); err != nil {
				return err
			}
		}
		_, err = tx.ExecContext(ctx, `DELETE FROM announcements WHERE public_id = $1 AND due = $2`, a.publicID, a.due)
		return err
	})
}

// rosterUpdate makes bridges read the list of an account's playlists again. It carries the head of the collection only.
func (f *Federation) rosterUpdate(acc playlists.Account, publicIDs []string, first int64) outgoing {
	id := activityID("update-playlists", append([]string{acc.PublicID}, publicIDs...)...) + "-" + strconv.FormatInt(first, 36)
	head := rosterHead{ID: f.addr().ActorPlaylists(acc.PublicID), Type: "OrderedCollection", AttributedTo: f.addr().Actor(acc.PublicID), TotalItems: len(publicIDs)}
	d := newActivityDocument("Update", f.addr().Activity(id), head.AttributedTo, head, publicCollection)
	d.CC = []string{f.addr().Followers(acc.PublicID)}
	return outgoing{id: id, actor: acc.PublicID, body: d}
}

// rosterHead is the collection of an account's playlists without them.
type rosterHead struct {
	ID           string `json:"id"`
	Type         string `json:"type"`
	AttributedTo string `json:"attributedTo"`
	TotalItems   int    `json:"totalItems"`
}

func (f *Federation) personUpdate(acc playlists.Account, person actorDocument, first int64) outgoing {
	about := append([]string{acc.PublicID, person.Name, person.Summary, person.MovedTo}, person.AlsoKnownAs...)
	id := activityID("update-actor", about...) + "-" + strconv.FormatInt(first, 36)
	return outgoing{id: id, actor: acc.PublicID, body: newPersonUpdate(f.addr().Activity(id), person)}
}

// newPersonUpdate tells everybody what an account says of itself now.
func newPersonUpdate(id string, person actorDocument) activityDocument {
	d := actorChanged(id, person)
	d.To, d.CC = []string{publicCollection}, []string{person.Followers}
	return d
}
