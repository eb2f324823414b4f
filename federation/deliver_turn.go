package federation

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
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
	patience time.Duration
	start    time.Time
	lease    int64
	batch    []delivery

	record  []statement   // what came of the batch: kept when the turn ends
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
	return playlists.InTx(ctx, f.db, func(tx *sql.Tx) error {
		for m, all := range wishes {
			turns, err := f.claimHosts(ctx, tx, m, len(all))
			if err != nil {
				return err
			}
			for i, t := range turns {
				if t.batch, err = f.dueDeliveries(ctx, tx, t.host); err != nil {
					return err
				}
				all[i].turn = t
			}
		}
		return nil
	})
}

// claimHosts leases up to so many hosts, those first that waited longest.
func (f *Federation) claimHosts(ctx context.Context, tx *sql.Tx, m manner, most int) ([]*turn, error) {
	now := f.now()
	lease := now.Add(deliveryLease).UnixMilli()
	return playlists.Collect(ctx, tx, func(row playlists.Scanner) (*turn, error) {
		t := &turn{manner: m, patience: firstPatience, start: now, lease: lease}
		if m == late {
			t.patience = latePatience
		}
		return t, row.Scan(&t.host, &t.failures)
	}, `UPDATE delivery_hosts SET lease = $1 WHERE lease < $2 AND host IN (SELECT host FROM delivery_hosts
		WHERE manner = $3 AND due > 0 AND due <= $2 AND lease < $2 ORDER BY due, host LIMIT $4) RETURNING host, attempts`,
		lease, now.UnixMilli(), m, most)
}

type delivery struct {
	activity, inbox, actor, body string
	key                          string // name of the actor's key; '' when it has none yet
	attempts                     int
}

func (f *Federation) dueDeliveries(ctx context.Context, tx *sql.Tx, host string) ([]delivery, error) {
	return playlists.Collect(ctx, tx, func(row playlists.Scanner) (d delivery, err error) {
		err = row.Scan(&d.activity, &d.inbox, &d.actor, &d.body, &d.key, &d.attempts)
		return d, err
	}, `SELECT d.activity, d.inbox, a.actor, a.body, COALESCE(k.name, ''), d.attempts
		FROM (SELECT * FROM deliveries WHERE host = $1 AND due <= $2 ORDER BY created, activity LIMIT $3) d
		JOIN activities a ON a.id = d.activity LEFT JOIN signing_keys k ON k.actor = a.actor ORDER BY d.created, d.activity`,
		host, f.now().UnixMilli(), deliveryBatch)
}

// endTurn keeps what came of a turn, and frees the host.
func (f *Federation) endTurn(ctx context.Context, t *turn) error {
	return f.ends.do(t, func(batch []*turn) error { return f.endAll(context.WithoutCancel(ctx), batch) })
}

func (f *Federation) endAll(ctx context.Context, batch []*turn) error {
	batch = slices.SortedFunc(slices.Values(batch), func(a, b *turn) int { return cmp.Compare(a.host, b.host) }) // as queue, against deadlocks
	return playlists.InTx(ctx, f.db, func(tx *sql.Tx) error {
		for _, t := range batch {
			for _, s := range t.end(f.now()) {
				if _, err := tx.ExecContext(ctx, s.text, s.args...); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// end returns what is to be kept of a turn. After a failure that is the host's own, everything for it waits, and what has
// waited too long is given up: of a dead host's deliveries most are never tried.
func (t *turn) end(now time.Time) []statement {
	next, m, failures, said := now, t.manner, 0, playlists.Sentence{}
	record := t.record
	if t.failure != nil {
		m, failures, said = late, t.failures+1, playlists.SentenceOf(t.failure)
		next, _ = retryAt(failures, now, t.after)
		record = append(record, statement{`DELETE FROM deliveries WHERE host = $1 AND created < $2`, []any{t.host, now.Add(-giveUpAfter).UnixMilli()}})
	}
	end := append([]statement{{`UPDATE delivery_hosts SET lease = 0, manner = $1, attempts = $2, error = $3, ended = $4
		WHERE host = $5 AND lease = $6`, []any{m, failures, said, now.UnixMilli(), t.host, t.lease}}}, record...)
	// Last, since the first statement waited for those who queue for this host. Who has leased it meanwhile does the same.
	return append(end, statement{`UPDATE delivery_hosts SET due = COALESCE((SELECT CASE WHEN MIN(d.due) < $1 THEN $1 ELSE MIN(d.due) END
		FROM deliveries d WHERE d.host = $2), 0) WHERE host = $2 AND lease = 0`, []any{next.UnixMilli(), t.host}})
}
