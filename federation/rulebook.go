package federation

import (
	"context"
	"database/sql"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/songferry/songferry/playlists"
)

const (
	rulesFresh = time.Second // how long the rules are believed without asking whether there are newer ones
	rulesTime  = 5 * time.Second
)

// rulebook is the policy in force: the settings, and the newest rules of the database, which other processes change.
// A check costs some map lookups; once a second one asks the database whether anything changed.
//
// While the database does not answer, the last rules stay in force: nothing that was blocked opens, and nothing that
// was open breaks, for else all depends on the database too. Before the first reading nobody is let in.
type rulebook struct {
	settings Policy
	db       *sql.DB
	now      func() time.Time
	log      *slog.Logger

	reading  sync.Mutex // held by the one who asks the database
	current  atomic.Pointer[rules]
	checked  atomic.Int64          // when current was known to be the newest, unix milliseconds; 0: ask again
	enforced atomic.Pointer[rules] // what this process last made everything agree with
}

func newRulebook(c Config) *rulebook {
	return &rulebook{settings: c.Policy, db: c.DB, now: c.Now, log: c.Log}
}

// AllowsHost returns a Problem with code Forbidden when there is to be no contact with host, a host name with or without
// port, in either direction.
func (b *rulebook) AllowsHost(host string) error {
	r, err := b.newest()
	if err != nil {
		return err
	}
	return r.host(host)
}

// AllowsActor is AllowsHost for the actor with this id.
func (b *rulebook) AllowsActor(id string) error {
	r, err := b.newest()
	if err != nil {
		return err
	}
	return r.actor(id)
}

// limited reports whether a host[:port] is limited (see Silence). So is every host while the rules cannot be had.
func (f *Federation) limited(host string) bool {
	r, err := f.policy.newest()
	return err != nil || r.of(host)&silenced != 0
}

// newest returns the rules in force. Its context is its own: they are read for everybody, also when the caller who
// happened to be first hangs up.
func (b *rulebook) newest() (*rules, error) {
	ctx, cancel := context.WithTimeout(context.Background(), rulesTime)
	defer cancel()
	return b.rules(ctx, b.db)
}

// rules is newest by means of q. Whoever is in a transaction must ask through that: a second connection may not be had
// before the first is given back.
func (b *rulebook) rules(ctx context.Context, q playlists.Querier) (*rules, error) {
	r := b.current.Load()
	if r != nil && b.now().Sub(playlists.FromMillis(b.checked.Load())).Abs() < rulesFresh {
		return r, nil
	}
	if r == nil {
		b.reading.Lock()
	} else if !b.reading.TryLock() {
		return r, nil // somebody is asking just now
	}
	defer b.reading.Unlock()
	r, err := b.read(ctx, q, b.current.Load())
	if err != nil {
		return nil, err
	}
	b.current.Store(r)
	b.checked.Store(playlists.Millis(b.now()))
	return r, nil
}

// read returns old when it is still the newest, or when the newest cannot be had.
func (b *rulebook) read(ctx context.Context, q playlists.Querier, old *rules) (*rules, error) {
	version, err := policyVersion(ctx, q)
	if err == nil && old != nil && old.version == version {
		return old, nil
	}
	var r *rules
	if err == nil {
		r, err = readRules(ctx, q, b.settings, version)
	}
	if err == nil {
		return r, nil
	}
	if ctx.Err() == nil {
		b.log.Error("rules not read", "error", err)
	}
	if old != nil {
		return old, nil
	}
	return nil, playlists.Problemf(playlists.Unavailable, err, "This bridge cannot read at the moment whom it may talk to. Try again later.")
}

func policyVersion(ctx context.Context, q playlists.Querier) (n int64, err error) {
	err = q.QueryRowContext(ctx, `SELECT n FROM policy_version WHERE one = 1`).Scan(&n)
	return n, err
}

// changed is to be called in the transaction that changes rules; it returns them as they are in it.
func (b *rulebook) changed(ctx context.Context, tx *sql.Tx) (*rules, error) {
	var version int64
	err := tx.QueryRowContext(ctx, `UPDATE policy_version SET n = n + 1 WHERE one = 1 RETURNING n`).Scan(&version)
	if err != nil {
		return nil, err
	}
	return readRules(ctx, tx, b.settings, version)
}

// forget makes the next check ask the database, after a change of our own.
func (b *rulebook) forget() { b.checked.Store(0) }
