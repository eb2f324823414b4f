package federation

import (
	"context"
	"database/sql"
	"time"

	"github.com/songferry/songferry/playlists"
)

// manner is how a host took what we sent it last. Each has loops of its own: who answers does not wait for who does not.
type manner string

const (
	newcomer manner = "new"    // it has never answered
	prompt   manner = "prompt" // it answered within firstPatience
	late     manner = "late"   // it did not, or said that it cannot take more
)

const (
	firstPatience = 5 * time.Second     // with a delivery; a host that takes longer gets another chance, in other loops
	latePatience  = 15 * time.Second    // with a delivery to a late host
	deliveryBatch = 20                  // deliveries to one host in one turn
	deliveryTurn  = 20 * time.Second    // no delivery begins later in a turn: a slow host gets no more time than others
	deliveryLease = 2 * time.Minute     // a crashed process loses its turn after that; far longer than the longest turn
	giveUpAfter   = 15 * 24 * time.Hour // deliveries that a dead host's others never let have a turn
)

// turn is the right to talk to a host, until the lease ends, and what comes of it.
type turn struct {
	host     string
	manner   manner
	failures int // in a row, before this turn
	waiting  int // deliveries, deliveryBatch+1 if they are more than go out in a turn
	patience time.Duration
	start    time.Time
	lease    int64
	batch    []delivery
	reached  bool // a late host was found to be there

	done    []delivery    // which arrived or are given up: forgotten when the turn ends
	record  []statement   // what else came of the batch: kept then
	failure error         // the host's own: it answered nothing, or with 429 or 5xx
	after   time.Duration // how long it then asked us to wait
}

// statement is one to run: a text and its arguments.
type statement struct {
	text string
	args []any
}

func (t *turn) note(text string, args ...any) { t.record = append(t.record, statement{text, args}) }

// answered keeps that the host answered after so long.
func (t *turn) answered(after time.Duration) {
	if t.manner = prompt; after > firstPatience {
		t.manner = late
	}
}

// claim is the wish for a turn.
type claim struct {
	manner manner
	turn   *turn // nil: there is none
}

// nextTurn leases the host whose turn it is among those of a manner; nil when there is none.
func (f *Federation) nextTurn(ctx context.Context, m manner) (*turn, error) {
	c := &claim{manner: m}
	err := f.claims.do(c, func(batch []*claim) error {
		if ctx.Err() != nil { // nobody begins anything once the daemon stops
			return ctx.Err()
		}
		return f.claimAll(context.WithoutCancel(ctx), batch)
	})
	return c.turn, err
}

func (f *Federation) claimAll(ctx context.Context, batch []*claim) error {
	wishes := map[manner][]*claim{}
	for _, c := range batch {
		c.turn = nil
		wishes[c.manner] = append(wishes[c.manner], c)
	}
	for m, all := range wishes {
		turns, err := f.claimHosts(ctx, m, len(all))
		if err != nil {
			return err
		}
		if err := f.dueDeliveries(ctx, turns); err != nil {
			return err // the hosts wait until the lease ends
		}
		for i, t := range turns {
			all[i].turn = t
		}
	}
	return nil
}

// claimHosts leases up to so many hosts, those first that waited longest. On PostgreSQL it passes over those that another process is
// about to lease; which they are is asked once (MATERIALIZED): a subquery may be asked again for each host, and is then about others.
func (f *Federation) claimHosts(ctx context.Context, m manner, most int) ([]*turn, error) {
	now := f.now()
	lease := now.Add(deliveryLease).UnixMilli()
	return playlists.Collect(ctx, f.db, func(row playlists.Scanner) (*turn, error) {
		t := &turn{manner: m, patience: firstPatience, start: now, lease: lease}
		if m == late {
			t.patience = latePatience
		}
		return t, row.Scan(&t.host, &t.failures, &t.waiting)
	}, `WITH next AS MATERIALIZED (SELECT host FROM delivery_hosts WHERE manner = $3 AND due > 0 AND due <= $2 AND lease < $2
			ORDER BY due, host LIMIT $4 /*! FOR UPDATE SKIP LOCKED */)
		UPDATE delivery_hosts SET lease = $1 WHERE lease < $2 AND host IN (SELECT host FROM next)
		RETURNING host, attempts, (SELECT COUNT(*) FROM (SELECT 1 FROM deliveries d WHERE d.host = delivery_hosts.host LIMIT $5) few)`,
		lease, now.UnixMilli(), m, most, deliveryBatch+1)
}

type delivery struct {
	host, activity, inbox, actor, body string
	key                                string // name of the actor's key; '' when it has none yet
	attempts                           int
}

func scanDelivery(row playlists.Scanner) (d delivery, err error) {
	err = row.Scan(&d.host, &d.activity, &d.inbox, &d.actor, &d.body, &d.key, &d.attempts)
	return d, err
}

