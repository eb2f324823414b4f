package federation

import (
	"context"
	"database/sql"

	"github.com/songferry/songferry/playlists"
)

// announceDeparture tells everyone who knew an account that it is gone, and forgets what is kept of it. Its playlists were
// withdrawn before. Its key stays until that was delivered (forgetKeys).
func (f *Federation) announceDeparture(ctx context.Context, c playlists.Change) error {
	d, err := f.store.Departure(ctx, c.PublicID)
	if err != nil {
		return err
	}
	return playlists.InTx(ctx, f.db, func(tx *sql.Tx) error {
		if d.Named {
			inboxes, err := knewOf(ctx, tx, d)
			if err != nil {
				return err
			}
			id := activityID("delete", d.PublicID)
			err = f.queue(ctx, tx, outgoing{id: id, actor: d.PublicID, inboxes: inboxes, body: newPersonDelete(f.addr().Activity(id), d, f.addr())})
			if err != nil {
				return err
			}
		}
		return forgetAccount(ctx, tx, d)
	})
}

// knewOf returns the inboxes of those who follow an account, wait to, or are followed by it, and its owner's own.
func knewOf(ctx context.Context, tx *sql.Tx, d playlists.Departure) ([]string, error) {
	return playlists.Texts(ctx, tx, `SELECT inbox FROM followers WHERE actor = $1 AND inbox <> ''
		UNION SELECT r.inbox FROM remote_actors r JOIN subscriptions s ON s.actor = r.id WHERE s.account_id = $2 AND s.state <> 'wanted' AND r.inbox <> ''
		UNION SELECT inbox FROM proven WHERE account_id = $2
		ORDER BY inbox`, d.PublicID, d.Account)
}

// forgetAccount deletes what is kept of an account. The Follows that it sent end when its wants do.
func forgetAccount(ctx context.Context, tx *sql.Tx, d playlists.Departure) error {
	if err := playlists.ExecEach(ctx, tx, d.PublicID,
		`DELETE FROM followers WHERE actor = $1`,
		`DELETE FROM announcements WHERE public_id = $1`,
		`DELETE FROM requests WHERE recipient = $1`,
		`DELETE FROM aliases WHERE actor = $1`,
		`DELETE FROM former_playlists WHERE account = $1`,
		`DELETE FROM moves WHERE actor = $1`,
		`DELETE FROM stamps WHERE actor = $1`,
		`DELETE FROM blocks_received WHERE actor = $1`,
	); err != nil {
		return err
	}
	return playlists.ExecEach(ctx, tx, d.Account,
		`DELETE FROM followers WHERE follower = $1`,                              // of others here
		`UPDATE posts SET account_id = '', announced = '' WHERE account_id = $1`, // withdrawn before; that they were there stays
		`DELETE FROM news_of_accounts WHERE account_id = $1`,
		`DELETE FROM proven WHERE account_id = $1`,
		`DELETE FROM proofs WHERE account_id = $1`,
	)
}

// forgetKeys deletes the keys of accounts that are gone and have nothing more to say.
func (f *Federation) forgetKeys(ctx context.Context) error {
	gone, err := f.store.Departures(ctx, f.now().Add(-KeepActors))
	for _, d := range gone {
		if err != nil || f.now().Sub(d.At) < day { // what they still have to say is being found out
			break
		}
		_, err = f.db.ExecContext(ctx, `DELETE FROM signing_keys WHERE actor = $1 AND NOT EXISTS
			(SELECT 1 FROM activities a JOIN deliveries d ON d.activity = a.id WHERE a.actor = $1)`, d.PublicID)
	}
	return err
}

// departed returns why there is no account with this public id: it was deleted, or there never was one that others knew.
func (f *Federation) departed(ctx context.Context, publicID string) error {
	d, err := f.store.Departure(ctx, publicID)
	switch {
	case err != nil && !isNotFound(err):
		return err
	case err == nil && d.Named && d.PublicID == publicID:
		return gone()
	}
	return notHere()
}

// publicIDOf returns the public id of an account, also of one that was deleted; "" when nobody knew it.
func (f *Federation) publicIDOf(ctx context.Context, account playlists.ID) (string, error) {
	a, err := f.store.Account(ctx, account)
	if !isNotFound(err) {
		return a.PublicID, err
	}
	d, err := f.store.Departure(ctx, string(account))
	if isNotFound(err) || !d.Named {
		return "", ignoreNotFound(err)
	}
	return d.PublicID, err
}

// newPersonDelete says that an account is gone, and with it all that its actor had.
func newPersonDelete(id string, gone playlists.Departure, a Addresses) activityDocument {
	actor := a.Actor(gone.PublicID)
	object := newTombstone(actor, "Person", gone.At)
	object.Context = nil
	d := newActivityDocument("Delete", id, actor, object, publicCollection)
	d.CC, d.Published = []string{a.Followers(gone.PublicID)}, dateTime(gone.At)
	return d
}
