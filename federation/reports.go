package federation

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"github.com/songferry/songferry/playlists"
)

// Reports returns what others complain about, open ones first, the newest first.
func (f *Federation) Reports(ctx context.Context) ([]Report, error) {
	return playlists.Collect(ctx, f.db, scanReport, `SELECT id, actor, host, objects, text, received, resolved FROM reports
		ORDER BY CASE WHEN resolved = 0 THEN 0 ELSE 1 END, received DESC, id`)
}

func scanReport(row playlists.Scanner) (r Report, err error) {
	var objects string
	var received, resolved int64
	if err := row.Scan(&r.ID, &r.Actor, &r.Host, &objects, &r.Text, &received, &resolved); err != nil {
		return r, err
	}
	r.Received, r.Resolved = playlists.FromMillis(received), playlists.FromMillis(resolved)
	return r, json.Unmarshal([]byte(objects), &r.Objects)
}

// CalledHere returns the handle of what an address of ours stands for, be it an account, a playlist or a post about one; ""
// when it stands for nothing that has a handle now.
func (f *Federation) CalledHere(ctx context.Context, address string) (string, error) {
	kind, name, _, ok := f.addr().Parse(address)
	switch {
	case !ok:
		return "", nil
	case kind == noteAddress:
		p, err := f.postByID(ctx, name)
		if errors.Is(err, sql.ErrNoRows) {
			return "", nil
		}
		if err != nil {
			return "", err
		}
		name = p.Actor
	case kind != actorAddress && kind != playlistAddress:
		return "", nil
	}
	a, err := f.store.AccountByPublicID(ctx, name)
	if err == nil {
		return Handle{a.Handle, f.addr().Host()}.String(), nil
	}
	if !isNotFound(err) {
		return "", err
	}
	pub, err := f.store.PublicationByPublicID(ctx, name)
	if isNotFound(err) || err == nil && pub.Handle == "" {
		return "", nil
	}
	return Handle{pub.Handle, f.addr().Host()}.String(), err
}

// ResolveReport keeps that the administrator has dealt with a report. It stays for a while.
func (f *Federation) ResolveReport(ctx context.Context, id string) error {
	r, err := f.db.ExecContext(ctx, `UPDATE reports SET resolved = CASE WHEN resolved = 0 THEN $1 ELSE resolved END WHERE id = $2`, f.now().UnixMilli(), id)
	if err != nil {
		return err
	}
	if n, err := r.RowsAffected(); n > 0 || err != nil {
		return err
	}
	return playlists.Problemf(playlists.NotFound, nil, "There is no report %q.", playlists.CleanText(id, 40))
}

// tidyPolicy bounds what others say about us, and enforces the rules on whatever slipped in since they changed: a
// process may have acted on rules that were a second old.
func (f *Federation) tidyPolicy(ctx context.Context) error {
	if err := boundReports(ctx, f.db); err != nil {
		return err
	}
	_, err := f.db.ExecContext(ctx, `DELETE FROM blocks_received WHERE (actor, blocker) IN
		(SELECT actor, blocker FROM blocks_received ORDER BY at DESC LIMIT 1000000 OFFSET $1)`, maxBlocksReceived)
	if err != nil {
		return err
	}
	r, err := f.policy.rules(ctx, f.db)
	if err != nil {
		return err
	}
	_, err = f.enforce(ctx, r)
	return err
}
