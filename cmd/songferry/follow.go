package main

import (
	"context"
	"fmt"
	"io"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge"
)

type followCommand struct {
	Account    string `required:"" env:"SONGFERRY_ACCOUNT" placeholder:"NAME" help:"Who follows."`
	Once       bool   `help:"Copy it once instead of keeping it in step."`
	OnWithdraw string `default:"keep" enum:"keep,drop" help:"What becomes of the copy when its owner withdraws the playlist: keep or drop."`
	JSON       bool   `name:"json" help:"For scripts."`
	Target     string `arg:"" help:"Handle (@alice_roadtrip@b.example) or address of a playlist, or of a person (@alice@b.example): then all their playlists, those to come too."`
}

func (c followCommand) Run(ctx context.Context, s *Settings, t terminal) error {
	mode := playlists.Sync
	if c.Once {
		mode = playlists.Once
	}
	return withBridge(ctx, s, t, func(b *bridge) error {
		a, err := b.account(ctx, c.Account)
		if err != nil {
			return err
		}
		return b.bring(ctx, t, a, c.Target, mode, playlists.OnWithdraw(c.OnWithdraw), c.JSON)
	})
}

// bring finds a playlist, or a person with all theirs, keeps that the account wants it, and writes it to the account's
// music server.
func (b *bridge) bring(ctx context.Context, t terminal, a playlists.Account, target string, m playlists.Mode, w playlists.OnWithdraw, asJSON bool) error {
	found, err := b.fed.Find(ctx, a.ID, target)
	switch {
	case err != nil:
		return err
	case found.Person != nil && m == playlists.Sync:
		return b.followPerson(ctx, t, a, *found.Person, target, w, asJSON)
	case found.Person != nil && len(found.Person.Playlists) > 1:
		return b.copyPerson(ctx, t, a, *found.Person, asJSON)
	case found.Person != nil:
		if found, err = b.fed.Lookup(ctx, a.ID, target); err != nil {
			return err
		}
	}
	want, err := b.fed.Subscribe(ctx, a.ID, found, target, m, w)
	if err != nil {
		return err
	}
	if !found.Readable {
		return sayWaiting(t.Out, found.Playlist.Name, asJSON)
	}
	return b.mirror(ctx, t, a, want, asJSON)
}

func sayWaiting(w io.Writer, name string, asJSON bool) error {
	note := "Its owner approves followers, and is asked as soon as `songferry serve` runs. The playlist arrives when they say yes."
	if asJSON {
		return printJSON(w, summary{Name: name, Note: note, Tracks: []summaryRow{}})
	}
	fmt.Fprintf(w, "%s: nothing yet. %s\n", name, note)
	return nil
}

// mirror writes what an account wants to its music server, and says what was found.
func (b *bridge) mirror(ctx context.Context, t terminal, a playlists.Account, want playlists.Want, asJSON bool) error {
	sum, err := b.mirrored(ctx, t, want)
	if err != nil {
		return err
	}
	if asJSON {
		return printJSON(t.Out, sum)
	}
	sum.print(t.Out)
	printWays(t.Out, asArgument(a), sum)
	if want.Mode == playlists.Sync {
		fmt.Fprintln(t.Out, "It is kept in step while `songferry serve` runs.")
	}
	return nil
}

// mirrored is mirror without a word.
func (b *bridge) mirrored(ctx context.Context, t terminal, want playlists.Want) (summary, error) {
	if err := b.agree(ctx, want); err != nil {
		return summary{}, err
	}
	return b.bringInLine(ctx, t, want)
}

// bringInLine does for a want what is to be done, and says what came of it. It answers no question of the copy's.
func (b *bridge) bringInLine(ctx context.Context, t terminal, want playlists.Want) (summary, error) {
	result, err := b.subsonic.MirrorWant(ctx, want.ID, progress(t.Err, "Finding your files"))
	if say := playlists.Say(err); say != "" {
		// The want is kept, so the daemon goes on where this command ends.
		return summary{}, playlists.Problemf(playlists.CodeOf(err), err, "%s The playlist comes by itself once that is mended, while `songferry serve` runs.", say)
	}
	if err != nil {
		return summary{}, err
	}
	return b.summaryFor(ctx, want, result)
}

// summaryFor says what became of a want, and what the person can do about it.
func (b *bridge) summaryFor(ctx context.Context, want playlists.Want, r subsonicbridge.MirrorResult) (summary, error) {
	c, err := b.subsonic.Copy(ctx, want)
	if err != nil {
		return summary{}, err
	}
	a, err := b.store.Account(ctx, want.Account)
	sum := summaryOf(c.Name, r.ServerID, r.Rows)
	sum.ID, sum.State, sum.Note = string(want.ID), r.State, r.Note.String()
	if sum.next = hint(asArgument(a), followingRow{ID: sum.ID, Name: c.Name, State: r.State}); asks(r.State) {
		sum.next = "To have it all the same, give this command once more."
	}
	return sum, err
}

// agree takes a command that is given again for a yes: a list that the person deleted is made anew, one whose source
// shrank may shrink.
func (b *bridge) agree(ctx context.Context, want playlists.Want) error {
	before, err := b.subsonic.LastResult(ctx, want.ID)
	if err != nil || !asks(before.State) {
		return err
	}
	return b.subsonic.Confirm(ctx, want.ID)
}

func asks(s subsonicbridge.State) bool {
	return s == subsonicbridge.Asks || s == subsonicbridge.Deleted
}

// progress returns a function that redraws one line on a terminal, and does nothing elsewhere.
func progress(w io.Writer, what string) func(done, total int) {
	if !interactive(w) {
		return func(int, int) {}
	}
	return func(done, total int) {
		fmt.Fprintf(w, "\r%s: %d of %d ", what, done, total)
		if done >= total {
			fmt.Fprint(w, "\r\x1b[K")
		}
	}
}
