package federation

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"github.com/songferry/songferry/playlists"
)

const maxOfHost = 10_000 // deliveries that wait for one host; beyond, news are lost to it, not to us

// outgoing is an activity of ours and who is to get it.
type outgoing struct {
	id      string // last part of the activity's id; the same activity always has the same
	actor   string // last part of the sending actor's id
	body    any
	inboxes []string // may repeat
}

// queue keeps an activity and one delivery per distinct inbox. Queuing it again does nothing.
func (f *Federation) queue(ctx context.Context, tx *sql.Tx, o outgoing) error {
	body, err := json.Marshal(o.body)
	if err != nil {
		return fmt.Errorf("encode activity: %w", err)
	}
	if err := f.freezeOrigin(ctx, tx); err != nil {
		return err
	}
	now := f.now().UnixMilli()
	r, err := tx.ExecContext(ctx, `INSERT INTO activities (id, actor, body, created) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO NOTHING`,
		o.id, o.actor, string(body), now)
	if err != nil {
		return err
	}
	if n, err := r.RowsAffected(); n == 0 || err != nil {
		return err
	}
	waiting := map[string]int{} // deliveries, by host
	var rows [][]any
	rules, err := f.policy.rules(ctx, tx)
	if err != nil {
		return err
	}
	for _, inbox := range o.inboxes {
		u, err := parseAddress(inbox)
		if err != nil || rules.host(u.Host) != nil {
			continue // an actor without an inbox, or one that we do not talk to: nobody to deliver to
		}
		if _, seen := waiting[u.Host]; !seen {
			if waiting[u.Host], err = waitingFor(ctx, tx, u.Host, now); err != nil {
				return err
			}
		}
		if waiting[u.Host] >= maxOfHost {
			continue
		}
		waiting[u.Host]++
		rows = append(rows, []any{o.id, inbox, u.Host, now, 0, "", now})
	}
	return playlists.InsertRows(ctx, tx, insertDelivery, len(rows), func(i int) ([]any, error) { return rows[i], nil },
		`ON CONFLICT (activity, inbox) DO NOTHING`)
}

// The statements of queue.
const (
	// A host that failed keeps the time to recover. The row is always written, so that a turn that ends meanwhile waits
	// for the transaction, and sees what it queued (PostgreSQL).
	giveTurn = `INSERT INTO delivery_hosts (host, manner, due, lease, attempts, error, ended) VALUES ($1, 'new', $2, 0, 0, '', 0)
		ON CONFLICT (host) DO UPDATE SET due = CASE WHEN delivery_hosts.due = 0 OR delivery_hosts.attempts = 0 AND delivery_hosts.due > excluded.due
			THEN excluded.due ELSE delivery_hosts.due END`
	countDeliveries = `SELECT COUNT(*) FROM deliveries WHERE host = $1`
	insertDelivery  = `INSERT INTO deliveries (activity, inbox, host, due, attempts, error, created)`
)

// waitingFor gives a host a turn, and counts the deliveries that wait for it.
func waitingFor(ctx context.Context, tx *sql.Tx, host string, now int64) (n int, err error) {
	if _, err := tx.ExecContext(ctx, giveTurn, host, now); err != nil {
		return 0, err
	}
	err = tx.QueryRowContext(ctx, countDeliveries, host).Scan(&n)
	return n, err
}
