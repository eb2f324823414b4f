package main

import (
	"context"
	"fmt"

	"github.com/songferry/songferry/playlists"
)

type accountRotateKeys struct {
	Name     string `arg:"" optional:"" help:"The account."`
	Instance bool   `help:"The key of this bridge itself instead."`
}

func (c accountRotateKeys) Help() string {
	return "Do this when somebody else may have read the database and the key file. Followers are told of the new keys as soon as `songferry serve` runs; the old ones are forgotten."
}

func (c accountRotateKeys) Run(ctx context.Context, s *Settings, t terminal) error {
	if c.Instance == (c.Name != "") {
		return playlists.Problemf(playlists.Invalid, nil, "Say whose keys: give either the name of an account or --instance.")
	}
	return withBridge(ctx, s, t, func(b *bridge) error {
		n, err := c.rotate(ctx, b)
		if err != nil {
			return err
		}
		if n == 0 {
			fmt.Fprintln(t.Out, "There was no key yet: each is made at its first use.")
			return nil
		}
		fmt.Fprintf(t.Out, "Made %s in place of the old. Followers are told as soon as `songferry serve` runs.\n", count(n, "new key"))
		return nil
	})
}

func (c accountRotateKeys) rotate(ctx context.Context, b *bridge) (int, error) {
	if c.Instance {
		return b.fed.RotateInstanceKey(ctx)
	}
	a, err := b.account(ctx, c.Name)
	if err != nil {
		return 0, err
	}
	return b.fed.RotateKeys(ctx, a.ID)
}
