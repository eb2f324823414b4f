package federation

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/codes"
)

// ProveBegin sends a code to a fediverse account, by direct message from the account's actor. Whoever can read it there
// and gives it to ProveFinish has proven that both are theirs. It returns the handle that the message goes to.
func (f *Federation) ProveBegin(ctx context.Context, account playlists.ID, handle string) (string, error) {
	if !f.public() {
		return "", playlists.Problemf(playlists.Invalid, nil, "This bridge has no public address, so it cannot write to anybody. An administrator has to give it one first.")
	}
	a, err := f.accountWithHandle(ctx, account)
	if err != nil {
		return "", err
	}
	if err := f.mayAskForCode(ctx, account); err != nil {
		return "", err
	}
	remote, h, err := f.provable(ctx, handle)
	if err != nil {
		return "", err
	}
	to := recipientOf(remote)
	to.handle = h.String()
	return to.handle, f.sendCode(ctx, a, to)
}

// mayAskForCode refuses an account that had many codes sent of late. It costs no request to anybody.
func (f *Federation) mayAskForCode(ctx context.Context, account playlists.ID) error {
	many, err := f.any(ctx, `SELECT CASE WHEN COUNT(*) >= $1 THEN 1 ELSE 0 END FROM proofs WHERE account_id = $2 AND at > $3`,
		codes.OfAccount, account, f.now().Add(-codes.Day).UnixMilli())
	if err == nil && many {
		err = codes.TooManyOf()
	}
	return err
}

// provable returns the account of a person elsewhere that a handle stands for, as its own server shows it now.
func (f *Federation) provable(ctx context.Context, handle string) (RemoteActor, Handle, error) {
	h, err := ParseHandle(handle)
	if err != nil {
		return RemoteActor{}, h, err
	}
	if f.isOwnHost(h.Host) {
		return RemoteActor{}, h, playlists.Problemf(playlists.Invalid, nil, "%s is of this bridge. Name your account on Mastodon or another server of the fediverse.", h)
	}
	id, err := f.client.WebFinger(ctx, handle)
	if err != nil {
		return RemoteActor{}, h, err
	}
	if err := f.policy.AllowsActor(id); err != nil {
		return RemoteActor{}, h, err
	}
	a, err := f.fetchActor(ctx, id)
	switch {
	case err != nil:
		return RemoteActor{}, h, err
	case a.Inbox == "":
		return RemoteActor{}, h, playlists.Problemf(playlists.Invalid, nil, "%s takes no messages.", h)
	case a.MovedTo != "":
		return RemoteActor{}, h, playlists.Problemf(playlists.Invalid, nil, "%s has moved to another account. Name that one.", h)
	}
	return a, h, nil
}

