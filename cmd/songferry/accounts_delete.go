package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/web"
)

type accountDelete struct {
	Name string `arg:"" help:"The account."`
	Sure bool   `help:"Delete it. There is no way back."`
}

func (c accountDelete) Run(ctx context.Context, s *Settings, t terminal) error {
	return withBridge(ctx, s, t, func(b *bridge) error {
		a, err := b.store.FindAccount(ctx, c.Name) // not by a login: asked twice, it must not delete another
		if err != nil {
			return err
		}
		if !c.Sure {
			return playlists.Problemf(playlists.Invalid, nil, "This withdraws all that %s has published and forgets %s for good; the name is never given out again. "+
				"If that is meant, add --sure.", a.Called(), a.Called())
		}
		if err := b.store.DeleteAccount(ctx, a.ID); err != nil {
			return err
		}
		if err := errors.Join(web.Forget(ctx, b.db, a.ID), b.notify.Forget(ctx, a.ID)); err != nil {
			return err
		}
		fmt.Fprintf(t.Out, "%s is deleted. While `songferry serve` runs, it tells those who followed; copies that others made stay theirs.\n", a.Called())
		return nil
	})
}
