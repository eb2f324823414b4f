package federation

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/songferry/songferry/playlists"
)

const (
	maxRules   = 200_000 // about domains: every process holds them in memory
	maxComment = 2_000   // runes of a comment; Mastodon keeps as many
)

// DomainRule is what the administrator said about a domain.
type DomainRule struct {
	Domain         string // in the form of RuleDomain
	Severity       Severity
	RejectReports  bool   // Flags from there are dropped
	RejectMedia    bool   // kept for the export only: this bridge takes no media
	Obfuscate      bool   // kept for the export only: whoever shows the list is to mask the name
	PublicComment  string // goes into the export
	PrivateComment string // does not
	Since          time.Time
	Setting        bool // it stands in the settings, where alone it can be changed
}

const ruleColumns = `domain, severity, reject_reports, reject_media, obfuscate, public_comment, private_comment, since`

func scanRule(row playlists.Scanner) (r DomainRule, err error) {
	var since int64
	err = row.Scan(&r.Domain, &r.Severity, &r.RejectReports, &r.RejectMedia, &r.Obfuscate, &r.PublicComment, &r.PrivateComment, &since)
	r.Since = playlists.FromMillis(since)
	return r, err
}

// DomainRules returns all rules about domains by name, those of the settings too.
func (f *Federation) DomainRules(ctx context.Context) ([]DomainRule, error) {
	all, err := playlists.Collect(ctx, f.db, scanRule, `SELECT `+ruleColumns+` FROM domain_rules`)
	all = append(append(all, fromSettings(f.policy.settings.Blocked, Suspend)...), fromSettings(f.policy.settings.Allowed, Allow)...)
	slices.SortFunc(all, func(a, b DomainRule) int {
		return cmp.Or(cmp.Compare(a.Domain, b.Domain), cmp.Compare(a.Severity, b.Severity))
	})
	return all, err
}

func fromSettings(domains []string, s Severity) (out []DomainRule) {
	for _, d := range domains {
		if name, err := RuleDomain(d); err == nil {
			out = append(out, DomainRule{Domain: name, Severity: s, Setting: true})
		}
	}
	return out
}

// SetDomain keeps a rule in place of what it contradicts, and makes everything agree with it: when it returns, what a
// blocked domain had here is gone. A block takes away the domain's other rules; an allowance or a limit takes away its
// block, but neither opens a domain within a blocked one.
func (f *Federation) SetDomain(ctx context.Context, r DomainRule) (Swept, error) {
	var err error
	if r.Domain, err = RuleDomain(r.Domain); err != nil {
		return Swept{}, err
	}
	if r.Severity != Allow && f.covers(r.Domain) {
		return Swept{}, playlists.Problemf(playlists.Invalid, nil, "%s is this bridge's own domain, or one that it is in: it cannot shut itself out.", r.Domain)
	}
	r.Since = f.now()
	return f.changePolicy(ctx, func(tx *sql.Tx) error {
		var n int
		if err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM domain_rules`).Scan(&n); err != nil {
			return err
		}
		if n >= maxRules {
			return errTooManyRules()
		}
		return keepRules(ctx, tx, []DomainRule{r})
	}, false)
}

func errTooManyRules() error {
	return playlists.Problemf(playlists.Invalid, nil, "There are more than %d rules about domains, more than this bridge can hold.", maxRules)
}

// covers reports whether a rule for domain would be about this bridge itself.
func (f *Federation) covers(domain string) bool {
	return f.public() && withinDomain(hostName(f.addr().Host()), domain)
}

// RemoveDomain takes back all rules about a domain, and lets go on what they had stopped.
func (f *Federation) RemoveDomain(ctx context.Context, domain string) (Swept, error) {
	domain, err := RuleDomain(domain)
	if err != nil {
		return Swept{}, err
	}
	return f.changePolicy(ctx, func(tx *sql.Tx) error {
		return deleteRule(ctx, tx, domain, `DELETE FROM domain_rules WHERE domain = $1`)
	}, false)
}

// deleteRule says so when there was nothing to delete.
func deleteRule(ctx context.Context, tx *sql.Tx, what, query string) error {
	r, err := tx.ExecContext(ctx, query, what)
	if err != nil {
		return err
	}
	if n, err := r.RowsAffected(); n > 0 || err != nil {
		return err
	}
	return playlists.Problemf(playlists.NotFound, nil, "There is no rule about %s.", what)
}

// changePolicy changes rules and sweeps away what they forbid, in one transaction, and then resumes what they allow. With
// dryRun it only counts, without what would be resumed.
func (f *Federation) changePolicy(ctx context.Context, change func(*sql.Tx) error, dryRun bool) (s Swept, err error) {
	err = playlists.InTx(ctx, f.db, func(tx *sql.Tx) error {
		if err := change(tx); err != nil {
			return err
		}
		r, err := f.policy.changed(ctx, tx)
		if err != nil {
			return err
		}
		if s, err = f.sweep(ctx, tx, r); err == nil && dryRun {
			err = errDryRun
		}
		return err
	})
	if errors.Is(err, errDryRun) {
		return s, nil
	}
	if err != nil {
		return Swept{}, fmt.Errorf("change policy: %w", err)
	}
	f.policy.forget()
	s.Resumed, err = f.resume(ctx)
	return s, err
}

// ChosenOnly reports whether this bridge talks to those domains only that are allowed by name.
func (f *Federation) ChosenOnly() bool { return f.policy.settings.Mode == AllowlistMode }

// WhyBlocked returns the sentence of the rule that still forbids contact with a domain, "" when none does: another rule
// may cover what one was taken back for.
func (f *Federation) WhyBlocked(domain string) string {
	return playlists.Say(f.policy.AllowsHost(domain))
}
