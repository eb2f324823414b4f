package federation

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"

	"github.com/songferry/songferry/playlists"
)

// State of a follower.
const (
	pending  = "pending"  // waits for the owner's approval
	accepted = "accepted" // is told of changes; also of a Follow that we sent
)

// Followers of one actor.
const (
	maxFollowers         = 200_000
	maxFollowersOfDomain = 50_000
)

// Follower is somebody who follows a published playlist or an account.
type Follower struct {
	Actor    string // last part of the id of our actor
	ID       string // the follower's actor id; of an account of this bridge, its ID
	Handle   string // @name@host, "" while it is not known
	Approved bool
	Page     bool // it has a page of its own, by direct message
}

type follower struct {
	actor, id, host, state, followID, follow, inbox string
}

const followerColumns = `actor, follower, host, state, follow_id, follow, inbox`

func scanFollowerRow(row playlists.Scanner) (w follower, err error) {
	err = row.Scan(&w.actor, &w.id, &w.host, &w.state, &w.followID, &w.follow, &w.inbox)
	return w, err
}

// keepFollower inserts or replaces a follower. One that is accepted stays so.
func (f *Federation) keepFollower(ctx context.Context, tx *sql.Tx, w follower) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO followers (`+followerColumns+`, at, domain) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (actor, follower) DO UPDATE SET follow_id = excluded.follow_id, follow = excluded.follow, inbox = excluded.inbox,
			state = CASE WHEN followers.state = 'accepted' THEN 'accepted' ELSE excluded.state END`,
		w.actor, w.id, w.host, w.state, w.followID, w.follow, w.inbox, f.now().UnixMilli(), domainOf(w.host))
	return err
}

// Followers returns who follows one of our actors, those waiting for approval first, at most 1,000.
func (f *Federation) Followers(ctx context.Context, actor string) ([]Follower, error) {
	all, err := playlists.Collect(ctx, f.db, scanFollower, `SELECT f.actor, f.follower, f.state, COALESCE(r.handle, '') FROM followers f
		LEFT JOIN remote_actors r ON r.id = f.follower WHERE f.actor = $1 ORDER BY f.state DESC, f.at LIMIT 1000`, actor)
	if err != nil {
		return nil, err
	}
	links, err := f.store.PersonalLinks(ctx, actor)
	for i := range all {
		all[i].Page = slices.ContainsFunc(links, func(l playlists.PersonalLink) bool { return l.Follower == all[i].ID })
	}
	return all, err
}

func scanFollower(row playlists.Scanner) (w Follower, err error) {
	var state, user string
	err = row.Scan(&w.Actor, &w.ID, &state, &user)
	if user != "" {
		w.Handle = RemoteActor{ID: w.ID, Handle: user}.fullHandle()
	}
	w.Approved = state == accepted
	return w, err
}

// Decide approves a follower of one of our actors, or removes it. An account of this bridge is told through its wants,
// everybody else by an Accept or Reject.
func (f *Federation) Decide(ctx context.Context, actor, id string, approve bool) error {
	w, err := scanFollowerRow(f.db.QueryRowContext(ctx, `SELECT `+followerColumns+` FROM followers WHERE actor = $1 AND follower = $2`, actor, id))
	if errors.Is(err, sql.ErrNoRows) {
		return playlists.Problemf(playlists.NotFound, nil, "%s does not follow it.", playlists.CleanText(id, 200))
	}
	if err != nil {
		return err
	}
	if err := f.grantLocal(ctx, w, approve); err != nil {
		return err
	}
	return playlists.InTx(ctx, f.db, func(tx *sql.Tx) error {
		if approve {
			return f.accept(ctx, tx, w)
		}
		return f.reject(ctx, tx, w)
	})
}

// grantLocal lets an account of this bridge see the playlist, or no longer; for others it does nothing.
func (f *Federation) grantLocal(ctx context.Context, w follower, granted bool) error {
	account, ok := f.localFollower(w)
	if !ok {
		return nil
	}
	pub, err := f.store.PublicationByPublicID(ctx, w.actor)
	if err != nil {
		return err
	}
	return f.store.GrantWants(ctx, account, pub.Playlist, granted)
}

// localFollower returns the account behind a follower of this bridge, which has no host.
func (f *Federation) localFollower(w follower) (playlists.ID, bool) {
	return playlists.ID(w.id), w.host == ""
}

// accept keeps the follower as accepted and queues the Accept, which embeds the Follow as it was received.
func (f *Federation) accept(ctx context.Context, tx *sql.Tx, w follower) error {
	w.state = accepted
	if err := f.keepFollower(ctx, tx, w); err != nil {
		return err
	}
	return f.reply(ctx, tx, w, "accept", newAccept)
}

// reject forgets the follower and queues the Reject.
func (f *Federation) reject(ctx context.Context, tx *sql.Tx, w follower) error {
	if err := f.removeFollower(ctx, tx, w.actor, w.id); err != nil {
		return err
	}
	return f.reply(ctx, tx, w, "reject", newReject)
}

func (f *Federation) reply(ctx context.Context, tx *sql.Tx, w follower, verb string, build func(id, actor, follower string, follow json.RawMessage) activityDocument) error {
	if w.inbox == "" {
		return nil
	}
	// A repeated Follow has its own id and gets its own answer; the same Follow delivered twice gets one.
	id := activityID(verb, w.actor, w.id, w.followID)
	return f.queue(ctx, tx, outgoing{id: id, actor: w.actor, inboxes: []string{w.inbox},
		body: build(f.addr().Activity(id), f.addr().Actor(w.actor), w.id, json.RawMessage(w.follow))})
}

// removeFollower forgets a follower, and ends the page that it had for itself.
func (f *Federation) removeFollower(ctx context.Context, tx *sql.Tx, actor, id string) error {
	if err := playlists.RevokePersonalLink(ctx, tx, actor, id); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `DELETE FROM followers WHERE actor = $1 AND follower = $2`, actor, id)
	return err
}

// acceptedInboxes returns the distinct inboxes of an actor's accepted followers. They are always in one order: two
// transactions that queue for the same new hosts in different ones would wait for each other (PostgreSQL's deadlock).
func acceptedInboxes(ctx context.Context, tx *sql.Tx, actor string) ([]string, error) {
	return playlists.Texts(ctx, tx, `SELECT DISTINCT inbox FROM followers WHERE actor = $1 AND state = 'accepted' AND inbox <> '' ORDER BY inbox`, actor)
}

// allInboxes returns the distinct inboxes of an actor's followers, those waiting for approval too.
func allInboxes(ctx context.Context, tx *sql.Tx, actor string) ([]string, error) {
	return playlists.Texts(ctx, tx, `SELECT DISTINCT inbox FROM followers WHERE actor = $1 AND inbox <> '' ORDER BY inbox`, actor)
}

// countFollowers returns the number of accepted followers of an actor.
func (f *Federation) countFollowers(ctx context.Context, actor string) (n int, err error) {
	err = f.db.QueryRowContext(ctx, `SELECT COUNT(*) FROM followers WHERE actor = $1 AND state = 'accepted'`, actor).Scan(&n)
	return n, err
}

// countOfDomain counts the followers in either of two states that an actor has from a follower's domain.
func countOfDomain(ctx context.Context, tx *sql.Tx, w follower, one, other string) (n int, err error) {
	err = tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM followers WHERE actor = $1 AND domain = $2 AND state IN ($3, $4)`,
		w.actor, domainOf(w.host), one, other).Scan(&n)
	return n, err
}

// mayRead reports whether a signer may read what is for an actor's approved followers: an approved follower itself, or
// the instance actor of one's host, which fetches for it.
func (f *Federation) mayRead(ctx context.Context, actor, signer, host string) (ok bool, err error) {
	var n int
	err = f.db.QueryRowContext(ctx, `SELECT COUNT(*) FROM followers WHERE actor = $1 AND state = 'accepted' AND (follower = $2
		OR (host = $3 AND EXISTS (SELECT 1 FROM remote_actors WHERE id = $2 AND type = 'Application')))`, actor, signer, host).Scan(&n)
	return n > 0, err
}
