package federation

import (
	"context"
	"database/sql"
	"errors"

	"github.com/songferry/songferry/playlists"
)

// actAnswer keeps what the actor that we asked to follow answered. Only the actor that was asked can answer.
func (f *Federation) actAnswer(ctx context.Context, e envelope) error {
	s, err := f.answered(ctx, e)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	yes := e.Type == "Accept"
	if err := f.store.GrantWants(ctx, s.account, s.playlist, yes); err != nil {
		return err
	}
	state := rejected
	if yes {
		state = accepted
	}
	if _, err := f.db.ExecContext(ctx, `UPDATE subscriptions SET state = $1, due = 0 WHERE follow_id = $2`, state, s.followID); err != nil {
		return err
	}
	if !yes {
		return nil
	}
	return f.refreshSoon(ctx, e.Actor)
}

// answered returns the subscription that an Accept or Reject is about; sql.ErrNoRows when we asked for nothing like it.
func (f *Federation) answered(ctx context.Context, e envelope) (subscription, error) {
	if kind, follow, _, ok := f.addr().Parse(e.ObjectID); ok && kind == activityAddress {
		s, err := f.subscription(ctx, `follow_id = $1 AND actor = $2`, follow, e.Actor)
		if err == nil && e.ObjectActor != "" && f.accountNamed(ctx, e.ObjectActor) != s.account {
			return s, sql.ErrNoRows // the id of ours in a Follow that is not
		}
		return s, err
	}
	if e.ObjectType != "Follow" {
		return subscription{}, sql.ErrNoRows
	}
	// Some servers answer with a Follow of their own making, without our id.
	return f.subscription(ctx, `account_id = $1 AND actor = $2`, string(f.accountNamed(ctx, e.ObjectActor)), e.Actor)
}

// accountNamed returns the account whose actor has this id, "" when there is none.
func (f *Federation) accountNamed(ctx context.Context, actor string) playlists.ID {
	kind, publicID, _, ok := f.addr().Parse(actor)
	if !ok || kind != actorAddress {
		return ""
	}
	a, err := f.store.AccountByPublicID(ctx, publicID)
	if err != nil {
		return "" // unknown here, or not to be known now: then the answer is dropped, and the slow clock heals it
	}
	return a.ID
}
