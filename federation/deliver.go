package federation

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/songferry/songferry/playlists"
)

const (
	deliveryBatch = 20                  // deliveries to one host in one turn
	deliveryTurn  = 20 * time.Second    // no delivery begins later in a turn: a slow host gets no more time than others
	deliveryTime  = 15 * time.Second    // of one delivery
	deliveryLease = 2 * time.Minute     // a crashed process loses its turn after that; far longer than the longest turn
	giveUpAfter   = 15 * 24 * time.Hour // deliveries that a dead host's others never let have a turn
	maxOfHost     = 10_000              // deliveries that wait for one host; beyond, news are lost to it, not to us
)

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
	var s [3]*sql.Stmt
	for i, text := range []string{giveTurn, countDeliveries, insertDelivery} { // for all inboxes, since tx excludes others meanwhile
		if s[i], err = tx.PrepareContext(ctx, text); err != nil {
			return err
		}
		defer s[i].Close()
	}
	waiting := map[string]int{} // deliveries, by host
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
			if waiting[u.Host], err = waitingFor(ctx, s[0], s[1], u.Host, now); err != nil {
				return err
			}
		}
		if waiting[u.Host] >= maxOfHost {
			continue
		}
		waiting[u.Host]++
		if _, err := s[2].ExecContext(ctx, o.id, inbox, u.Host, now); err != nil {
			return err
		}
	}
	return nil
}

// The statements of queue.
const (
	// A row that is there is written too, so that releaseHost does not delete it before the transaction ends (PostgreSQL).
	giveTurn = `INSERT INTO delivery_hosts (host, due, lease, attempts, error) VALUES ($1, $2, 0, 0, '')
		ON CONFLICT (host) DO UPDATE SET lease = delivery_hosts.lease`
	countDeliveries = `SELECT COUNT(*) FROM deliveries WHERE host = $1`
	insertDelivery  = `INSERT INTO deliveries (activity, inbox, host, due, attempts, error, created) VALUES ($1, $2, $3, $4, 0, '', $4)
		ON CONFLICT (activity, inbox) DO NOTHING`
)

// waitingFor gives a host a turn if it has none, and counts the deliveries that wait for it.
func waitingFor(ctx context.Context, give, count *sql.Stmt, host string, now int64) (n int, err error) {
	if _, err := give.ExecContext(ctx, host, now); err != nil {
		return 0, err
	}
	err = count.QueryRowContext(ctx, host).Scan(&n)
	return n, err
}

// turn is the right to talk to a host, until the lease ends.
type turn struct {
	host     string
	failures int // in a row
	start    time.Time
	lease    int64
	arrived  []delivery // to be forgotten when the turn ends
}

// DeliverOnce takes one host's turn: it claims the host that waited longest, sends it what is due, and returns how many
// deliveries it tried. A host is only ever talked to by one caller, so a slow or dead one holds up nobody else's.
func (f *Federation) DeliverOnce(ctx context.Context) (n int, err error) {
	if !f.public {
		return 0, nil
	}
	t, err := f.nextTurn(ctx)
	if t.host == "" || err != nil {
		return 0, err
	}
	if err := f.policy.AllowsHost(t.host); err != nil {
		return 0, errors.Join(f.dropForbidden(ctx, t, err), f.releaseHost(ctx, t, nil))
	}
	batch, err := f.dueDeliveries(ctx, t.host)
	if err != nil {
		return 0, err
	}
	var failure error
	for _, d := range batch {
		n++
		var arrived bool
		if arrived, failure, err = f.deliver(ctx, d); err != nil {
			// What arrived has arrived, also when the daemon is to stop now.
			return n, errors.Join(err, f.execAll(context.WithoutCancel(ctx), forget(t.arrived)))
		}
		if arrived {
			t.arrived = append(t.arrived, d)
		}
		if failure != nil || f.now().Sub(t.start) > deliveryTurn {
			break
		}
	}
	return n, f.releaseHost(ctx, t, failure)
}

// dropForbidden forgets what was queued for a host before a rule forbade to talk to it: trying again for two weeks would
// not help. why is returned when it is no rule's.
func (f *Federation) dropForbidden(ctx context.Context, t turn, why error) error {
	if !isForbidden(why) {
		return why
	}
	_, err := f.db.ExecContext(ctx, `DELETE FROM deliveries WHERE host = $1`, t.host)
	return err
}

// claimHost leases the host with due deliveries whose turn it is; the zero turn when there is none.
func (f *Federation) claimHost(ctx context.Context) (turn, error) {
	t := turn{start: f.now()}
	t.lease = t.start.Add(deliveryLease).UnixMilli()
	err := f.db.QueryRowContext(ctx, `UPDATE delivery_hosts SET lease = $1 WHERE host = (
			SELECT h.host FROM delivery_hosts h WHERE h.lease < $2 AND h.due <= $2
			AND EXISTS (SELECT 1 FROM deliveries d WHERE d.host = h.host AND d.due <= $2)
			ORDER BY h.due, h.host LIMIT 1)
		AND lease < $2 RETURNING host, attempts`, t.lease, t.start.UnixMilli()).Scan(&t.host, &t.failures)
	if errors.Is(err, sql.ErrNoRows) {
		return turn{}, nil
	}
	return t, err
}

