package main

import (
	"context"
	"fmt"
	"io"

	"github.com/songferry/songferry/playlists"
)

type accountProve struct {
	Account string `required:"" env:"SONGFERRY_ACCOUNT" placeholder:"NAME" help:"The account of this bridge."`
	Handle  string `arg:"" optional:"" help:"The fediverse account, such as @alice@mastodon.example. It is sent a code."`
	Code    string `placeholder:"CODE" help:"The code that came there."`
	Forget  bool   `help:"End it: no more messages there, and messages from there do nothing."`
}

func (accountProve) Help() string {
	return "Give the handle first: a code goes there by direct message. Then give the code with --code. From then on the bridge writes there what concerns the account, " +
		"and does what direct messages from there ask for. Without handle and code the command says how it stands."
}

// Run does one step of three: have a code sent, give it back, or end what it proved. Without any it says how it stands.
func (c accountProve) Run(ctx context.Context, s *Settings, t terminal) error {
	if (c.Handle != "" && c.Code != "") || c.Forget && c.Handle+c.Code != "" {
		return playlists.Problemf(playlists.Invalid, nil, "Give a handle, --code or --forget: one of them.")
	}
	return withBridge(ctx, s, t, func(b *bridge) error {
		a, err := b.account(ctx, c.Account)
		if err != nil {
			return err
		}
		switch {
		case c.Forget:
			err = b.fed.ProveForget(ctx, a.ID)
			if err == nil {
				fmt.Fprintf(t.Out, "%s and the fediverse account write to each other no more.\n", c.Account)
			}
			return err
		case c.Code != "":
			handle, err := b.fed.ProveFinish(ctx, a.ID, c.Code)
			if err == nil {
				fmt.Fprintf(t.Out, "%s is %s's. News go there, and what is sent from there as a direct message to %s is imported.\n", handle, c.Account, b.handleAt(a))
			}
			return err
		case c.Handle != "":
			handle, err := b.fed.ProveBegin(ctx, a.ID, c.Handle)
			if err == nil {
				fmt.Fprintf(t.Out, "%s gets a direct message with a code as soon as `songferry serve` runs. Then:\n  songferry account prove --account %s --code CODE\n"+
					"If none shows, look among the messages that your server filters, or follow %s first: some hide what strangers write.\n", handle, c.Account, b.handleAt(a))
			}
			return err
		}
		return b.sayProven(ctx, t.Out, a)
	})
}

func (b *bridge) sayProven(ctx context.Context, w io.Writer, a playlists.Account) error {
	handle, err := b.fed.ProvenHandle(ctx, a.ID)
	if err != nil {
		return err
	}
	if handle == "" {
		fmt.Fprintf(w, "No fediverse account is proven to be %s's yet:\n  songferry account prove --account %s @somebody@mastodon.example\n", a.Called(), asArgument(a))
		return nil
	}
	fmt.Fprintf(w, "%s is %s's.\n", handle, a.Called())
	return nil
}

// handleAt is the handle of an account of this bridge, or what it is called while it has none.
func (b *bridge) handleAt(a playlists.Account) string {
	if b.origin() == nil || a.Handle == "" {
		return a.Called()
	}
	return "@" + a.Handle + "@" + b.origin().Host
}
