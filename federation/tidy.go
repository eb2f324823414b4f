package federation

import (
	"context"
	"errors"
	"time"

	"github.com/songferry/songferry/playlists/codes"
)

const (
	KeepInbox      = 14 * 24 * time.Hour // a repetition is recognised that long; signatures are valid for an hour
	KeepActivities = 14 * 24 * time.Hour // after the last delivery
	keepHosts      = 14 * 24 * time.Hour // for which nothing waits; one that is forgotten is a new one
	KeepActors     = 90 * 24 * time.Hour // unseen actors of other servers
	KeepReports    = 90 * 24 * time.Hour // after somebody has dealt with them
	maxFinished    = 200_000             // inbox rows that are done
	maxHosts       = 50_000              // with those for which nothing waits
)

// Tidy deletes what nobody needs any more: old inbox rows, delivered activities, hosts and actors not seen for long, keys
// that may be asked for again, waits that a wrong clock made. Posts stay, since others link to them; their number is the owner's limit.
func (f *Federation) Tidy(ctx context.Context) error {
	if err := f.forgetFuture(ctx); err != nil {
		return err
	}
	now := f.now()
	for _, t := range []struct {
		query string
		time  time.Time
	}{
		{`DELETE FROM inbox WHERE due = 0 AND received < $1`, now.Add(-KeepInbox)},
		{`DELETE FROM activities WHERE created < $1 AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.activity = activities.id)`, now.Add(-KeepActivities)},
		{`DELETE FROM delivery_hosts WHERE due = 0 AND ended < $1`, now.Add(-keepHosts)},
		{`DELETE FROM missing_keys WHERE until < $1`, now},
		{`DELETE FROM quotas WHERE since <= $1`, now.Add(-quotaTime)},
		{`DELETE FROM remote_actors WHERE fetched < $1 AND NOT EXISTS (SELECT 1 FROM followers w WHERE w.follower = remote_actors.id)
			AND NOT EXISTS (SELECT 1 FROM sources s WHERE s.actor = remote_actors.id)
			AND NOT EXISTS (SELECT 1 FROM rosters p WHERE p.person = remote_actors.id)
			AND NOT EXISTS (SELECT 1 FROM moves m WHERE m.target = remote_actors.id)
			AND NOT EXISTS (SELECT 1 FROM proven p WHERE p.actor = remote_actors.id)`, now.Add(-KeepActors)},
		{`DELETE FROM proofs WHERE at < $1`, now.Add(-codes.Kept)},
		{`DELETE FROM requests WHERE at < $1`, now.Add(-KeepRequests)},
		{`DELETE FROM reports WHERE resolved > 0 AND resolved < $1`, now.Add(-KeepReports)},
		{`DELETE FROM signature_schemes WHERE learned <= $1`, now.Add(-keepScheme)},
	} {
		if _, err := f.db.ExecContext(ctx, t.query, t.time.UnixMilli()); err != nil {
			return err
		}
	}
	return errors.Join(f.foldReactions(ctx), f.tidyStamps(ctx), f.revokeStaleLinks(ctx), f.bound(ctx), f.tidyPolicy(ctx), f.forgetKeys(ctx))
}

// bound keeps the newest rows only, whatever was thrown at us: actors, with nothing of those it does not keep, and
// activities that are done.
func (f *Federation) bound(ctx context.Context) error {
	for _, b := range []struct {
		query string
		most  int
	}{
		{`DELETE FROM remote_actors WHERE id IN (SELECT id FROM remote_actors ORDER BY fetched DESC LIMIT 1000000 OFFSET $1)`, maxRemoteActors},
		{`DELETE FROM delivery_hosts WHERE due = 0 AND host IN (SELECT host FROM delivery_hosts ORDER BY ended DESC LIMIT 1000000 OFFSET $1)`, maxHosts},
		{`DELETE FROM inbox WHERE (id, actor) IN (SELECT id, actor FROM inbox WHERE due = 0 ORDER BY received DESC LIMIT 1000000 OFFSET $1)`, maxFinished},
	} {
		if _, err := f.db.ExecContext(ctx, b.query, b.most); err != nil {
			return err
		}
	}
	for _, forget := range []string{`DELETE FROM remote_keys WHERE NOT EXISTS (SELECT 1 FROM remote_actors a WHERE a.id = remote_keys.owner)`,
		`DELETE FROM renewals WHERE NOT EXISTS (SELECT 1 FROM remote_actors a WHERE a.id = renewals.actor)`} {
		if _, err := f.db.ExecContext(ctx, forget); err != nil {
			return err
		}
	}
	return nil
}
