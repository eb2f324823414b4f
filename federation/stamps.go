package federation

import (
	"context"
	"database/sql"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/songferry/songferry/playlists"
)

// What others ask one of our actors for, to show the approval to everybody as a stamp.
const (
	quoteStamp   = "quote"   // to quote a post of it (FEP-044f)
	featureStamp = "feature" // to list it in a collection of accounts (FEP-7aa9)
)

const (
	maxStamps    = 10_000 // of one actor; what is asked for beyond is refused
	stampsBatch  = 500    // looked at in one Tidy
	stampRecheck = 24 * time.Hour
)

// approval is what a stamp says: that an actor of ours lets somebody show something of it.
type stamp struct {
	id, kind string
	actor    string // ours
	target   string // last part of the id of the post or actor that is shown
	object   string // id of what shows it
	asker    string // actor id
	inbox    string
}

const stampColumns = `id, kind, actor, target, object, asker, inbox`

func scanStamp(row playlists.Scanner) (s stamp, err error) {
	err = row.Scan(&s.id, &s.kind, &s.actor, &s.target, &s.object, &s.asker, &s.inbox)
	return s, err
}

// newStamp is always the same for the same approval, so that asking again gives the same stamp.
func newStamp(kind, actor, target, object string) stamp {
	return stamp{id: activityID(kind, actor, target, object), kind: kind, actor: actor, target: target, object: object}
}

// quotable returns the last part of the id of the actor whose post note is, and whether everybody may quote it: it is
// public or unlisted. Without an actor, strangers are not to know whether there is such a post.
func (f *Federation) quotable(ctx context.Context, note string) (actor string, ok bool, err error) {
	p, err := f.postByID(ctx, note)
	if err != nil {
		return "", false, ignoreNotFound(err)
	}
	pub, err := f.federated(ctx, p.Actor)
	if err != nil || !pub.Audience.Open() {
		return "", false, ignoreNotFound(err)
	}
	return p.Actor, p.Deleted.IsZero(), nil
}

// featurable reports whether everybody may list an actor of ours in collections of accounts: a playlist that is public,
// or an account that has one.
func (f *Federation) featurable(ctx context.Context, publicID string) (bool, error) {
	pub, err := f.store.PublicationByPublicID(ctx, publicID)
	if err == nil {
		return pub.Live() && pub.Audience == playlists.Public, nil
	}
	if !isNotFound(err) {
		return false, err
	}
	acc, err := f.store.AccountByPublicID(ctx, publicID)
	if err != nil {
		return false, ignoreNotFound(err)
	}
	ids, err := f.publicActors(ctx, acc.ID)
	return len(ids) > 0, err
}

// stands reports whether an approval is still true.
func (f *Federation) stands(ctx context.Context, s stamp) (bool, error) {
	if s.kind == featureStamp {
		return f.featurable(ctx, s.target)
	}
	actor, ok, err := f.quotable(ctx, s.target)
	return ok && actor == s.actor, err
}

// stamp answers for an approval, as long as it is true.
func (f *Federation) stamp(r *http.Request) (document, error) {
	s, err := scanStamp(f.db.QueryRowContext(r.Context(), `SELECT `+stampColumns+` FROM stamps WHERE id = $1 AND actor = $2`,
		chi.URLParam(r, "stamp"), chi.URLParam(r, "id")))
	if errors.Is(err, sql.ErrNoRows) {
		return document{}, notHere()
	}
	if err != nil {
		return document{}, err
	}
	ok, err := f.stands(r.Context(), s)
	if err == nil && !ok {
		err = notHere()
	}
	return document{body: newStampDocument(s, f.addr())}, err
}

// keepStamp keeps an approval.
func (f *Federation) keepStamp(ctx context.Context, tx *sql.Tx, s stamp) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO stamps (`+stampColumns+`, checked, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8) ON CONFLICT (id) DO NOTHING`,
		s.id, s.kind, s.actor, s.target, s.object, s.asker, s.inbox, f.now().UnixMilli())
	return err
}

// stampsFull reports whether an actor has no room for another approval.
func (f *Federation) stampsFull(ctx context.Context, s stamp) (bool, error) {
	return f.any(ctx, `SELECT CASE WHEN COUNT(*) >= $1 THEN 1 ELSE 0 END FROM stamps WHERE actor = $2 AND id <> $3`, maxStamps, s.actor, s.id)
}

// reviewStamps revokes the approvals of an actor that are true no longer.
func (f *Federation) reviewStamps(ctx context.Context, actor string) error {
	all, err := playlists.Collect(ctx, f.db, scanStamp, `SELECT `+stampColumns+` FROM stamps WHERE actor = $1`, actor)
	if err != nil {
		return err
	}
	return f.review(ctx, all)
}

// tidyStamps reviews those that have not been looked at for longest: a post may be gone.
func (f *Federation) tidyStamps(ctx context.Context) error {
	old, err := playlists.Collect(ctx, f.db, scanStamp, `SELECT `+stampColumns+` FROM stamps WHERE checked < $1 ORDER BY checked LIMIT $2`,
		f.now().Add(-stampRecheck).UnixMilli(), stampsBatch)
	if err != nil {
		return err
	}
	return f.review(ctx, old)
}

// review revokes those of some approvals that are true no longer, and keeps that the others were looked at.
func (f *Federation) review(ctx context.Context, stamps []stamp) error {
	for batch := range slices.Chunk(stamps, stampsBatch) {
		ended := map[string]bool{}
		for _, s := range batch {
			ok, err := f.stands(ctx, s)
			if err != nil {
				return err
			}
			ended[s.id] = !ok
		}
		slices.SortFunc(batch, func(a, b stamp) int { return strings.Compare(a.inbox, b.inbox) }) // see acceptedInboxes
		err := playlists.InTx(ctx, f.db, func(tx *sql.Tx) error {
			for _, s := range batch {
				if err := f.keepReviewed(ctx, tx, s, ended[s.id]); err != nil {
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

func (f *Federation) keepReviewed(ctx context.Context, tx *sql.Tx, s stamp, ended bool) error {
	if ended {
		return f.revoke(ctx, tx, s)
	}
	_, err := tx.ExecContext(ctx, `UPDATE stamps SET checked = $1 WHERE id = $2`, f.now().UnixMilli(), s.id)
	return err
}

// revoke takes an approval back and tells who had asked for it (FEP-7aa9: Delete of the stamp).
func (f *Federation) revoke(ctx context.Context, tx *sql.Tx, s stamp) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM stamps WHERE id = $1`, s.id); err != nil {
		return err
	}
	id := activityID("revoke", s.id)
	return f.queue(ctx, tx, outgoing{id: id, actor: s.actor, inboxes: []string{s.inbox},
		body: newActivityDocument("Delete", f.addr().Activity(id), f.addr().Actor(s.actor), f.addr().Stamp(s.actor, s.id), s.asker)})
}
