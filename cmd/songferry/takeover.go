package main

import (
	"context"
	"time"

	"github.com/gofrs/flock"
	"github.com/songferry/songferry/migrations"
	"github.com/songferry/songferry/playlists"
)

// join counts this process among those at work on the database at path, until leave. The daemon and commands beside it
// share a lock that the operating system takes from a process that dies. Whoever finds nobody else there takes over what
// the dead had in hand: otherwise a list that was being written when the power failed would wait for its lease to end.
func (b *bridge) join(ctx context.Context, path string) error {
	if migrations.IsPostgres(path) {
		return nil // others may work on it from anywhere. The leases of the dead end by themselves
	}
	b.present = flock.New(path+".lock", flock.SetPermissions(0o600))
	alone, err := b.present.TryLock()
	if err != nil {
		// Some network file systems have no locks. The leases of the dead end by themselves, only later.
		b.log.Warn("the database's folder has no file locks, so work that a crash broke off waits for its lease to end", "error", err)
		return nil
	}
	if alone {
		for _, takeOver := range []func(context.Context) error{b.subsonic.TakeOver, b.fed.TakeOver, b.lookups.TakeOver, b.notify.TakeOver} {
			if err := takeOver(ctx); err != nil {
				return err // whoever closes the bridge unlocks
			}
		}
		if err := b.present.Unlock(); err != nil {
			return err
		}
	}
	_, err = b.present.TryRLockContext(ctx, 10*time.Millisecond)
	return err
}

// leave ends what join began, if it did.
func (b *bridge) leave() error {
	if b.present == nil {
		return nil
	}
	return b.present.Unlock()
}

// keepOut keeps others from the database at path until what it returns is closed, and fails when somebody is at work there. Where
// there are no file locks nobody is kept out.
func (s Settings) keepOut(path string) (*flock.Flock, error) {
	alone := flock.New(path+".lock", flock.SetPermissions(0o600))
	if is, err := alone.TryLock(); err == nil && !is {
		return nil, playlists.Problemf(playlists.Invalid, nil, "A Songferry is at work in %s. Stop it first.", s.Data)
	}
	return alone, nil
}
