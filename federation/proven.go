package federation

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/songferry/songferry/playlists"
)

// proof is that a fediverse account is an account's.
type proof struct {
	account      playlists.ID
	to           recipient
	since, muted time.Time
}

const proofColumns = `account_id, actor, handle, page, inbox, since, muted`

func scanProof(row playlists.Scanner) (p proof, err error) {
	var since, muted int64
	err = row.Scan(&p.account, &p.to.actor, &p.to.handle, &p.to.page, &p.to.inbox, &since, &muted)
	p.since, p.muted = playlists.FromMillis(since), playlists.FromMillis(muted)
	return p, err
}

// proofOf looks one up; where is never text from outside.
func (f *Federation) proofOf(ctx context.Context, where string, value any) (p proof, ok bool, err error) {
	p, err = scanProof(f.db.QueryRowContext(ctx, `SELECT `+proofColumns+` FROM proven WHERE `+where, value))
	if errors.Is(err, sql.ErrNoRows) {
		return proof{}, false, nil
	}
	return p, err == nil, err
}

// provenAccount returns the fediverse account of an account, as far as one is proven. It asks nobody.
func (f *Federation) provenAccount(ctx context.Context, account playlists.ID) (RemoteActor, bool, error) {
	p, ok, err := f.proofOf(ctx, `account_id = $1`, account)
	if !ok || err != nil {
		return RemoteActor{}, false, err
	}
	a, _, err := f.storedActor(ctx, `id = $1`, p.to.actor)
	if errors.Is(err, sql.ErrNoRows) {
		h, err := ParseHandle(p.to.handle)
		return RemoteActor{ID: p.to.actor, Type: "Person", Handle: h.User, URL: p.to.page, Inbox: p.to.inbox}, err == nil, err
	}
	return a, err == nil, err
}

// ProvenHandle returns the handle of the fediverse account that is proven to be an account's, "" when none is.
func (f *Federation) ProvenHandle(ctx context.Context, account playlists.ID) (string, error) {
	p, _, err := f.proofOf(ctx, `account_id = $1`, account)
	return p.to.handle, err
}

// addressNow brings a proof's address up to date, at most once a day. An account that is gone or has moved ends it; ok is
// false then.
func (f *Federation) addressNow(ctx context.Context, p *proof) (ok bool, err error) {
	a, err := f.remoteActor(ctx, p.to.actor)
	switch {
	case playlists.CodeOf(err) == playlists.Gone, err == nil && a.MovedTo != "":
		return false, f.endProof(ctx, p.to.actor)
	case err != nil || a.Inbox == "":
		return true, ctx.Err() // what we have must do
	}
	p.to.inbox = a.Inbox
	_, err = f.db.ExecContext(ctx, `UPDATE proven SET inbox = $1 WHERE actor = $2 AND inbox <> $1`, a.Inbox, p.to.actor)
	return true, err
}

// endProof: an account that was deleted or has moved is nobody's any more.
func (f *Federation) endProof(ctx context.Context, actor string) error {
	_, err := f.db.ExecContext(ctx, `DELETE FROM proven WHERE actor = $1`, actor)
	return err
}

// endProofWith: who blocks an account is not its proven account any more, and cannot become it by a code sent before. Of another actor of ours it says nothing.
func (f *Federation) endProofWith(ctx context.Context, publicID, actor string) error {
	a, err := f.store.AccountByPublicID(ctx, publicID)
	if err != nil {
		return ignoreNotFound(err)
	}
	if _, err := f.db.ExecContext(ctx, `DELETE FROM proven WHERE account_id = $1 AND actor = $2`, a.ID, actor); err != nil {
		return err
	}
	// Ended, not forgotten: who blocks one account here is not to get a message more from the next.
	_, err = f.db.ExecContext(ctx, `UPDATE proofs SET ended = $1 WHERE account_id = $2 AND actor = $3 AND ended = 0`, f.now().UnixMilli(), a.ID, actor)
	return err
}
