package federation

import (
	"context"
	"strings"

	"github.com/songferry/songferry/playlists"
)

// Severity is what a rule does to a domain, in the words of Mastodon's lists.
type Severity string

const (
	// Suspend blocks: there is no contact in either direction.
	Suspend Severity = "suspend"
	// Silence limits: who is there can follow with the owner's approval only, also what is public; their messages, likes,
	// boosts and replies count for nothing, and no stranger is shown their names. Who followed before goes on.
	Silence Severity = "silence"
	// Allow lets a domain in when only chosen ones are.
	Allow Severity = "allow"
)

// verdict is all that the rules say of a host.
type verdict uint8

const (
	suspended verdict = 1 << iota
	silenced
	allowed
	reportsRejected
)

func verdictOf(s Severity) verdict {
	return map[Severity]verdict{Suspend: suspended, Silence: silenced, Allow: allowed}[s]
}

// rules is the policy at one moment. It never changes, so it needs no lock.
type rules struct {
	open    bool
	domains map[string]verdict  // by names in normal form
	actors  map[string]struct{} // actorKey of the blocked ones
	version int64               // of the database's part
}

func newRules(p Policy) *rules {
	r := &rules{open: p.Mode == OpenMode || p.Mode == "", domains: map[string]verdict{}, actors: map[string]struct{}{}}
	r.add(p.Blocked, suspended)
	r.add(p.Allowed, allowed)
	return r
}

// add leaves out what is no domain: Check has complained about that.
func (r *rules) add(domains []string, v verdict) {
	for _, d := range domains {
		if name, err := RuleDomain(d); err == nil {
			r.domains[name] |= v
		}
	}
}

// of returns what the rules say of a host[:port]: of its own name and of every domain that it is in.
func (r *rules) of(host string) (v verdict) {
	rest := hostName(host)
	for more := rest != ""; more; {
		v |= r.domains[rest]
		_, rest, more = strings.Cut(rest, ".")
	}
	return v
}

// host returns a Problem with code Forbidden when there is to be no contact with a host[:port], in either direction.
func (r *rules) host(host string) error {
	v := r.of(host)
	switch {
	case v&suspended != 0:
		return playlists.Problemf(playlists.Forbidden, nil, "The administrator of this bridge has blocked %s.", hostName(host))
	case !r.open && v&allowed == 0:
		return playlists.Problemf(playlists.Forbidden, nil,
			"This bridge talks to chosen servers only, and %s is not one of them. Ask its administrator to add it.", hostName(host))
	}
	return nil
}

// actor is host for the actor with this id.
func (r *rules) actor(id string) error {
	key, host, err := actorKey(id)
	if err != nil {
		return playlists.Problemf(playlists.Invalid, err, "That account's address cannot be used.")
	}
	if _, blocked := r.actors[key]; blocked {
		return playlists.Problemf(playlists.Forbidden, nil, "The administrator of this bridge has blocked this account.")
	}
	return r.host(host)
}

// readRules reads the rules of the database on top of the settings'. version was read before: what changed since has a
// later one, and will be read again.
func readRules(ctx context.Context, q playlists.Querier, p Policy, version int64) (*rules, error) {
	r := newRules(p)
	r.version = version
	rows, err := q.QueryContext(ctx, `SELECT domain, severity, reject_reports FROM domain_rules`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var domain string
		var severity Severity
		var rejects bool
		if err := rows.Scan(&domain, &severity, &rejects); err != nil {
			return nil, err
		}
		v := verdictOf(severity)
		if rejects {
			v |= reportsRejected
		}
		r.domains[domain] |= v
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	ids, err := playlists.Texts(ctx, q, `SELECT id FROM blocked_actors`)
	for _, id := range ids {
		if key, _, err := actorKey(id); err == nil {
			r.actors[key] = struct{}{}
		}
	}
	return r, err
}
