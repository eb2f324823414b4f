package main

import (
	"context"
	"fmt"
	"io"

	"github.com/songferry/songferry/federation"
	"github.com/songferry/songferry/playlists"
)

// moveHelp is what both commands have in common: they are the two halves of one thing.
const moveHelp = "A move has two halves. On the new bridge: songferry account alias --account NAME @you@old.example; then on the old one: " +
	"songferry account move --account NAME @you@new.example. Followers on other servers then follow the new account and its playlists by themselves."

type accountAlias struct {
	Account  string `required:"" env:"SONGFERRY_ACCOUNT" placeholder:"NAME" help:"The account here."`
	Playlist string `placeholder:"PLAYLIST" help:"Name or ID of one published playlist here: only this one was the playlist elsewhere."`
	JSON     bool   `name:"json" help:"For scripts."`
	Target   string `arg:"" help:"Handle or address of the account (with --playlist, of the playlist) on the old server."`
}

func (accountAlias) Help() string { return moveHelp }

// Run keeps that an account, or one playlist, was another one elsewhere.
func (c accountAlias) Run(ctx context.Context, s *Settings, t terminal) error {
	return withBridge(ctx, s, t, func(b *bridge) error {
		out, err := c.alias(ctx, b)
		if err != nil {
			return err
		}
		if c.JSON {
			return printJSON(t.Out, out)
		}
		c.print(t.Out, out, b.origin().Host)
		return nil
	})
}

func (c accountAlias) alias(ctx context.Context, b *bridge) (federation.Aliased, error) {
	if c.Playlist != "" {
		pub, err := followed{Account: c.Account, Playlist: c.Playlist}.publication(ctx, b)
		if err != nil {
			return federation.Aliased{}, err
		}
		return b.fed.AliasPlaylist(ctx, pub, c.Target)
	}
	a, err := b.account(ctx, c.Account)
	if err != nil {
		return federation.Aliased{}, err
	}
	return b.fed.Alias(ctx, a.ID, c.Target)
}

// print says what was paired, and what to do next; host is that of this bridge.
func (c accountAlias) print(w io.Writer, out federation.Aliased, host string) {
	for _, p := range out.Paired {
		fmt.Fprintf(w, "%q was %s.\n", p.Name, p.Handle)
	}
	if c.Playlist != "" {
		return
	}
	fmt.Fprintf(w, "%s was %s. To bring the followers along, on the old bridge: songferry account move --account NAME @%s@%s\n", c.Account, out.Handle, c.Account, host)
	if len(out.Unpaired) > 0 {
		fmt.Fprintf(w, "Not published here yet, and paired by name once they are:\n")
		for _, name := range out.Unpaired {
			fmt.Fprintf(w, "  %s\n", name)
		}
	}
}

type accountMove struct {
	Account  string `required:"" env:"SONGFERRY_ACCOUNT" placeholder:"NAME" help:"The account here."`
	Playlist string `placeholder:"PLAYLIST" help:"Name or ID of one published playlist here: only this one moves."`
	Undo     bool   `help:"Take the move back: the account is here again. Followers who went stay where they are."`
	JSON     bool   `name:"json" help:"For scripts."`
	Target   string `arg:"" optional:"" help:"Handle or address of the account (with --playlist, of the playlist) on the new server."`
}

func (accountMove) Help() string { return moveHelp }

// Run tells followers that an account, or one playlist, is elsewhere now.
func (c accountMove) Run(ctx context.Context, s *Settings, t terminal) error {
	if c.Undo == (c.Target != "") {
		return playlists.Problemf(playlists.Invalid, nil, "Say where the account moves, as in @alice@new.example, or --undo.")
	}
	if c.Undo && c.Playlist != "" {
		return playlists.Problemf(playlists.Invalid, nil, "--undo takes back that the account and all its playlists have moved: leave --playlist out.")
	}
	return withBridge(ctx, s, t, func(b *bridge) error {
		a, err := b.account(ctx, c.Account)
		if err != nil {
			return err
		}
		if c.Undo {
			if err := b.fed.StayHere(ctx, a.ID); err != nil {
				return err
			}
			fmt.Fprintf(t.Out, "%s is here again; followers are told while `songferry serve` runs. Those who went to the other server stay there.\n", c.Account)
			return nil
		}
		out, err := c.move(ctx, b, a)
		if err != nil {
			return err
		}
		if c.JSON {
			return printJSON(t.Out, out)
		}
		c.print(t.Out, out)
		return nil
	})
}

func (c accountMove) move(ctx context.Context, b *bridge, a playlists.Account) (federation.Moved, error) {
	if c.Playlist == "" {
		return b.fed.MoveAway(ctx, a.ID, c.Target)
	}
	pub, err := followed{Account: c.Account, Playlist: c.Playlist}.publication(ctx, b)
	if err != nil {
		return federation.Moved{}, err
	}
	return b.fed.MovePlaylistAway(ctx, pub, c.Target)
}

func (c accountMove) print(w io.Writer, out federation.Moved) {
	for _, p := range out.Moved {
		fmt.Fprintf(w, "%q is %s now.\n", p.Name, p.Handle)
	}
	if c.Playlist == "" {
		fmt.Fprintf(w, "%s is %s now.\n", c.Account, out.Handle)
	}
	if len(out.Left) > 0 {
		fmt.Fprintln(w, "No playlist over there says that it was one of these. Publish them there under the same name, then give this command again:")
		for _, name := range out.Left {
			fmt.Fprintf(w, "  %s\n", name)
		}
	}
	fmt.Fprintln(w, "Followers are told while `songferry serve` runs. What changes here from now on is announced no more.")
}

// movedTo returns where an account or a publication has moved, nil while it is here.
func (b *bridge) movedTo(ctx context.Context, publicID string) (*federation.NewHome, error) {
	moved, err := b.fed.MovedTo(ctx, publicID)
	if err != nil || moved == (federation.NewHome{}) {
		return nil, err
	}
	return &moved, nil
}

func sayMoved(to *federation.NewHome) string {
	if to == nil {
		return ""
	}
	return "moved to " + to.Handle
}
