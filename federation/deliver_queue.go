package federation

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"

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
	return f.queueAll(ctx, tx, o, now)
}

// queueAll keeps a delivery per inbox, and gives its host a turn.
func (f *Federation) queueAll(ctx context.Context, tx *sql.Tx, o outgoing, now int64) error {
	rules, err := f.policy.rules(ctx, tx)
	if err != nil {
		return err
	}
	var hosts, inboxes []string
	of, waiting := map[string]string{}, map[string]int{} // of inboxes, their host; of hosts, the deliveries
	for _, inbox := range o.inboxes {
		u, err := parseAddress(inbox)
		if err != nil || of[inbox] != "" || rules.host(u.Host) != nil {
			continue // an actor without an inbox, or one that we do not talk to: nobody to deliver to
		}
		if _, seen := waiting[u.Host]; !seen {
			waiting[u.Host] = 0
			hosts = append(hosts, u.Host)
		}
		of[inbox] = u.Host
		inboxes = append(inboxes, inbox)
	}
	if err := giveTurns(ctx, tx, hosts, now, waiting); err != nil {
		return err
	}
	inboxes = slices.DeleteFunc(inboxes, func(inbox string) bool {
		host := of[inbox]
		waiting[host]++
		return waiting[host] > maxOfHost
	})
	return playlists.InsertRows(ctx, tx, insertDelivery, len(inboxes), func(i int) ([]any, error) {
		return []any{o.id, inboxes[i], of[inboxes[i]], now, 0, "", now}, nil
	}, `ON CONFLICT (activity, inbox) DO NOTHING`)
}

// The statements of queueAll.
const (
	insertHost = `INSERT INTO delivery_hosts (host, manner, due, lease, attempts, error, ended)`
	// A host that failed keeps the time to recover. The row is always written, so that a turn that ends meanwhile waits
	// for the transaction, and sees what it queued (PostgreSQL).
	giveTurn = `ON CONFLICT (host) DO UPDATE SET due = CASE WHEN delivery_hosts.due = 0 OR delivery_hosts.attempts = 0 AND delivery_hosts.due > excluded.due
		THEN excluded.due ELSE delivery_hosts.due END`
	countDeliveries = `SELECT host, COUNT(*) FROM deliveries WHERE host IN (VALUES ($1)) GROUP BY host`
	insertDelivery  = `INSERT INTO deliveries (activity, inbox, host, due, attempts, error, created)`
)

// giveTurns gives hosts a turn, and counts the deliveries that wait for each.
func giveTurns(ctx context.Context, tx *sql.Tx, hosts []string, now int64, waiting map[string]int) error {
	err := playlists.InsertRows(ctx, tx, insertHost, len(hosts), func(i int) ([]any, error) {
		return []any{hosts[i], newcomer, now, 0, 0, "", 0}, nil
	}, giveTurn)
	if err != nil {
		return err
	}
	return countEach(ctx, tx, countDeliveries, hosts, waiting)
}
