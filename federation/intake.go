package federation

import (
	"context"
	"database/sql"
	"net/http"

	"github.com/songferry/songferry/playlists"
)

// arrival is a verified activity that a request wants to keep.
type arrival struct {
	envelope
	domain string
	status int // the outcome
	err    error
}

// keepActivity keeps a verified activity unless it was kept before.
func (f *Federation) keepActivity(ctx context.Context, e envelope) (status int, err error) {
	domain := domainOf(hostOf(e.Actor))
	if status, err := f.takesMore(ctx, domain); err != nil {
		return status, err
	}
	a := &arrival{envelope: e, domain: domain}
	// The one who writes does so for others too, whoever hangs up meanwhile.
	err = f.intake.do(a, func(batch []*arrival) error { return f.keepTogether(context.WithoutCancel(ctx), batch) })
	if err != nil {
		return http.StatusInternalServerError, err
	}
	return a.status, a.err
}

// The statements of keepTogether.
const (
	countWaiting = `SELECT COUNT(*) FROM inbox WHERE domain = $1 AND due > 0`
	insertInbox  = `INSERT INTO inbox (id, actor, domain, type, object, body, received, due, attempts, error)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $7, 0, '') ON CONFLICT (id, actor) DO NOTHING`
	// A host that we had given time to recover has just spoken to us: deliveries to it start at once.
	wakeHost = `UPDATE delivery_hosts SET due = $1, attempts = 0 WHERE host = $2 AND attempts > 0 AND due > 0`
)

// keepTogether writes a batch in one transaction, and sets the outcome of each.
func (f *Federation) keepTogether(ctx context.Context, batch []*arrival) error {
	return playlists.InTx(ctx, f.db, func(tx *sql.Tx) error {
		k := keeping{tx: tx, now: f.now().UnixMilli(), waiting: map[string]int{}}
		woken := map[string]bool{}
		for _, a := range batch {
			if err := k.keep(ctx, a); err != nil {
				return err
			}
			if host := hostOf(a.Actor); !woken[host] {
				woken[host] = true
				if _, err := tx.ExecContext(ctx, wakeHost, k.now, host); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// keeping is a transaction that keeps activities.
type keeping struct {
	tx      *sql.Tx
	now     int64
	waiting map[string]int // activities of a domain that wait to be acted on, once counted
}

// keep keeps one activity if its domain has room.
func (k keeping) keep(ctx context.Context, a *arrival) error {
	if _, counted := k.waiting[a.domain]; !counted {
		var n int
		if err := k.tx.QueryRowContext(ctx, countWaiting, a.domain).Scan(&n); err != nil {
			return err
		}
		k.waiting[a.domain] = n
	}
	if k.waiting[a.domain] >= maxWaitingOfDomain {
		a.status = http.StatusTooManyRequests
		a.err = playlists.Problemf(playlists.Unavailable, nil, "Too many activities of %s are waiting: try again later.", a.domain)
		return nil
	}
	k.waiting[a.domain]++
	_, err := k.tx.ExecContext(ctx, insertInbox, a.ID, a.Actor, a.domain, a.Type, a.ObjectID, string(a.Raw), k.now)
	a.status, a.err = http.StatusAccepted, nil
	return err
}
