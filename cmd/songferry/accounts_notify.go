package main

import (
	"context"
	"fmt"
	"text/tabwriter"

	"github.com/songferry/songferry/playlists"
)

type accountNotify struct {
	Account   string `required:"" env:"SONGFERRY_ACCOUNT" placeholder:"NAME" help:"The account of this bridge."`
	Email     string `placeholder:"ADDRESS" help:"Send a code to this e-mail address."`
	Code      string `placeholder:"CODE" help:"The code that came there: from now on what there is to tell goes there."`
	Ntfy      string `placeholder:"URL" help:"Publish it to this topic of ntfy, such as https://ntfy.sh/my-topic-8f3k2."`
	TokenFile string `placeholder:"FILE" help:"File that holds the access token for the server of that topic, - for standard input."`
	Webhook   string `placeholder:"URL" help:"POST it to this address, as JSON."`
	Test      string `placeholder:"WAY" enum:"email,ntfy,webhook," default:"" help:"Send a test: email, ntfy or webhook."`
	Stop      string `placeholder:"WAY" enum:"email,ntfy,webhook," default:"" help:"Send nothing more that way: email, ntfy or webhook."`
}

func (accountNotify) Help() string {
	return "What concerns an account, such as a question of a follower or a music server that fails, can be told by e-mail, by a push message through ntfy and to a webhook, beside " +
		"direct messages on the fediverse (account prove). Each way tells everything once. Without options the command says which there are, and how they do."
}

// Run does what the options say, in the order of a person who sets a way up and tries it.
func (c accountNotify) Run(ctx context.Context, s *Settings, t terminal) error {
	return withBridge(ctx, s, t, func(b *bridge) error {
		a, err := b.account(ctx, c.Account)
		if err != nil {
			return err
		}
		for _, step := range []struct {
			asked bool
			do    func(context.Context, *bridge, playlists.Account, terminal) error
		}{
			{c.Email != "", c.beginEmail}, {c.Code != "", c.finishEmail}, {c.Ntfy != "", c.setNtfy}, {c.Webhook != "", c.setWebhook},
			{c.Test != "", c.test}, {c.Stop != "", c.stop}, {c.Email+c.Code+c.Ntfy+c.Webhook+c.Test+c.Stop == "", c.list},
		} {
			if !step.asked {
				continue
			}
			if err := step.do(ctx, b, a, t); err != nil {
				return err
			}
		}
		return nil
	})
}

func (c accountNotify) beginEmail(ctx context.Context, b *bridge, a playlists.Account, t terminal) error {
	address, err := b.notify.BeginEmail(ctx, a.ID, c.Email)
	if err == nil {
		fmt.Fprintf(t.Out, "A code went to %s. Then:\n  songferry account notify --account %s --code CODE\n", address, asArgument(a))
	}
	return err
}

func (c accountNotify) finishEmail(ctx context.Context, b *bridge, a playlists.Account, t terminal) error {
	address, err := b.notify.FinishEmail(ctx, a.ID, c.Code)
	if err == nil {
		fmt.Fprintf(t.Out, "While `songferry serve` runs, it writes to %s.\n", address)
	}
	return err
}

func (c accountNotify) setNtfy(ctx context.Context, b *bridge, a playlists.Account, t terminal) error {
	token := ""
	if c.TokenFile != "" {
		var err error
		if token, err = passwordIn(c.TokenFile, t.In); err != nil {
			return err
		}
	}
	err := b.notify.SetNtfy(ctx, a.ID, c.Ntfy, token)
	if err == nil {
		fmt.Fprintf(t.Out, "While `songferry serve` runs, it publishes to that topic. To try it:\n  songferry account notify --account %s --test ntfy\n", asArgument(a))
	}
	return err
}

func (c accountNotify) setWebhook(ctx context.Context, b *bridge, a playlists.Account, t terminal) error {
	err := b.notify.SetWebhook(ctx, a.ID, c.Webhook)
	if err == nil {
		fmt.Fprintf(t.Out, "While `songferry serve` runs, it sends messages there. What they are signed with is shown on the page of settings. To try it:\n  songferry account notify --account %s --test webhook\n", asArgument(a))
	}
	return err
}

func (c accountNotify) test(ctx context.Context, b *bridge, a playlists.Account, t terminal) error {
	err := b.notify.Test(ctx, a.ID, playlists.Way(c.Test))
	if err == nil {
		fmt.Fprintln(t.Out, "The test was taken there. Look whether it has arrived.")
	}
	return err
}

func (c accountNotify) stop(ctx context.Context, b *bridge, a playlists.Account, t terminal) error {
	err := b.notify.Remove(ctx, a.ID, playlists.Way(c.Stop))
	if err == nil {
		fmt.Fprintln(t.Out, "Nothing more is sent there.")
	}
	return err
}

func (c accountNotify) list(ctx context.Context, b *bridge, a playlists.Account, t terminal) error {
	ways, err := b.notify.Ways(ctx, a.ID)
	if err != nil {
		return err
	}
	if len(ways) == 0 {
		fmt.Fprintf(t.Out, "%s is told nothing by e-mail, ntfy or webhook. To begin:\n  songferry account notify --account %s --ntfy https://ntfy.sh/my-topic-8f3k2\n", a.Called(), asArgument(a))
		return nil
	}
	w := tabwriter.NewWriter(t.Out, 0, 0, 2, ' ', 0)
	for _, way := range ways {
		fmt.Fprintf(w, "%s\t%s\t%s\n", way.Kind, way.Address, way.Problem)
	}
	return w.Flush()
}