// The statements of dueDeliveries: of one host, and of some.
const (
	dueOfOne = `SELECT d.host, d.activity, d.inbox, a.actor, a.body, COALESCE(k.name, ''), d.attempts
		FROM (SELECT * FROM deliveries WHERE host = $1 AND due <= $2 ORDER BY created, activity LIMIT $3) d
		JOIN activities a ON a.id = d.activity LEFT JOIN signing_keys k ON k.actor = a.actor ORDER BY d.created, d.activity`
	dueOfSome = `SELECT d.host, d.activity, d.inbox, a.actor, a.body, COALESCE(k.name, ''), d.attempts
		FROM deliveries d JOIN activities a ON a.id = d.activity LEFT JOIN signing_keys k ON k.actor = a.actor
		WHERE d.due <= $1 AND d.host IN (VALUES ($2)) ORDER BY d.created, d.activity`
)

// dueDeliveries reads what each turn may send. A host for which much waits is asked for by itself, so that little of it is read.
func (f *Federation) dueDeliveries(ctx context.Context, turns []*turn) error {
	now, of := f.now().UnixMilli(), map[string]*turn{}
	var few []string
	read := func(query string, args []any) error {
		all, err := playlists.Collect(ctx, f.db, scanDelivery, query, args...)
		for _, d := range all {
			of[d.host].batch = append(of[d.host].batch, d)
		}
		return err
	}
	for _, t := range turns {
		of[t.host] = t
		if t.waiting <= deliveryBatch {
			few = append(few, t.host)
		} else if err := read(dueOfOne, []any{t.host, now, deliveryBatch}); err != nil {
			return err
		}
	}
	return playlists.EachForRows(dueOfSome, []any{now}, len(few), func(i int) ([]any, error) { return []any{few[i]}, nil }, read)
}

// endTurn keeps what came of a turn, and frees the host.
func (f *Federation) endTurn(ctx context.Context, t *turn) error {
	return f.ends.do(t, func(batch []*turn) error { return f.endAll(context.WithoutCancel(ctx), batch) })
}

func (f *Federation) endAll(ctx context.Context, batch []*turn) error {
	now, ends := f.now(), map[standing][]*turn{}
	for _, t := range batch {
		s, err := t.leaves(now)
		if err != nil {
			return err
		}
		ends[s] = append(ends[s], t)
	}
	return playlists.InTx(ctx, f.db, func(tx *sql.Tx) error {
		for s, turns := range ends {
			if err := s.keep(ctx, tx, now, turns); err != nil {
				return err
			}
		}
		return nil
	})
}

// standing is what a turn comes to for its host: the same for most of those that end together.
type standing struct {
	lease    int64 // that the turn had
	manner   manner
	failures int   // in a row
	said     any   // the last failure's sentence, as it is kept
	next     int64 // ms: nothing is sent before
}

// leaves returns what a turn that is over leaves its host with.
func (t *turn) leaves(now time.Time) (s standing, err error) {
	s = standing{lease: t.lease, manner: t.manner, said: "", next: now.UnixMilli()}
	if t.failure != nil {
		next, _ := retryAt(t.failures+1, now, t.after)
		s = standing{lease: t.lease, manner: late, failures: t.failures + 1, next: next.UnixMilli()}
		s.said, err = playlists.SentenceOf(t.failure).Value()
	}
	return s, err
}

// The statements of keep.
const (
	freeHosts = `UPDATE delivery_hosts SET lease = 0, manner = $1, attempts = $2, error = $3, ended = $4
		WHERE lease = $5 AND host IN (VALUES ($6))`
	forgetDone = `DELETE FROM deliveries WHERE (activity, inbox) IN (VALUES ($1, $2))`
	// After a failure that is the host's own, what has waited too long is given up: of a dead host's deliveries most are never tried.
	giveUpOld = `DELETE FROM deliveries WHERE created < $1 AND host IN (VALUES ($2))`
	// Last, since the first statement waited for those who queue for these hosts. Who has leased one meanwhile does the same.
	nextDue = `UPDATE delivery_hosts SET due = COALESCE((SELECT CASE WHEN MIN(d.due) < $1 THEN $1 ELSE MIN(d.due) END
		FROM deliveries d WHERE d.host = delivery_hosts.host), 0) WHERE lease = 0 AND host IN (VALUES ($2))`
)

// keep keeps what turns came to that all came to the same for their hosts.
func (s standing) keep(ctx context.Context, tx *sql.Tx, now time.Time, turns []*turn) error {
	host := func(i int) ([]any, error) { return []any{turns[i].host}, nil }
	err := playlists.ForRows(ctx, tx, freeHosts, []any{s.manner, s.failures, s.said, now.UnixMilli(), s.lease}, len(turns), host)
	if err == nil {
		err = forget(ctx, tx, turns)
	}
	if err == nil && s.failures > 0 {
		err = playlists.ForRows(ctx, tx, giveUpOld, []any{now.Add(-giveUpAfter).UnixMilli()}, len(turns), host)
	}
	if err == nil {
		err = playlists.ForRows(ctx, tx, nextDue, []any{s.next}, len(turns), host)
	}
	return err
}

// forget keeps what came of the deliveries themselves.
func forget(ctx context.Context, tx *sql.Tx, turns []*turn) error {
	var done []delivery
	for _, t := range turns {
		done = append(done, t.done...)
		for _, s := range t.record {
			if _, err := tx.ExecContext(ctx, s.text, s.args...); err != nil {
				return err
			}
		}
	}
	return playlists.ForRows(ctx, tx, forgetDone, nil, len(done), func(i int) ([]any, error) { return []any{done[i].activity, done[i].inbox}, nil })
}
