package main

import (
	"context"
	"errors"

	"github.com/songferry/songferry/migrations"
	"github.com/songferry/songferry/playlists"
)

// join counts this process among those at work on the database of this name, until leave. Whoever finds nobody else there takes over
// what the dead had in hand, which would else wait for its leases to end.
func (b *bridge) join(ctx context.Context, name string) (err error) {
	b.present, err = migrations.Join(ctx, name, b.takeOver)
	if errors.Is(err, migrations.ErrNoLocks) {
		// The leases of the dead end by themselves, only later.
		b.log.Warn("the database's folder has no file locks, so work that a crash broke off waits for its lease to end", "error", err)
		return nil
	}
	return err // whoever closes the bridge leaves
}

func (b *bridge) takeOver(ctx context.Context) error {
	for _, takeOver := range []func(context.Context) error{b.subsonic.TakeOver, b.fed.TakeOver, b.lookups.TakeOver, b.notify.TakeOver} {
		if err := takeOver(ctx); err != nil {
			return err
		}
	}
	return nil
}

// leave ends what join began, if it did.
func (b *bridge) leave() error {
	if b.present == nil {
		return nil
	}
	return b.present.Close()
}

// keepOut keeps others from the database at path until what it returns is closed, and fails when somebody is at work there.
func (s Settings) keepOut(path string) (*migrations.Presence, error) {
	alone, err := migrations.KeepOut(path)
	if errors.Is(err, migrations.ErrAtWork) {
		err = playlists.Problemf(playlists.Invalid, err, "A Songferry is at work in %s. Stop it first.", s.Data)
	}
	return alone, err
}
