package federation

import (
	"context"
	"database/sql"
	"errors"
	"net/http"
	"runtime"
	"sync"

	"github.com/songferry/songferry/playlists"
)

// maxTogether bounds the activities that one transaction keeps.
const maxTogether = 100

// intake lets requests that keep activities at the same time share a transaction, whose commit costs more than the rows.
// One of the requests that wait writes for all of them: there is no other goroutine, and a request that is alone does not
// wait for others.
type intake struct {
	mu      sync.Mutex
	waiting []*arrival // as many as there are requests
	busy    bool       // a request is writing, or has been told to
}

// arrival is a verified activity that a request wants to keep.
type arrival struct {
	envelope
	domain string
	status int // the outcome
	err    error
	turn   chan bool // true: write for all that wait; false: the outcome is there
}

// do returns when a has been written, by write here or in another request. write sets the outcome of each.
func (q *intake) do(a *arrival, write func([]*arrival)) {
	a.turn = make(chan bool, 1)
	q.mu.Lock()
	q.waiting = append(q.waiting, a)
	first := !q.busy
	q.busy = true
	q.mu.Unlock()
	if !first && !<-a.turn {
		return
	}
	runtime.Gosched() // requests that are about to arrive do so first: on a busy machine, a few at a time would be written
	q.mu.Lock()
	n := min(len(q.waiting), maxTogether)
	batch := q.waiting[:n:n]
	q.waiting = q.waiting[n:]
	q.mu.Unlock()
	defer q.done(batch) // also after a panic: nobody must wait for ever
	write(batch)
}

// done tells those who wait for a batch, whose first wrote it, and passes the work on.
func (q *intake) done(batch []*arrival) {
	for _, a := range batch[1:] {
		a.turn <- false
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.busy = len(q.waiting) > 0; q.busy {
		q.waiting[0].turn <- true
	}
}

// keepActivity keeps a verified activity unless it was kept before.
func (f *Federation) keepActivity(ctx context.Context, e envelope) (status int, err error) {
	domain := domainOf(hostOf(e.Actor))
	if status, err := f.takesMore(domain); err != nil {
		return status, err
	}
	a := &arrival{envelope: e, domain: domain, status: http.StatusInternalServerError, err: errNotKept}
	// The one who writes does so for others too, whoever hangs up meanwhile.
	f.intake.do(a, func(batch []*arrival) { f.keepAll(context.WithoutCancel(ctx), batch) })
	return a.status, a.err
}

var errNotKept = errors.New("the activity was not kept")

// keepAll writes a batch in one transaction; when that fails, each by itself, so that none spoils another's.
func (f *Federation) keepAll(ctx context.Context, batch []*arrival) {
	err := f.keepTogether(ctx, batch)
	if err == nil {
		return
	}
	for _, a := range batch {
		if len(batch) > 1 {
			err = f.keepTogether(ctx, []*arrival{a})
		}
		if err != nil {
			a.status, a.err = http.StatusInternalServerError, err
		}
	}
}

// The statements of keepTogether.
const (
	countWaiting = `SELECT COUNT(*) FROM inbox WHERE domain = $1 AND due > 0`
	insertInbox  = `INSERT INTO inbox (id, actor, domain, type, object, body, received, due, attempts, error)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $7, 0, '') ON CONFLICT (id, actor) DO NOTHING`
	// A host that we had given time to recover has just spoken to us: deliveries to it start at once.
	wakeHost = `UPDATE delivery_hosts SET due = $1, attempts = 0 WHERE host = $2 AND attempts > 0`
)

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
