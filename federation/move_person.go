package federation

import (
	"cmp"
	"context"
	"database/sql"

	"github.com/songferry/songferry/playlists"
)

// movePersonAsTold does what a person asked for by their Move. A claim that the other side does not confirm is dropped.
func (f *Federation) movePersonAsTold(ctx context.Context, r roster) error {
	moved, err := f.movePerson(ctx, r, r.movedTo)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case moved:
		return nil
	case passes(err, r.attempts+1):
		return f.releaseRoster(ctx, r, rosterReading{notModified: true}, err)
	}
	f.log.Info("followed person does not move", "host", hostOf(r.person), "error", err)
	_, err = f.db.ExecContext(ctx, `UPDATE rosters SET moved_to = '', lease = 0, attempts = 0 WHERE person = $1 AND lease = $2`, r.person, r.lease)
	return err
}

// movePerson follows a person to whom they say to have become, for everybody here. Their playlists move one by one, each
// by its own word. The new Follow is sent and the old one taken back by SubscribeOnce.
func (f *Federation) movePerson(ctx context.Context, r roster, target string) (moved bool, err error) {
	if !f.rested(r.moved) {
		return false, errMovedLately
	}
	if f.isOwnHost(hostOf(target)) {
		return f.movePersonHere(ctx, r, target)
	}
	a, err := f.successor(ctx, r.person, target)
	if err != nil {
		return false, err
	}
	if err := f.wantRoster(ctx, a.ID); err != nil {
		return false, err
	}
	if _, err := f.db.ExecContext(ctx, `UPDATE rosters SET moved = $1, moved_to = '' WHERE person = $2`, f.now().UnixMilli(), a.ID); err != nil {
		return false, err
	}
	if err := f.store.MovePerson(ctx, r.person, playlists.Remote, a.ID); err != nil {
		return false, err
	}
	if err := f.store.NamePerson(ctx, a.ID, a.label(), a.fullHandle()); err != nil {
		return false, err
	}
	f.log.Info("followed person moved", "from", hostOf(r.person), "to", hostOf(a.ID))
	return true, f.forgetRoster(ctx, r.person)
}

func (f *Federation) movePersonHere(ctx context.Context, r roster, target string) (bool, error) {
	publicID, err := f.formerly(ctx, r.person, target)
	if err != nil {
		return false, err
	}
	account, err := f.store.AccountByPublicID(ctx, publicID)
	if err != nil {
		return false, err
	}
	if waits, err := f.awaitsMoveHere(ctx, account); waits || err != nil {
		return false, cmp.Or(err, errAwaitsMove)
	}
	if err := f.store.MovePerson(ctx, r.person, playlists.Local, string(account.ID)); err != nil {
		return false, err
	}
	if err := f.store.NamePerson(ctx, string(account.ID), account.Name, Handle{account.Handle, f.addr().Host()}.String()); err != nil {
		return false, err
	}
	return true, f.forgetRoster(ctx, r.person)
}

// awaitsMoveHere reports whether a playlist that an account here has is one that is followed under its former address: it
// moves before its owner, else who follows both would have it twice.
func (f *Federation) awaitsMoveHere(ctx context.Context, account playlists.Account) (bool, error) {
	lists, err := f.store.List(ctx, account.ID)
	if err != nil {
		return false, err
	}
	waits := false
	for _, l := range lists {
		if !l.Publication.Live() {
			continue
		}
		aliases, err := f.aliasesOf(ctx, l.Publication.PublicID)
		if err != nil {
			return false, err
		}
		one, err := f.awaitsMove(ctx, RemoteActor{ID: f.addr().Actor(l.Publication.PublicID), AlsoKnownAs: aliases})
		if err != nil {
			return false, err
		}
		waits = waits || one
	}
	return waits, nil
}

func (f *Federation) forgetRoster(ctx context.Context, person string) error {
	return playlists.InTx(ctx, f.db, func(tx *sql.Tx) error {
		for _, forget := range []string{`DELETE FROM rosters WHERE person = $1`, `DELETE FROM roster_playlists WHERE person = $1`} {
			if _, err := tx.ExecContext(ctx, forget, person); err != nil {
				return err
			}
		}
		return nil
	})
}
