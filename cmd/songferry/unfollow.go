package main

import (
	"cmp"
	"context"
	"fmt"
	"io"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge"
)

type unfollowCommand struct {
	Account string `required:"" env:"SONGFERRY_ACCOUNT" placeholder:"NAME" help:"Who follows."`
	Remove  bool   `help:"Delete the list on your music server too; of a person, all lists that came with them."`
	Target  string `arg:"" help:"What \"songferry following\" shows: its name, its handle or address, or its ID."`
}

// Run ends a want. The list stays on the music server, as an ordinary playlist, unless it is to be removed.
func (c unfollowCommand) Run(ctx context.Context, s *Settings, t terminal) error {
	return withBridge(ctx, s, t, func(b *bridge) error {
		rows, err := b.following(ctx, c.Account)
		if err != nil {
			return err
		}
		row, err := chooseFollowed(rows, c.Account, c.Target)
		if err != nil {
			return err
		}
		if row.Mode == wholePerson {
			if c.Remove {
				return b.giveUpPerson(ctx, t.Out, row)
			}
			return b.unfollowPerson(ctx, t.Out, row)
		}
		want, err := b.store.Want(ctx, playlists.ID(row.ID))
		if err != nil {
			return err
		}
		had, err := b.subsonic.LastResult(ctx, want.ID)
		if err != nil {
			return err
		}
		if c.Remove {
			return b.giveUp(ctx, t, want, row)
		}
		if err := b.store.EndWant(ctx, want); err != nil {
			return err
		}
		fmt.Fprintf(t.Out, "%s is no longer followed. %s\n", row.Name, whatStays(had))
		return nil
	})
}

// giveUp ends a want and deletes its list, and says whether that could be done.
func (b *bridge) giveUp(ctx context.Context, t terminal, want playlists.Want, row followingRow) error {
	if err := b.subsonic.GiveUp(ctx, want.ID); err != nil {
		return err
	}
	result, err := b.subsonic.MirrorWant(ctx, want.ID, nil)
	if err != nil {
		return err // the daemon goes on
	}
	fmt.Fprintf(t.Out, "%s is no longer followed. %s\n", row.Name, result.Note)
	return nil
}

// whatStays says what is left of a copy that is given up.
func whatStays(r subsonicbridge.MirrorResult) string {
	if r.ServerID == "" || r.State == subsonicbridge.Deleted {
		return "There is no list of it on your music server."
	}
	return "The list stays on your music server, as an ordinary playlist of yours."
}

func (b *bridge) unfollowPerson(ctx context.Context, w io.Writer, row followingRow) error {
	if err := b.store.EndPersonWant(ctx, playlists.ID(row.ID)); err != nil {
		return err
	}
	fmt.Fprintf(w, "%s is no longer followed. The lists stay on your music server, as ordinary playlists of yours; playlists that you followed by themselves are still kept in step.\n", row.Name)
	return nil
}

// giveUpPerson ends that a person is followed and deletes their lists, and says of each whether that could be done.
func (b *bridge) giveUpPerson(ctx context.Context, w io.Writer, row followingRow) error {
	person, err := b.store.PersonWant(ctx, playlists.ID(row.ID))
	if err != nil {
		return err
	}
	ended, err := b.subsonic.GiveUpPerson(ctx, person)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "%s is no longer followed. Playlists that you followed by themselves are still kept in step.\n", row.Name)
	for _, want := range ended {
		had, err := b.subsonic.LastState(ctx, want.ID)
		if err != nil {
			return err
		}
		result, err := b.subsonic.MirrorWant(ctx, want.ID, nil)
		if err != nil {
			return err // the daemon goes on
		}
		fmt.Fprintf(w, "  %s: %s\n", cmp.Or(had.Name, want.Target), result.Note)
	}
	return nil
}
