package main

import (
	"cmp"
	"context"
	"fmt"
	"io"

	"github.com/songferry/songferry/federation"
	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/match"
)

type accountRefresh struct {
	Name string `arg:"" help:"The account."`
}

func (c accountRefresh) Run(ctx context.Context, s *Settings, t terminal) error {
	return withBridge(ctx, s, t, func(b *bridge) error {
		a, err := b.account(ctx, c.Name)
		if err != nil {
			return err
		}
		songs, err := b.subsonic.Reread(ctx, a.ID, nil)
		if err != nil {
			return err
		}
		fmt.Fprintf(t.Out, "%s's library has %s. %s\n", a.Called(), count(songs, "song"), soon)
		return nil
	})
}

type accountChange struct {
	Name        string `arg:"" help:"The account."`
	DisplayName string `placeholder:"TEXT" help:"Name as shown to people."`
	Language    string `placeholder:"CODE" help:"Language of the posts that followers read and of messages to the account's owner: en or fr."`
	Match       string `placeholder:"HOW" enum:",release,recording,any" default:"" help:"Which file stands for a track of somebody's playlist: release (the same recording on the same album), recording (the same recording on any album), or any (also a live take or another version)."`
}

func (c accountChange) Run(ctx context.Context, s *Settings, t terminal) error {
	return withBridge(ctx, s, t, func(b *bridge) error {
		a, err := b.account(ctx, c.Name)
		if err != nil {
			return err
		}
		a.Name, a.Language = cmp.Or(c.DisplayName, a.Name), cmp.Or(c.Language, a.Language)
		if a, err = b.store.ChangeAccount(ctx, a); err != nil {
			return err
		}
		fmt.Fprintf(t.Out, "%s is shown as %s; language %s.\n", a.Called(), a.Name, a.Language)
		if c.Match != "" {
			if err := b.subsonic.SetPolicy(ctx, a.ID, match.Policy(c.Match)); err != nil {
				return err
			}
			fmt.Fprintf(t.Out, "Tracks are looked for by the rule %q. %s\n", c.Match, soon)
		}
		sayLanguage(t.Out, a)
		return nil
	})
}

// sayLanguage warns of a language that Songferry does not write.
func sayLanguage(w io.Writer, a playlists.Account) {
	if federation.WrittenIn(a.Language) != a.Language {
		fmt.Fprintln(w, "Posts and messages are in English all the same: Songferry writes English and French.")
	}
}
