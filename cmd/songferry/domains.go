package main

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/songferry/songferry/federation"
)

type domainCommands struct {
	List   domainList   `cmd:"" help:"List the rules: who is blocked, limited or allowed."`
	Block  domainBlock  `cmd:"" help:"End all contact with a domain, or with one account elsewhere."`
	Limit  domainLimit  `cmd:"" help:"Let nobody of a domain follow without approval, and count nothing that they say."`
	Allow  domainAllow  `cmd:"" help:"Let a domain in when SONGFERRY_FEDERATION_MODE is allowlist."`
	Remove domainRemove `cmd:"" help:"Take back the rule about a domain or an account."`
	Import domainImport `cmd:"" help:"Add the domains of a list in Mastodon's CSV format."`
	Export domainExport `cmd:"" help:"Print the blocked and limited domains as such a list."`
}

// namesAccount tells an account elsewhere, by its handle or its address, from a domain.
func namesAccount(target string) bool {
	if u, err := url.Parse(target); err == nil && u.Host != "" {
		return strings.Trim(u.Path, "/") != ""
	}
	return strings.Contains(target, "@")
}

type domainBlock struct {
	Target        string `arg:"" help:"A domain, which stands for its subdomains too; or an account, by its handle or address."`
	Comment       string `placeholder:"TEXT" help:"Why, for yourself."`
	PublicComment string `placeholder:"TEXT" help:"Why, for those who get the exported list."`
}

func (c domainBlock) Run(ctx context.Context, s *Settings, t terminal) error {
	return withBridge(ctx, s, t, func(b *bridge) error {
		if namesAccount(c.Target) {
			a, swept, err := b.fed.BlockActor(ctx, c.Target, c.Comment)
			if err != nil {
				return err
			}
			fmt.Fprintf(t.Out, "%s is blocked%s\n", a.Handle, whatWasSwept(swept))
			return nil
		}
		return b.setDomain(ctx, t, federation.DomainRule{Domain: c.Target, Severity: federation.Suspend, PrivateComment: c.Comment, PublicComment: c.PublicComment})
	})
}

type domainLimit struct {
	Domain        string `arg:"" help:"It stands for its subdomains too."`
	Comment       string `placeholder:"TEXT" help:"Why, for yourself."`
	PublicComment string `placeholder:"TEXT" help:"Why, for those who get the exported list."`
}

func (c domainLimit) Run(ctx context.Context, s *Settings, t terminal) error {
	return withBridge(ctx, s, t, func(b *bridge) error {
		return b.setDomain(ctx, t, federation.DomainRule{Domain: c.Domain, Severity: federation.Silence, PrivateComment: c.Comment, PublicComment: c.PublicComment})
	})
}

type domainAllow struct {
	Domain  string `arg:"" help:"It stands for its subdomains too."`
	Comment string `placeholder:"TEXT" help:"Why, for yourself."`
}

func (c domainAllow) Run(ctx context.Context, s *Settings, t terminal) error {
	return withBridge(ctx, s, t, func(b *bridge) error {
		return b.setDomain(ctx, t, federation.DomainRule{Domain: c.Domain, Severity: federation.Allow, PrivateComment: c.Comment})
	})
}

// setDomain keeps a rule and says what it did.
func (b *bridge) setDomain(ctx context.Context, t terminal, r federation.DomainRule) error {
	var err error
	if r.Domain, err = federation.RuleDomain(r.Domain); err != nil {
		return err
	}
	swept, err := b.fed.SetDomain(ctx, r)
	if err != nil {
		return err
	}
	switch why := b.fed.WhyBlocked(r.Domain); {
	case r.Severity == federation.Suspend:
		fmt.Fprintf(t.Out, "%s is blocked with all its subdomains%s\n", r.Domain, whatWasSwept(swept))
	case r.Severity == federation.Silence:
		fmt.Fprintf(t.Out, "%s is limited with all its subdomains: who is there can follow with approval only, and what they say counts for nothing%s\n",
			r.Domain, whatWasSwept(swept))
	case why != "":
		fmt.Fprintf(t.Out, "%s is on the list of allowed domains, but another rule is stronger: %s\n", r.Domain, why)
	default:
		fmt.Fprintf(t.Out, "%s is allowed with all its subdomains%s\n", r.Domain, whatWasSwept(swept))
	}
	if r.Severity != federation.Allow && federation.IsPublicSuffix(r.Domain) {
		fmt.Fprintf(t.Err, "Mind that %s is not one server's domain: everything that ends in .%s is meant. If that was a slip: songferry domain remove %s\n", r.Domain, r.Domain, r.Domain)
	}
	return nil
}

