package federation

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"time"

	"github.com/songferry/songferry/playlists"
)

// What a direct message can ask for.
const (
	askImport = "import" // copy a playlist once
	askFollow = "follow" // keep a copy in step
	askLink   = "link"   // a follower: a page of one's own
	askHelp   = "help"
	askList   = "list"  // how the copies stand
	askStop   = "stop"  // messages as answers only
	askStart  = "start" // all messages again
)

const (
	maxRequestsWaiting = 20  // of one sender
	maxRequestsOfDay   = 100 // of one sender
	KeepRequests       = 30 * day
	requestAttempts    = 5 // of what fails on our side
	requestLease       = 5 * time.Minute
)

// request is what somebody asked one of our actors for. Its row is first "asked", then "answered"; a playlist that was
// found is "copying" until its copy is written.
type request struct {
	id        string
	recipient string // last part of the id of our actor that was written to, which answers
	actor     string // who asked
	note      string // id of the message
	kind      string
	target    string
	want      playlists.ID
	at        time.Time
	lease     int64
	attempts  int
}

const requestColumns = `id, recipient, actor, note, kind, target, want_id, at, lease, attempts`

func scanRequest(row playlists.Scanner) (r request, err error) {
	var at int64
	err = row.Scan(&r.id, &r.recipient, &r.actor, &r.note, &r.kind, &r.target, &r.want, &at, &r.lease, &r.attempts)
	r.at = playlists.FromMillis(at)
	return r, err
}

// usefulMessage reports whether an activity is a direct message that somebody here has to act on. A stranger's is not.
func (f *Federation) usefulMessage(ctx context.Context, e envelope) (bool, error) {
	known, err := f.any(ctx, `SELECT (SELECT COUNT(*) FROM proven WHERE actor = $1) + (SELECT COUNT(*) FROM followers WHERE follower = $1 AND state = 'accepted')`, e.Actor)
	if !known || err != nil {
		return false, err
	}
	all, err := f.requestsIn(ctx, e)
	return len(all) > 0, err
}

// actMessage keeps what a direct message asks for. The same message asks once, however often it comes.
func (f *Federation) actMessage(ctx context.Context, e envelope) error {
	all, err := f.requestsIn(ctx, e)
	for _, r := range all {
		err = errors.Join(err, f.keepRequest(ctx, r))
	}
	return err
}

// requestsIn returns what an activity asks for, if it is a direct message by somebody who may ask.
func (f *Federation) requestsIn(ctx context.Context, e envelope) (all []request, err error) {
	m, ok := f.readMessage(e)
	if !ok || f.limited(hostOf(e.Actor)) {
		return nil, nil
	}
	for _, recipient := range m.to {
		owner, err := f.provenOwner(ctx, m.from, recipient)
		if err != nil {
			return nil, err
		}
		if owner.ID != "" {
			all = append(all, f.requestsOfOwner(m, owner)...)
			continue
		}
		if !m.says("link", "lien") {
			continue
		}
		readable, err := f.readableBy(ctx, m.from, recipient)
		if err != nil {
			return nil, err
		}
		if len(readable) > 0 {
			all = append(all, newRequest(m, recipient, askLink, "", 0))
		}
	}
	return all, nil
}

// provenOwner returns the account whose actor was written to, if the writer is proven to be its owner; else none.
func (f *Federation) provenOwner(ctx context.Context, actor, publicID string) (playlists.Account, error) {
	p, ok, err := f.proofOf(ctx, `actor = $1`, actor)
	if !ok || err != nil {
		return playlists.Account{}, err
	}
	a, err := f.store.Account(ctx, p.account)
	if err != nil || a.PublicID != publicID {
		return playlists.Account{}, err
	}
	return a, nil
}

