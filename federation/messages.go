package federation

import (
	"context"
	"errors"
	"time"

	"github.com/songferry/songferry/playlists"
)

const (
	patience     = 5 * time.Minute // with a copy that fails: it may pass
	longPatience = time.Hour       // with a copy that nobody has begun
	copyBatch    = 500             // requests looked at in one turn
	maxListedOf  = 20              // copies that an answer lists
)

// MessagesOnce tells people their notices by direct message, and works on what they asked for by one. It returns how many
// messages and requests it handled.
func (f *Federation) MessagesOnce(ctx context.Context) (n int, err error) {
	if !f.public() {
		return 0, nil
	}
	for _, once := range []func(context.Context) (int, error){f.tellNotices, f.answerCopies, f.workOnRequest} {
		done, failure := once(ctx)
		n, err = n+done, errors.Join(err, failure)
	}
	return n, err
}

// workOnRequest takes the request that has waited longest, and returns 1, or 0 when none is due.
func (f *Federation) workOnRequest(ctx context.Context) (int, error) {
	r, err := f.claimRequest(ctx)
	if r.id == "" || err != nil {
		return 0, err
	}
	failure := f.work(ctx, r)
	if ctx.Err() != nil {
		return 0, ctx.Err()
	}
	if failure == nil {
		return 1, nil
	}
	f.log.Error("direct message not worked on", "request", r.id, "attempt", r.attempts+1, "error", failure)
	if r.attempts+1 < requestAttempts {
		return 1, f.postponeRequest(ctx, r)
	}
	return 1, f.apologise(ctx, r)
}

// apologise ends a request that fails again and again on our side.
func (f *Federation) apologise(ctx context.Context, r request) error {
	p, ok, err := f.proofOf(ctx, `actor = $1`, r.actor)
	if err != nil {
		return err
	}
	owner, err := f.provenOwner(ctx, r.actor, r.recipient)
	if err != nil || !ok || owner.ID == "" {
		return errors.Join(err, f.answerRequest(ctx, r, recipient{}, ""))
	}
	return f.answerRequest(ctx, r, p.to, owner.Language, sorryWords(owner.Language)...)
}

// work does what a request asks for and answers, if its sender may still ask: much may have happened since it came.
func (f *Federation) work(ctx context.Context, r request) error {
	if f.policy.AllowsActor(r.actor) != nil || f.limited(hostOf(r.actor)) {
		return f.answerRequest(ctx, r, recipient{}, "")
	}
	if r.kind == askLink {
		return f.workOnLink(ctx, r)
	}
	owner, err := f.provenOwner(ctx, r.actor, r.recipient)
	if err != nil {
		return err
	}
	p, ok, err := f.proofOf(ctx, `account_id = $1`, string(owner.ID))
	if err != nil {
		return err
	}
	if ok {
		ok, err = f.addressNow(ctx, &p)
	}
	if !ok || err != nil {
		return errors.Join(err, f.answerRequest(ctx, r, recipient{}, ""))
	}
	return f.workFor(ctx, r, owner, p)
}

func (f *Federation) workFor(ctx context.Context, r request, owner playlists.Account, p proof) error {
	var words []string
	var err error
	switch r.kind {
	case askImport, askFollow:
		words, err = f.bring(ctx, r, owner)
		if len(words) == 0 || err != nil {
			return err // answered when the copy is written
		}
	case askStop, askStart:
		words, err = muteWords(owner.Language, r.kind == askStop), f.mute(ctx, owner.ID, r.kind == askStop)
	case askList:
		words, err = f.listCopies(ctx, owner)
	default:
		words = helpWords(owner.Language)
	}
	if err != nil {
		return err
	}
	return f.answerRequest(ctx, r, p.to, owner.Language, words...)
}

// mute keeps whether the owner of a proven account wants messages as answers only.
func (f *Federation) mute(ctx context.Context, account playlists.ID, muted bool) error {
	var since int64
	if muted {
		since = f.now().UnixMilli()
	}
	_, err := f.db.ExecContext(ctx, `UPDATE proven SET muted = $1, since = CASE WHEN CAST($1 AS BIGINT) = 0 AND muted > 0 THEN $2 ELSE since END WHERE account_id = $3`,
		since, f.now().UnixMilli(), account)
	return err
}