type domainRemove struct {
	Target string `arg:"" help:"A domain or an account, as the list shows it."`
}

func (c domainRemove) Run(ctx context.Context, s *Settings, t terminal) error {
	return withBridge(ctx, s, t, func(b *bridge) error {
		if namesAccount(c.Target) {
			a, swept, err := b.fed.UnblockActor(ctx, c.Target)
			if err != nil {
				return whereListed(err, "domain list")
			}
			fmt.Fprintf(t.Out, "%s is no longer blocked%s\n", a.Handle, whatWasSwept(swept))
			return nil
		}
		domain, err := federation.RuleDomain(c.Target)
		if err != nil {
			return err
		}
		swept, err := b.fed.RemoveDomain(ctx, domain)
		if err != nil {
			return whereListed(err, "domain list")
		}
		if why := b.fed.WhyBlocked(domain); why != "" {
			fmt.Fprintf(t.Out, "The rule about %s is gone, but another one stays: %s\n", domain, why)
			return nil
		}
		fmt.Fprintf(t.Out, "There is no rule about %s any more%s\n", domain, whatWasSwept(swept))
		return nil
	})
}

type domainList struct {
	JSON bool `name:"json" help:"For scripts."`
}

// ruleRow is a rule as the list shows it.
type ruleRow struct {
	Target        string    `json:"target"`
	ID            string    `json:"id,omitempty"` // of an account
	Rule          string    `json:"rule"`         // blocked, limited, allowed
	Comment       string    `json:"comment,omitempty"`
	PublicComment string    `json:"publicComment,omitempty"`
	Since         time.Time `json:"since,omitzero"`
	Setting       bool      `json:"setting,omitempty"`
}

func (c domainList) Run(ctx context.Context, s *Settings, t terminal) error {
	return withBridge(ctx, s, t, func(b *bridge) error {
		rows, err := b.rules(ctx)
		if err != nil {
			return err
		}
		if c.JSON {
			return printJSON(t.Out, rows)
		}
		return printRules(t.Out, rows, s.Mode == string(federation.AllowlistMode))
	})
}

var ruleNames = map[federation.Severity]string{federation.Suspend: "blocked", federation.Silence: "limited", federation.Allow: "allowed"}

// rules returns all rules: accounts, then domains by name.
func (b *bridge) rules(ctx context.Context) ([]ruleRow, error) {
	actors, err := b.fed.BlockedActors(ctx)
	if err != nil {
		return nil, err
	}
	domains, err := b.fed.DomainRules(ctx)
	rows := []ruleRow{}
	for _, a := range actors {
		rows = append(rows, ruleRow{Target: a.Handle, ID: a.ID, Rule: "blocked", Comment: a.Comment, Since: a.Since})
	}
	for _, d := range domains {
		rows = append(rows, ruleRow{Target: d.Domain, Rule: ruleNames[d.Severity], Comment: d.PrivateComment, PublicComment: d.PublicComment, Since: d.Since, Setting: d.Setting})
	}
	return rows, err
}

func printRules(out io.Writer, rows []ruleRow, allowlist bool) error {
	if allowlist {
		fmt.Fprintln(out, "Only allowed domains are let in (SONGFERRY_FEDERATION_MODE is allowlist).")
	} else if len(rows) == 0 {
		fmt.Fprintln(out, "There are no rules: every server is let in.")
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, r := range rows {
		since := r.Since.Format(time.DateOnly)
		if r.Setting {
			since = "by the settings"
		}
		comment := strings.ReplaceAll(strings.Trim(r.Comment+" / "+r.PublicComment, " /"), "\n", " ")
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", r.Target, r.Rule, since, comment)
	}
	return w.Flush()
}
