package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"

	"github.com/songferry/songferry/federation"
	"github.com/songferry/songferry/playlists"
)

type domainImport struct {
	File   string `arg:"" help:"CSV as Mastodon exports it, or a domain in each line; \"-\" reads what is piped in."`
	As     string `enum:"file,blocked,limited,allowed" default:"file" help:"What becomes of the domains: what the file says (the default), blocked, limited or allowed."`
	DryRun bool   `help:"Show what would happen; change nothing."`
}

func (domainImport) Help() string {
	return "A file whose header is #domain alone is Mastodon's list of allowed domains; any other without severities is one of blocked domains. " +
		"Rules of your own stay: none is weakened, and what you allowed by name is not blocked."
}

func (c domainImport) severity() federation.Severity {
	for s, name := range ruleNames {
		if name == c.As {
			return s
		}
	}
	return ""
}

func (c domainImport) Run(ctx context.Context, s *Settings, t terminal) error {
	data, err := c.read(t)
	if err != nil {
		return err
	}
	list, err := federation.ReadBlocklist(data, c.severity())
	if err != nil {
		return err
	}
	return withBridge(ctx, s, t, func(b *bridge) error {
		done, err := b.fed.ImportDomains(ctx, list, c.comment(), c.DryRun)
		if err != nil {
			return err
		}
		c.print(t.Out, list, done)
		return nil
	})
}

func (c domainImport) read(t terminal) ([]byte, error) {
	in := t.In
	if c.File != "-" {
		f, err := openInput(c.File)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		in = f
	}
	data, err := io.ReadAll(io.LimitReader(in, federation.MaxBlocklist+1))
	if err != nil {
		return nil, playlists.Problemf(playlists.Invalid, err, "The file %s cannot be read.", c.File)
	}
	return data, nil
}

// comment says where the rules came from.
func (c domainImport) comment() string {
	if c.File == "-" {
		return "From a list that was piped in."
	}
	return "From the list " + filepath.Base(c.File) + "."
}

func (c domainImport) print(w io.Writer, list federation.Blocklist, done federation.Imported) {
	if len(list.Rules)+len(list.Masked)+list.Noop == 0 {
		fmt.Fprintln(w, "The list names no domains, so there is nothing to import.")
		return
	}
	fmt.Fprintf(w, "New rules: %d blocked, %d limited, %d allowed. %d of the list were here already%s\n",
		done.Blocked, done.Limited, done.Allowed, done.Known, whatWasSwept(done.Swept))
	if len(done.Kept) > 0 {
		fmt.Fprintf(w, "Left as they are, since you decided otherwise: %s.\n", someOf(done.Kept))
	}
	if len(done.Own) > 0 {
		fmt.Fprintf(w, "Left out, since this bridge itself is meant: %s.\n", someOf(done.Own))
	}
	if len(list.Masked) > 0 {
		fmt.Fprintf(w, "Left out, since parts of their names are hidden: %s.\n", someOf(list.Masked))
	}
	if list.Noop > 0 {
		fmt.Fprintf(w, "Left out, since their severity noop limits nothing here: %d.\n", list.Noop)
	}
	if c.DryRun {
		fmt.Fprintln(w, "This was only a trial: nothing was changed.")
	}
}

type domainExport struct {
	Allowed bool `help:"The allowed domains instead."`
}

func (domainExport) Help() string {
	return "The list goes to the terminal, or with > into a file, which Mastodon, GoToSocial and others import. Private comments and blocked accounts are not in it."
}

func (c domainExport) Run(ctx context.Context, s *Settings, t terminal) error {
	return withBridge(ctx, s, t, func(b *bridge) error {
		rules, err := b.fed.DomainRules(ctx)
		if err != nil {
			return err
		}
		if c.Allowed {
			return federation.WriteAllowlist(t.Out, rules)
		}
		return federation.WriteBlocklist(t.Out, rules)
	})
}
