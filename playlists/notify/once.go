package notify

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"slices"
	"time"

	"github.com/songferry/songferry/playlists"
)

const (
	maxOfDay    = 20          // messages by one way within a day; what comes then waits, and is one message
	maxAttempts = 14          // with one message, over some three days; then it is dropped
	firstWait   = time.Minute // after a failure; it doubles
	longestWait = 8 * time.Hour
	wayLease    = 5 * time.Minute // longer than sending takes: to a mail server sendTimeout holds for each of five steps
)

// NotifyOnce sends what is due by one way, and returns 1, or 0 when nothing is due. What fails is tried again by its row.
func (n *Notifier) NotifyOnce(ctx context.Context) (int, error) {
	if err := n.look(ctx); err != nil {
		return 0, err
	}
	for d, ok := n.next(); ok; d, ok = n.next() {
		has, err := n.hasNews(ctx, d)
		if err != nil {
			return 0, err
		}
		if !has {
			continue
		}
		w, ok, err := n.claim(ctx, d)
		if err != nil {
			return 0, err
		}
		if ok {
			err := n.tell(ctx, w)
			n.again(d)
			return 1, err
		}
	}
	return 0, nil
}

// look finds by which ways there may be something to tell, when all that were found before have been looked at.
func (n *Notifier) look(ctx context.Context) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if len(n.maybe) > 0 {
		return nil
	}
	some, err := n.Store.MayBeToldSomething(ctx, &n.seen)
	if some != nil && len(some) == 0 || err != nil {
		return err
	}
	found, err := playlists.Collect(ctx, n.DB, scanDue, `SELECT account_id, way, since FROM ways WHERE due <= $1 AND lease <= $1 ORDER BY due, account_id, way`,
		playlists.Millis(n.Now()))
	if some != nil {
		found = slices.DeleteFunc(found, func(w way) bool { return !some[w.account] })
	}
	n.maybe = found
	return err
}

// next takes one of those, as others may at the same time.
func (n *Notifier) next() (w way, ok bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if len(n.maybe) == 0 {
		return way{}, false
	}
	w, n.maybe = n.maybe[0], n.maybe[1:]
	return w, true
}

// again has a way looked at once more: a message that was begun before is told by itself, and what has come since by the next.
func (n *Notifier) again(w way) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.maybe = append(n.maybe, w)
}

func scanDue(row playlists.Scanner) (w way, err error) {
	var since int64
	err = row.Scan(&w.account, &w.kind, &since)
	w.since = playlists.FromMillis(since)
	return w, err
}

// hasNews reports whether there is something to tell by a way, and its day has room for it.
func (n *Notifier) hasNews(ctx context.Context, w way) (bool, error) {
	any, err := n.Store.AnyToTell(ctx, w.account, w.kind, w.since)
	if !any || err != nil {
		return false, err
	}
	told, err := n.Store.ToldSince(ctx, w.account, w.kind, n.Now().Add(-24*time.Hour))
	return told < maxOfDay, err
}

// claim takes a way; ok is false when another process has it.
func (n *Notifier) claim(ctx context.Context, d way) (w way, ok bool, err error) {
	now := n.Now()
	lease := playlists.Millis(now.Add(wayLease))
	w, err = n.scan(n.DB.QueryRowContext(ctx, `UPDATE ways SET lease = $1 WHERE account_id = $2 AND way = $3 AND due <= $4 AND lease <= $4 RETURNING `+wayColumns,
		lease, d.account, d.kind, playlists.Millis(now)))
	w.lease = lease
	if errors.Is(err, sql.ErrNoRows) {
		return w, false, nil
	}
	return w, err == nil, err
}

// tell tells by a way what is due, in one message. A crash after it was sent sends it again under the same id.
func (n *Notifier) tell(ctx context.Context, w way) error {
	a, err := n.Store.Account(ctx, w.account)
	if playlists.CodeOf(err) == playlists.NotFound {
		return n.Forget(ctx, w.account)
	}
	if err != nil {
		return err
	}
	id, notices, err := n.Store.Bundle(ctx, w.account, w.kind, w.since)
	if err != nil {
		return err
	}
	lines, err := n.Words(ctx, a, notices)
	if err != nil {
		return err
	}
	if len(lines) == 0 { // all of it has passed
		return errors.Join(n.Store.Told(ctx, w.account, w.kind, id), n.release(ctx, w))
	}
	err = n.send(ctx, w, n.compose(a, id, lines))
	if ctx.Err() != nil { // we stop; whether it arrived nobody knows
		return n.release(context.WithoutCancel(ctx), w)
	}
	if err != nil {
		return n.failed(ctx, w, id, err)
	}
	return errors.Join(n.Store.Told(ctx, w.account, w.kind, id), n.worked(ctx, w))
}

func (n *Notifier) release(ctx context.Context, w way) error {
	_, err := n.DB.ExecContext(ctx, `UPDATE ways SET lease = 0 WHERE account_id = $1 AND way = $2 AND lease = $3`, w.account, w.kind, w.lease)
	return err
}

// send sends a message by a way. What an administrator named may stand in the home network.
func (n *Notifier) send(ctx context.Context, w way, m message) error {
	r := n.members
	if m.account.Admin {
		r = n.admins
	}
	switch w.kind {
	case playlists.Webhook:
		return n.sendHook(ctx, r, w, m)
	case playlists.Ntfy:
		return n.sendPush(ctx, r, w, m)
	}
	return n.sendMail(ctx, w, m)
}

func (n *Notifier) worked(ctx context.Context, w way) error {
	_, err := n.DB.ExecContext(ctx, `UPDATE ways SET lease = 0, attempts = 0, due = 0, failing = 0, problem = '', worked = $1 WHERE account_id = $2 AND way = $3 AND lease = $4`,
		playlists.Millis(n.Now()), w.account, w.kind, w.lease)
	return err
}

// failed keeps when to try again. A message whose time is over is dropped; the next has its own time.
func (n *Notifier) failed(ctx context.Context, w way, id string, failure error) error {
	// Only the sentence: a cause could name the address.
	n.Log.WarnContext(ctx, "notices not told", slog.String("way", string(w.kind)), slog.String("account", string(w.account)),
		slog.Int("attempt", w.attempts+1), slog.String("cause", playlists.Say(failure)))
	now, attempts := n.Now(), w.attempts+1
	due := now.Add(waitAfter(attempts))
	if attempts >= maxAttempts {
		if err := n.Store.Told(ctx, w.account, w.kind, id); err != nil {
			return err
		}
		attempts = 0
	}
	failing := w.failing
	if failing.IsZero() {
		failing = now
	}
	_, err := n.DB.ExecContext(ctx, `UPDATE ways SET lease = 0, attempts = $1, due = $2, failing = $3, problem = $4 WHERE account_id = $5 AND way = $6 AND lease = $7`,
		attempts, playlists.Millis(due), playlists.Millis(failing), playlists.SentenceOf(failure), w.account, w.kind, w.lease)
	return err
}

// waitAfter is how long to wait after so many failures with a message.
func waitAfter(attempts int) time.Duration {
	return min(firstWait<<min(attempts-1, 10), longestWait)
}
