package federation

import (
	"context"
	"database/sql"
	"net/http"
	"slices"

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
		return f.problemStatus(err), err
	}
	return a.status, a.err
}

// The statements of keepTogether.
const (
	countWaiting = `SELECT domain, COUNT(*) FROM inbox WHERE due > 0 AND domain IN (VALUES ($1)) GROUP BY domain`
	insertInbox  = `INSERT INTO inbox (id, actor, domain, type, object, body, received, due, attempts, error)`
	undoneBefore = `WITH again (id, actor) AS (VALUES ($1, $2)) SELECT DISTINCT f.id, u.id, u.actor FROM again a
		JOIN inbox f ON f.id = a.id AND f.actor = a.actor AND f.due = 0
		JOIN inbox u ON u.actor = a.actor AND u.type = 'Undo' AND u.object = a.id AND u.due = 0`
	// A host that we had given time to recover has just spoken to us: deliveries to it start at once.
	wakeHosts = `UPDATE delivery_hosts SET due = $1, attempts = 0 WHERE attempts > 0 AND due > 0 AND host IN (VALUES ($2))`
)

// keepTogether writes a batch in one transaction, and sets the outcome of each.
func (f *Federation) keepTogether(ctx context.Context, batch []*arrival) error {
	now := f.now().UnixMilli()
	return playlists.InTx(ctx, f.db, func(tx *sql.Tx) error {
		kept, err := admit(ctx, tx, batch)
		if err != nil {
			return err
		}
		if err := forgetUndone(ctx, tx, kept); err != nil {
			return err
		}
		err = playlists.InsertRows(ctx, tx, insertInbox, len(kept), func(i int) ([]any, error) {
			a := kept[i]
			return []any{a.ID, a.Actor, a.domain, a.Type, a.ObjectID, string(a.Raw), now, now, 0, ""}, nil
		}, `ON CONFLICT (id, actor) DO NOTHING`)
		if err != nil {
			return err
		}
		hosts := each(batch, func(a *arrival) string { return hostOf(a.Actor) })
		return playlists.ForRows(ctx, tx, wakeHosts, []any{now}, len(hosts), func(i int) ([]any, error) { return []any{hosts[i]}, nil })
	})
}

// forgetUndone forgets Follows that come again, with the Undos of the last time, when both are done. Misskey gives each Follow of one actor
// by another the same id, and its Undo too (ApRendererService.renderFollow, renderUndo): what comes then is no repetition.
func forgetUndone(ctx context.Context, tx *sql.Tx, batch []*arrival) error {
	follows := slices.DeleteFunc(slices.Clone(batch), func(a *arrival) bool { return a.Type != "Follow" })
	var undone [][3]string // Follow, Undo, actor
	row := func(i int) ([]any, error) { return []any{follows[i].ID, follows[i].Actor}, nil }
	err := playlists.EachForRows(undoneBefore, nil, len(follows), row, func(query string, args []any) error {
		some, err := playlists.Collect(ctx, tx, func(row playlists.Scanner) (u [3]string, err error) { return u, row.Scan(&u[0], &u[1], &u[2]) }, query, args...)
		undone = append(undone, some...)
		return err
	})
	if err != nil {
		return err
	}
	for _, u := range undone {
		if _, err := tx.ExecContext(ctx, `DELETE FROM inbox WHERE id IN ($1, $2) AND actor = $3`, u[0], u[1], u[2]); err != nil {
			return err
		}
	}
	return nil
}

// admit returns those of a batch whose domains have room, and sets the outcome of each.
func admit(ctx context.Context, tx *sql.Tx, batch []*arrival) (kept []*arrival, err error) {
	waiting := map[string]int{}
	if err := countEach(ctx, tx, countWaiting, each(batch, func(a *arrival) string { return a.domain }), waiting); err != nil {
		return nil, err
	}
	for _, a := range batch {
		if waiting[a.domain] >= maxWaitingOfDomain {
			a.status = http.StatusTooManyRequests
			a.err = playlists.Problemf(playlists.Unavailable, nil, "Too many activities of %s are waiting: try again later.", a.domain)
			continue
		}
		waiting[a.domain]++
		a.status, a.err = http.StatusAccepted, nil
		kept = append(kept, a)
	}
	return kept, nil
}

// each returns what of gives for the arrivals of a batch, everything once.
func each(batch []*arrival, of func(*arrival) string) []string {
	var all []string
	for _, a := range batch {
		if text := of(a); !slices.Contains(all, text) {
			all = append(all, text)
		}
	}
	return all
}