// sendCode keeps a code and queues the message that carries it, unless its receiver had several or does not want any.
func (f *Federation) sendCode(ctx context.Context, a playlists.Account, to recipient) error {
	blocked, err := f.hasBlocked(ctx, to.actor, a.PublicID)
	if err != nil {
		return err
	}
	if blocked {
		return playlists.Problemf(playlists.Forbidden, nil, "%s has blocked @%s of this bridge, so nothing more is sent there.", to.handle, a.Handle)
	}
	code, err := codes.New()
	if err != nil {
		return err
	}
	now, id := f.now(), string(playlists.NewID())
	return playlists.InTx(ctx, f.db, func(tx *sql.Tx) error {
		if err := mayWriteTo(ctx, tx, to, now); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE proofs SET ended = $1 WHERE account_id = $2 AND ended = 0`, now.UnixMilli(), a.ID); err != nil {
			return err
		}
		// A million codes are tried in no time, so a hash would hide nothing: it is sealed.
		_, err := tx.ExecContext(ctx, `INSERT INTO proofs (id, account_id, actor, handle, code, tries, at, ended) VALUES ($1, $2, $3, $4, $5, 0, $6, 0)`,
			id, a.ID, to.actor, to.handle, f.key.Seal([]byte(code), proofLabel(id)), now.UnixMilli())
		if err != nil {
			return err
		}
		return f.postLetter(ctx, tx, letter{id: activityID("code", id), from: a.PublicID, to: to, language: a.Language,
			paragraphs: codeWords(a, f.addr().Host(), code)})
	})
}

// mayWriteTo is asked in the transaction that writes, so that two who ask at once do not both find room.
func mayWriteTo(ctx context.Context, tx *sql.Tx, to recipient, now time.Time) error {
	var sent int
	err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM proofs WHERE at > $1 AND actor = $2`, now.Add(-codes.Day).UnixMilli(), to.actor).Scan(&sent)
	switch {
	case err != nil:
		return err
	case sent >= codes.ToOne:
		return codes.TooManyTo(to.handle)
	}
	return nil
}

func proofLabel(id string) string { return "proof:" + id }

// ProveFinish takes the code that ProveBegin sent. From then on the fediverse account is the account's: it gets its
// news, and its direct messages are acted on. It returns the account's handle.
func (f *Federation) ProveFinish(ctx context.Context, account playlists.ID, code string) (handle string, err error) {
	a, err := f.accountWithHandle(ctx, account)
	if err != nil {
		return "", err
	}
	id, actor, handle, err := f.checkCode(ctx, account, code)
	if err != nil {
		return "", err
	}
	remote, err := f.knownActor(ctx, actor)
	if err != nil {
		return "", err
	}
	to := recipientOf(remote)
	to.handle = handle
	return handle, playlists.InTx(ctx, f.db, func(tx *sql.Tx) error {
		if err := f.keepProof(ctx, tx, a, to); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE proofs SET ended = $1 WHERE id = $2`, f.now().UnixMilli(), id); err != nil {
			return err
		}
		return f.postLetter(ctx, tx, letter{id: activityID("welcome", id), from: a.PublicID, to: to, language: a.Language, paragraphs: welcomeWords(a.Language)})
	})
}

// checkCode counts a try and compares. The count is kept before anybody can know whether the try was right.
func (f *Federation) checkCode(ctx context.Context, account playlists.ID, code string) (id, actor, handle string, err error) {
	var sealed []byte
	err = f.db.QueryRowContext(ctx, `UPDATE proofs SET tries = tries + 1 WHERE account_id = $1 AND ended = 0 AND at > $2 AND tries < $3
		RETURNING id, actor, handle, code`, account, f.now().Add(-codes.Life).UnixMilli(), codes.Tries).Scan(&id, &actor, &handle, &sealed)
	if errors.Is(err, sql.ErrNoRows) {
		return "", "", "", codes.None()
	}
	if err != nil {
		return "", "", "", err
	}
	right, err := f.key.Open(sealed, proofLabel(id))
	if err != nil {
		return "", "", "", err
	}
	if !codes.Same(right, code) {
		return "", "", "", codes.Wrong(handle)
	}
	return id, actor, handle, nil
}

// keepProof keeps the fediverse account of an account, in place of an earlier one. It is nobody else's here: a direct
// message must lead to one account.
func (f *Federation) keepProof(ctx context.Context, tx *sql.Tx, a playlists.Account, to recipient) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM proven WHERE account_id = $1`, a.ID); err != nil {
		return err
	}
	r, err := tx.ExecContext(ctx, `INSERT INTO proven (account_id, actor, handle, page, inbox, since, muted) VALUES ($1, $2, $3, $4, $5, $6, 0)
		ON CONFLICT DO NOTHING`, a.ID, to.actor, to.handle, to.page, to.inbox, f.now().UnixMilli())
	if err != nil {
		return err
	}
	if n, err := r.RowsAffected(); n > 0 || err != nil {
		return err
	}
	return playlists.Problemf(playlists.Forbidden, nil, "%s belongs to another account of this bridge, and messages from it must lead to one. That account has to forget it first.", to.handle)
}

// ProveForget ends that a fediverse account is an account's.
func (f *Federation) ProveForget(ctx context.Context, account playlists.ID) error {
	r, err := f.db.ExecContext(ctx, `DELETE FROM proven WHERE account_id = $1`, account)
	if err != nil {
		return err
	}
	if n, err := r.RowsAffected(); n > 0 || err != nil {
		return err
	}
	return playlists.Problemf(playlists.NotFound, nil, "No fediverse account is proven to be this account's.")
}
