package main

import (
	"context"
	"fmt"
	"strings"
	"unicode"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge"
)

// chosenCopy is how a command names one of an account's copies.
type chosenCopy struct {
	Account string `required:"" env:"SONGFERRY_ACCOUNT" placeholder:"NAME" help:"Whose copy."`
	Target  string `arg:"" help:"What \"songferry following\" shows: its name, its handle or address, or its ID."`
}

func (c chosenCopy) find(ctx context.Context, b *bridge) (followingRow, error) {
	rows, err := b.following(ctx, c.Account)
	if err != nil {
		return followingRow{}, err
	}
	row, err := chooseFollowed(rows, c.Account, c.Target)
	if err == nil && row.Mode == wholePerson {
		err = playlists.Problemf(playlists.Invalid, nil, "%s is a person: name one of their playlists.", row.Name)
	}
	return row, err
}

// doAtOnce does what an answer changes.
func (b *bridge) doAtOnce(ctx context.Context, t terminal, row followingRow) (summary, error) {
	want, err := b.store.Want(ctx, playlists.ID(row.ID))
	if err != nil {
		return summary{}, err
	}
	return b.bringInLine(ctx, t, want)
}

type followingAgree struct {
	chosenCopy
	JSON bool `name:"json" help:"For scripts."`
}

// Run answers a copy's question with yes.
func (c followingAgree) Run(ctx context.Context, s *Settings, t terminal) error {
	return withBridge(ctx, s, t, func(b *bridge) error {
		row, err := c.find(ctx, b)
		if err != nil {
			return err
		}
		if !asks(row.State) && row.State != subsonicbridge.Few {
			return playlists.Problemf(playlists.Invalid, nil, "%s asks nothing that you could agree to.", row.Name)
		}
		if err := b.subsonic.Confirm(ctx, playlists.ID(row.ID)); err != nil {
			return err
		}
		sum, err := b.doAtOnce(ctx, t, row)
		if err != nil {
			return err
		}
		if c.JSON {
			return printJSON(t.Out, sum)
		}
		sum.print(t.Out)
		printWays(t.Out, c.Account, sum)
		return nil
	})
}

type followingOrder struct {
	chosenCopy
	Order string `arg:"" enum:"mine,original" help:"mine keeps your order for good; original follows the playlist's own order again."`
}

// Run says whose order a copy is in.
func (c followingOrder) Run(ctx context.Context, s *Settings, t terminal) error {
	return withBridge(ctx, s, t, func(b *bridge) error {
		row, err := c.find(ctx, b)
		if err != nil {
			return err
		}
		if err := b.subsonic.SetOrder(ctx, playlists.ID(row.ID), c.Order == "mine"); err != nil {
			return err
		}
		if _, err := b.doAtOnce(ctx, t, row); err != nil {
			return err
		}
		say := "%s follows the original order.\n"
		if c.Order == "mine" {
			say = "%s stays in your order, whatever the original one is. You are not asked again.\n"
		}
		fmt.Fprintf(t.Out, say, row.Name)
		return nil
	})
}

type followingRestore struct {
	chosenCopy
	Song string `arg:"" help:"What \"songferry following show\" lists: its title, ARTIST – TITLE, or its ID."`
}

// Run takes back that a song is not for a person.
func (c followingRestore) Run(ctx context.Context, s *Settings, t terminal) error {
	return withBridge(ctx, s, t, func(b *bridge) error {
		row, err := c.find(ctx, b)
		if err != nil {
			return err
		}
		songs, err := b.refused(ctx, row)
		if err != nil {
			return err
		}
		song, err := chooseRefused(songs, c.Song)
		if err != nil {
			return err
		}
		if err := b.subsonic.Restore(ctx, playlists.ID(row.ID), song.ID); err != nil {
			return err
		}
		if _, err := b.doAtOnce(ctx, t, row); err != nil {
			return err
		}
		fmt.Fprintf(t.Out, "%s is no longer kept out of %s.\n", song.name(), row.Name)
		return nil
	})
}

type followingPause struct{ chosenCopy }

// Run leaves a copy as it is.
func (c followingPause) Run(ctx context.Context, s *Settings, t terminal) error {
	return withBridge(ctx, s, t, func(b *bridge) error {
		row, err := c.find(ctx, b)
		if err != nil {
			return err
		}
		if err := b.subsonic.Pause(ctx, playlists.ID(row.ID)); err != nil {
			return err
		}
		fmt.Fprintf(t.Out, "%s stays as it is. %s\n", row.Name, hint(c.Account, followingRow{ID: row.ID, Name: row.Name, State: subsonicbridge.Paused}))
		return nil
	})
}

type followingResume struct{ chosenCopy }

// Run goes on with a copy.
func (c followingResume) Run(ctx context.Context, s *Settings, t terminal) error {
	return withBridge(ctx, s, t, func(b *bridge) error {
		row, err := c.find(ctx, b)
		if err != nil {
			return err
		}
		if err := b.subsonic.Resume(ctx, playlists.ID(row.ID)); err != nil {
			return err
		}
		sum, err := b.doAtOnce(ctx, t, row)
		if err != nil {
			return err
		}
		sum.print(t.Out)
		return nil
	})
}

// hint says how a person answers what a copy's state asks, "" when it asks nothing.
func hint(account string, row followingRow) string {
	say := func(command string, answer ...string) string {
		words := append([]string{"songferry following", command, "--account", account, inShell(row)}, answer...)
		return "`" + strings.Join(words, " ") + "`"
	}
	switch row.State {
	case subsonicbridge.Asks:
		return say("agree") + " lets it shrink."
	case subsonicbridge.Deleted:
		return say("agree") + " makes it again."
	case subsonicbridge.Few:
		return say("agree") + " makes it all the same; `songferry missing --account " + account + " --playlist " + inShell(row) + "` lists what is missing."
	case subsonicbridge.Paused:
		return say("resume") + " goes on."
	case subsonicbridge.Reordered:
		return say("order", "mine") + " keeps it, " + say("order", "original") + " goes back."
	}
	return ""
}

// inShell is what a row is called by on a command line: its name if no shell reads anything into it, since it is others
// who name playlists; else its ID.
func inShell(row followingRow) string {
	special := func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(" ·-_.,", r)
	}
	if row.Name == "" || row.Name[0] == '-' || strings.ContainsFunc(row.Name, special) {
		return row.ID
	}
	return `"` + row.Name + `"`
}