// releaseHost ends a turn, together with what arrived in it. After a failure that is the host's own, everything for it
// waits, and what has waited too long is given up: of a dead host's deliveries most are never tried. A host for which
// nothing is left loses its row, over which everybody would have to look for the next one.
func (f *Federation) releaseHost(ctx context.Context, t turn, failure error) error {
	due, failures, text := f.now(), 0, ""
	end := forget(t.arrived)
	if failure != nil {
		failures, text = t.failures+1, playlists.Say(failure)
		end = append(end, statement{`DELETE FROM deliveries WHERE host = $1 AND created < $2`, []any{t.host, due.Add(-giveUpAfter).UnixMilli()}})
		due, _ = retryAt(failures, due, retryAfterOf(failure))
	}
	end = append(end, statement{`UPDATE delivery_hosts SET lease = 0, due = $1, attempts = $2, error = $3 WHERE host = $4 AND lease = $5`,
		[]any{due.UnixMilli(), failures, text, t.host, t.lease}})
	if failure == nil {
		// Last: the statement before waited for those who queue for this host.
		end = append(end, statement{`DELETE FROM delivery_hosts WHERE host = $1 AND lease = 0
			AND NOT EXISTS (SELECT 1 FROM deliveries WHERE host = $1)`, []any{t.host}})
	}
	return f.execAll(ctx, end)
}

// forget returns the statements that forget deliveries.
func forget(all []delivery) (out []statement) {
	for _, d := range all {
		out = append(out, statement{`DELETE FROM deliveries WHERE activity = $1 AND inbox = $2`, []any{d.activity, d.inbox}})
	}
	return out
}

type delivery struct {
	activity, inbox, actor, body string
	attempts                     int
}

func (f *Federation) dueDeliveries(ctx context.Context, host string) ([]delivery, error) {
	return playlists.Collect(ctx, f.db, func(row playlists.Scanner) (d delivery, err error) {
		err = row.Scan(&d.activity, &d.inbox, &d.actor, &d.body, &d.attempts)
		return d, err
	}, `SELECT d.activity, d.inbox, a.actor, a.body, d.attempts FROM deliveries d
		JOIN activities a ON a.id = d.activity WHERE d.host = $1 AND d.due <= $2 ORDER BY a.created, d.activity LIMIT $3`,
		host, f.now().UnixMilli(), deliveryBatch)
}

// deliver sends one activity and keeps what came of it unless it arrived. failure is the host's: it answered nothing, or
// with 429 or 5xx.
func (f *Federation) deliver(ctx context.Context, d delivery) (arrived bool, failure, err error) {
	key, err := f.signingKey(ctx, d.actor)
	if err != nil {
		f.log.Error("delivery not signed", "activity", d.activity, "error", err)
		return false, nil, f.postpone(ctx, d, 0, "This bridge could not sign it.")
	}
	status, after, failure := f.post(ctx, d, key)
	switch {
	case failure == nil && status < 300:
		return true, nil, nil
	case failure == nil && status == http.StatusGone:
		f.log.Info("inbox is gone, dropping its followers", "inbox", d.inbox)
		return false, nil, f.dropInbox(ctx, d)
	case failure == nil && (status == http.StatusTooManyRequests || status >= 500):
		failure = &hostFailure{after: after, err: playlists.Problemf(playlists.Unavailable, nil, "The server answered %d.", status)}
	}
	text := playlists.Say(failure)
	if failure == nil {
		text = fmt.Sprintf("The server answered %d.", status)
	}
	f.log.Warn("delivery failed", "activity", d.activity, "inbox", d.inbox, "status", status, "attempt", d.attempts+1, "error", cmp.Or(failure, errors.New(text)))
	return false, failure, f.postpone(ctx, d, after, text)
}

// post signs now, since the Date must be fresh, and sends.
func (f *Federation) post(ctx context.Context, d delivery, key SigningKey) (status int, after time.Duration, err error) {
	ctx, cancel := context.WithTimeout(ctx, deliveryTime)
	defer cancel()
	return f.client.Post(ctx, d.inbox, []byte(d.body), func(r *http.Request, s Scheme) error {
		return Sign(s, r, []byte(d.body), key, f.now())
	})
}

func (f *Federation) postpone(ctx context.Context, d delivery, after time.Duration, text string) error {
	due, more := retryAt(d.attempts+1, f.now(), after)
	if !more {
		f.log.Warn("delivery given up", "activity", d.activity, "inbox", d.inbox, "attempts", d.attempts+1)
		return f.execAll(ctx, forget([]delivery{d}))
	}
	_, err := f.db.ExecContext(ctx, `UPDATE deliveries SET attempts = attempts + 1, due = $1, error = $2 WHERE activity = $3 AND inbox = $4`,
		due.UnixMilli(), text, d.activity, d.inbox)
	return err
}

// dropInbox forgets everything about an inbox that answered 410.
func (f *Federation) dropInbox(ctx context.Context, d delivery) error {
	return playlists.InTx(ctx, f.db, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM followers WHERE inbox = $1`, d.inbox); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM proven WHERE inbox = $1`, d.inbox); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `DELETE FROM deliveries WHERE inbox = $1`, d.inbox)
		return err
	})
}

// hostFailure is a failure of the whole host, with the time it asked us to wait.
type hostFailure struct {
	after time.Duration
	err   error
}

func (h *hostFailure) Error() string { return h.err.Error() }
func (h *hostFailure) Unwrap() error { return h.err }

func retryAfterOf(err error) time.Duration {
	var h *hostFailure
	if errors.As(err, &h) {
		return h.after
	}
	return 0
}