// requestsOfOwner returns what the owner of an account asks its actor for: the playlists that the message names, else
// what it says in a word, else to be told what can be said.
func (f *Federation) requestsOfOwner(m directMessage, owner playlists.Account) (all []request) {
	recipient := owner.PublicID
	kind := askImport
	if m.says("follow", "sync", "suivre", "suis", "synchroniser") {
		kind = askFollow
	}
	for i, target := range m.targets(f.addr().Actor(recipient), Handle{owner.Handle, f.addr().Host()}) {
		all = append(all, newRequest(m, recipient, kind, target, i))
	}
	if len(all) > 0 {
		return all
	}
	for _, word := range []struct {
		kind string
		says []string
	}{{askStop, []string{"stop", "stopp", "arrête", "arrêter"}}, {askStart, []string{"start", "reprendre"}}, {askList, []string{"list", "liste", "status"}}} {
		if m.says(word.says...) {
			return []request{newRequest(m, recipient, word.kind, "", 0)}
		}
	}
	return []request{newRequest(m, recipient, askHelp, "", 0)}
}

func newRequest(m directMessage, recipient, kind, target string, n int) request {
	return request{id: activityID("answer", recipient, m.from, m.id, strconv.Itoa(n)), recipient: recipient, actor: m.from, note: m.id, kind: kind,
		target: target, want: playlists.NewID()}
}

// keepRequest keeps a request, unless it is there or its sender has asked for very much.
func (f *Federation) keepRequest(ctx context.Context, r request) error {
	now := f.now()
	var waiting, today int
	err := f.db.QueryRowContext(ctx, `SELECT COALESCE(SUM(CASE WHEN state <> 'answered' THEN 1 ELSE 0 END), 0), COALESCE(SUM(CASE WHEN at > $1 THEN 1 ELSE 0 END), 0)
		FROM requests WHERE actor = $2`, now.Add(-day).UnixMilli(), r.actor).Scan(&waiting, &today)
	if err != nil {
		return err
	}
	if waiting >= maxRequestsWaiting || today >= maxRequestsOfDay {
		f.log.Warn("too many direct messages, one was dropped", "host", hostOf(r.actor))
		return nil
	}
	_, err = f.db.ExecContext(ctx, `INSERT INTO requests (`+requestColumns+`, state, due) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0, 'asked', $8)
		ON CONFLICT (id) DO NOTHING`, r.id, r.recipient, r.actor, r.note, r.kind, r.target, r.want, now.UnixMilli())
	return err
}

// claimRequest leases the request that has waited longest; the zero request when none is due.
func (f *Federation) claimRequest(ctx context.Context) (request, error) {
	now := f.now()
	r, err := scanRequest(f.db.QueryRowContext(ctx, `UPDATE requests SET lease = $1 WHERE id = (
			SELECT id FROM requests WHERE state = 'asked' AND due <= $2 AND lease < $2 ORDER BY due LIMIT 1)
		AND lease < $2 RETURNING `+requestColumns, now.Add(requestLease).UnixMilli(), now.UnixMilli()))
	if errors.Is(err, sql.ErrNoRows) {
		return request{}, nil
	}
	return r, err
}

// postponeRequest: it failed on our side, so it is tried again.
func (f *Federation) postponeRequest(ctx context.Context, r request) error {
	due, _ := retryAt(r.attempts+1, f.now(), 0)
	_, err := f.db.ExecContext(ctx, `UPDATE requests SET lease = 0, attempts = attempts + 1, due = $1 WHERE id = $2 AND lease = $3`, due.UnixMilli(), r.id, r.lease)
	return err
}

// awaitCopy keeps that the answer waits until the copy is written.
func (f *Federation) awaitCopy(ctx context.Context, r request, want playlists.ID) error {
	_, err := f.db.ExecContext(ctx, `UPDATE requests SET state = 'copying', want_id = $1, lease = 0 WHERE id = $2 AND lease = $3 AND state = 'asked'`, want, r.id, r.lease)
	return err
}

// answerRequest answers and keeps that it did, in one transaction: one answer, whatever is repeated.
func (f *Federation) answerRequest(ctx context.Context, r request, to recipient, language string, paragraphs ...string) error {
	return playlists.InTx(ctx, f.db, func(tx *sql.Tx) error {
		done, err := tx.ExecContext(ctx, `UPDATE requests SET state = 'answered', lease = 0 WHERE id = $1 AND state <> 'answered'`, r.id)
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); n == 0 || err != nil || len(paragraphs) == 0 {
			return err
		}
		return f.postLetter(ctx, tx, letter{id: r.id, from: r.recipient, to: to, inReplyTo: r.note, language: language, paragraphs: paragraphs})
	})
}
