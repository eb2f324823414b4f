package federation

import (
	"context"
	"database/sql"
	"errors"

	"github.com/songferry/songferry/playlists"
)

// Imported is what became of a list.
type Imported struct {
	Blocked, Limited, Allowed int      // domains that have a new rule
	Known                     int      // that had one as strict
	Kept                      []string // about which there is a rule here that says the contrary, and that stays
	Own                       []string // that are this bridge's own
	Swept
}

// errDryRun rolls a trial back.
var errDryRun = errors.New("only a trial")

// ImportDomains keeps the rules of a list, all or none. The administrator's own decisions stay: no rule here is weakened,
// a domain that is allowed by name is neither blocked nor limited, and one that is blocked is not allowed. comment becomes the private comment of the new
// rules. With dryRun it only tells what would happen.
func (f *Federation) ImportDomains(ctx context.Context, list Blocklist, comment string, dryRun bool) (done Imported, err error) {
	swept, err := f.changePolicy(ctx, func(tx *sql.Tx) error {
		done, err = f.importRules(ctx, tx, list, comment)
		return err
	}, dryRun)
	done.Swept = swept
	return done, err
}

func (f *Federation) importRules(ctx context.Context, tx *sql.Tx, list Blocklist, comment string) (done Imported, err error) {
	have, err := f.rulesIn(ctx, tx)
	if err != nil {
		return done, err
	}
	if len(have)+len(list.Rules) > maxRules {
		return done, errTooManyRules()
	}
	var fresh []DomainRule
	for _, r := range list.Rules {
		old := have[r.Domain]
		switch {
		case r.Severity != Allow && f.covers(r.Domain):
			done.Own = append(done.Own, r.Domain)
			continue
		case r.Severity != Allow && old&allowed != 0, r.Severity == Allow && old&suspended != 0:
			done.Kept = append(done.Kept, r.Domain)
			continue
		case old&(verdictOf(r.Severity)|suspended) != 0:
			done.Known++
			continue
		}
		r.PrivateComment, r.Since = comment, f.now()
		fresh = append(fresh, r)
		done.add(r.Severity)
	}
	return done, keepRules(ctx, tx, fresh)
}

// rulesIn returns what the database and the settings say of each domain by itself.
func (f *Federation) rulesIn(ctx context.Context, q playlists.Querier) (map[string]verdict, error) {
	r, err := readRules(ctx, q, f.policy.settings, 0)
	if err != nil {
		return nil, err
	}
	return r.domains, nil
}

func (d *Imported) add(s Severity) {
	switch s {
	case Suspend:
		d.Blocked++
	case Silence:
		d.Limited++
	case Allow:
		d.Allowed++
	}
}
