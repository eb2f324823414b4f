package federation

import (
	"context"
	"database/sql"
	"encoding/json"
	"strings"
	"time"

	"github.com/songferry/songferry/playlists"
)

const (
	maxReports         = 1_000
	maxReportsOfDomain = 50 // not resolved
	maxReported        = 20 // things that one report is about
	maxLookedUp        = 50 // ids of ours in one report that are looked up: there is room for thousands of what is not there
	maxReportText      = 5_000
)

// Report is a Flag: somebody elsewhere complains about an account or a playlist of this bridge.
type Report struct {
	ID       string
	Actor    string // who reports; "" when a server does, for somebody whom it does not name (Mastodon: flag_serializer.rb)
	Host     string // of the actor
	Objects  []string
	Text     string
	Received time.Time
	Resolved time.Time // zero while the administrator has not dealt with it
}

// actFlag keeps a report for the administrator. What is about nothing of ours is dropped, and so is what a domain sends
// whose reports are not wanted, or are too many.
func (f *Federation) actFlag(ctx context.Context, e envelope) error {
	objects, err := f.reported(ctx, e)
	if len(objects) == 0 || err != nil {
		return err
	}
	r, err := f.reportOf(ctx, e)
	if err != nil {
		return err
	}
	list, err := json.Marshal(objects)
	if err != nil {
		return err
	}
	return playlists.InTx(ctx, f.db, func(tx *sql.Tx) error {
		if full, err := fullOfReports(ctx, tx, r.Host); full || err != nil {
			f.log.Warn("report dropped: its domain has sent too many", "host", r.Host)
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO reports (id, actor, host, objects, text, received, resolved) VALUES ($1, $2, $3, $4, $5, $6, 0)
			ON CONFLICT (id) DO NOTHING`, r.ID, r.Actor, r.Host, string(list), r.Text, f.now().UnixMilli())
		if err == nil {
			f.log.Info("report received", "report", r.ID, "host", r.Host)
			err = boundReports(ctx, tx)
		}
		return err
	})
}

// reportOf reads what a Flag says beside its objects.
func (f *Federation) reportOf(ctx context.Context, e envelope) (Report, error) {
	o, err := readObject(e.Raw, documentLimits)
	if err != nil {
		return Report{}, err
	}
	from, err := f.knownActor(ctx, e.Actor)
	if err != nil {
		return Report{}, err
	}
	r := Report{ID: strings.TrimPrefix(activityID("report", e.Actor, e.ID), "report-")[:12], Actor: e.Actor, Host: hostName(hostOf(e.Actor)),
		Text: playlists.CleanLines(o.words("content"), maxReportText)}
	if from.Type == "Application" {
		r.Actor = ""
	}
	return r, nil
}

// reported returns the ids of ours that a Flag names and that are there, unless its domain's reports are not wanted.
func (f *Federation) reported(ctx context.Context, e envelope) (ids []string, err error) {
	rules, err := f.policy.rules(ctx, f.db)
	if err != nil || rules.of(hostOf(e.Actor))&reportsRejected != 0 {
		return nil, err
	}
	o, err := readObject(e.Raw, documentLimits)
	if err != nil {
		return nil, err
	}
	looked := 0
	for _, v := range o.list("object") {
		id := addressIn(v)
		if !f.addr().Ours(id) {
			continue
		}
		if looked++; len(ids) == maxReported || looked > maxLookedUp {
			break
		}
		there, err := f.canBeReported(ctx, id)
		if err != nil {
			return nil, err
		}
		if there {
			ids = append(ids, id)
		}
	}
	return ids, nil
}

// canBeReported reports whether id is of an account, a playlist that is an actor, one of its rows, or a post. A share
// link is a secret, and nothing that a server could report.
func (f *Federation) canBeReported(ctx context.Context, id string) (bool, error) {
	kind, name, _, _ := f.addr().Parse(id)
	switch {
	case kind == actorAddress && name == instanceID:
		return true, nil
	case kind == noteAddress:
		return f.any(ctx, `SELECT COUNT(*) FROM posts WHERE id = $1 AND deleted = 0`, name)
	case kind == actorAddress, kind == playlistAddress:
		ours, err := f.actorsOf(ctx, name)
		return len(ours) > 0, err
	case kind == profileAddress:
		_, err := f.fingerHandle(ctx, strings.ToLower(name))
		return err == nil, ignoreNotFound(err)
	}
	return false, nil
}

// fullOfReports: nobody can fill the list that the administrator has to look through by making names below a domain.
func fullOfReports(ctx context.Context, tx *sql.Tx, host string) (bool, error) {
	var n int
	err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM reports WHERE resolved = 0 AND (host = $1 OR host LIKE '%.' || $1)`, domainOf(host)).Scan(&n)
	return n >= maxReportsOfDomain, err
}

// boundReports keeps the newest; those that are dealt with go first.
func boundReports(ctx context.Context, q playlists.Querier) error {
	_, err := q.ExecContext(ctx, `DELETE FROM reports WHERE id IN (SELECT id FROM reports
		ORDER BY CASE WHEN resolved = 0 THEN 0 ELSE 1 END, received DESC, id LIMIT 1000000 OFFSET $1)`, maxReports)
	return err
}
