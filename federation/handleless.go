package federation

import (
	"context"

	"github.com/songferry/songferry/playlists"
)

// An account that has not chosen a handle is not on the fediverse: it has no actor, so that it neither follows nor is
// followed, and reads as the bridge does.

// hasHandle reports whether an account is on the fediverse.
func (f *Federation) hasHandle(ctx context.Context, account playlists.ID) (bool, error) {
	a, err := f.store.Account(ctx, account)
	return err == nil && a.Handle != "", err
}

// accountWithHandle returns an account that is on the fediverse, or says what to do about one that is not.
func (f *Federation) accountWithHandle(ctx context.Context, account playlists.ID) (playlists.Account, error) {
	a, err := f.store.Account(ctx, account)
	if err == nil && a.Handle == "" {
		err = noHandle()
	}
	return a, err
}

func noHandle() error {
	return playlists.Problemf(playlists.Invalid, nil, "Choose a public name first: nobody elsewhere can know this account before.")
}
