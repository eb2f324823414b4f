package federation

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"github.com/songferry/songferry/playlists"
)

// rosterPlaylist is a playlist that stands on a followed person's list and whose turn it is to be looked up.
type rosterPlaylist struct {
	person, actor string
	playlist      playlists.ID // "" when it was never looked up
	due, lease    int64
	attempts      int
}

// keepRosterPlaylists makes the rows equal to what stands on a person's list. New ones are due, and those that somebody
// lacks: an account that began to follow the person. One that left the list stays wanted, for it may only be shown to
// fewer people now; when it is gone, its own address says so.
func (f *Federation) keepRosterPlaylists(ctx context.Context, person string, actors []string, wants []playlists.PersonWant) error {
	had, err := f.rosterPlaylists(ctx, person)
	if err != nil {
		return err
	}
	lacking, err := f.lackingOf(ctx, actors, had, wants)
	if err != nil {
		return err
	}
	now := f.now().UnixMilli()
	return playlists.InTx(ctx, f.db, func(tx *sql.Tx) error {
		for actor := range had {
			if slices.Contains(actors, actor) {
				continue
			}
			if _, err := tx.ExecContext(ctx, `DELETE FROM roster_playlists WHERE person = $1 AND actor = $2`, person, actor); err != nil {
				return err
			}
		}
		for _, actor := range actors {
			_, err := tx.ExecContext(ctx, `INSERT INTO roster_playlists (person, actor, playlist_id, due, lease, attempts, error) VALUES ($1, $2, '', $3, 0, 0, '')
				ON CONFLICT (person, actor) DO NOTHING`, person, actor, now)
			if err != nil {
				return err
			}
		}
		for _, actor := range lacking {
			if _, err := tx.ExecContext(ctx, `UPDATE roster_playlists SET due = $1, attempts = 0 WHERE person = $2 AND actor = $3`, now, person, actor); err != nil {
				return err
			}
		}
		return nil
	})
}

// lackingOf returns the actors of those playlists that are known and that somebody lacks.
func (f *Federation) lackingOf(ctx context.Context, actors []string, known map[string]playlists.ID, wants []playlists.PersonWant) (out []string, err error) {
	for _, actor := range actors {
		if known[actor] == "" {
			continue
		}
		missing, err := f.lacking(ctx, wants, known[actor])
		if err != nil {
			return nil, err
		}
		if len(missing) > 0 {
			out = append(out, actor)
		}
	}
	return out, nil
}

// rosterPlaylists returns the playlists that stood on a person's list, by their actors.
func (f *Federation) rosterPlaylists(ctx context.Context, person string) (map[string]playlists.ID, error) {
	rows, err := playlists.Collect(ctx, f.db, func(row playlists.Scanner) (p rosterPlaylist, err error) {
		err = row.Scan(&p.actor, &p.playlist)
		return p, err
	}, `SELECT actor, playlist_id FROM roster_playlists WHERE person = $1`, person)
	out := make(map[string]playlists.ID, len(rows))
	for _, p := range rows {
		out[p.actor] = p.playlist
	}
	return out, err
}

// lacking returns those of wants that need a want for a playlist; all when it is not known yet.
func (f *Federation) lacking(ctx context.Context, wants []playlists.PersonWant, id playlists.ID) (out []playlists.PersonWant, err error) {
	for _, p := range wants {
		missing := id == ""
		if !missing {
			if missing, err = f.store.Lacks(ctx, p, id, time.Time{}); err != nil {
				return nil, err
			}
		}
		if missing {
			out = append(out, p)
		}
	}
	return out, nil
}

// findOnce looks up the playlist of a list that has been due longest, and makes the wants for it.
func (f *Federation) findOnce(ctx context.Context, person string) (int, error) {
	p, err := f.claimRosterPlaylist(ctx, person)
	if p.actor == "" || err != nil {
		return 0, err
	}
	if until, resting := f.slowHosts.resting(p.actor, f.now()); resting {
		_, err := f.db.ExecContext(ctx, `UPDATE roster_playlists SET lease = 0, due = $1 WHERE person = $2 AND actor = $3 AND lease = $4`,
			until.UnixMilli(), p.person, p.actor, p.lease)
		return 1, err
	}
	begun := f.now()
	failure := f.wantRosterPlaylist(ctx, &p)
	f.slowHosts.took(p.actor, begun, f.now())
	if ctx.Err() != nil {
		return 0, ctx.Err()
	}
	return 1, f.releaseRosterPlaylist(ctx, p, failure)
}

func (f *Federation) claimRosterPlaylist(ctx context.Context, person string) (p rosterPlaylist, err error) {
	now := f.now()
	p.lease = now.Add(rosterLease).UnixMilli()
	err = f.db.QueryRowContext(ctx, `UPDATE roster_playlists SET lease = $1 WHERE (person, actor) = (
			SELECT person, actor FROM roster_playlists WHERE due > 0 AND due <= $2 AND lease < $2 AND ($3 = '' OR person = $3) ORDER BY due LIMIT 1)
		AND lease < $2 RETURNING person, actor, playlist_id, due, attempts`, p.lease, now.UnixMilli(), person).
		Scan(&p.person, &p.actor, &p.playlist, &p.due, &p.attempts)
	if errors.Is(err, sql.ErrNoRows) {
		return rosterPlaylist{}, nil
	}
	return p, err
}

// wantRosterPlaylist reads a playlist from its own host and makes the wants for it; it sets p.playlist.
func (f *Federation) wantRosterPlaylist(ctx context.Context, p *rosterPlaylist) error {
	ctx, cancel := context.WithTimeout(ctx, lookupTime)
	defer cancel()
	wants, err := f.store.WantsOfPerson(ctx, p.person)
	if err != nil {
		return err
	}
	if wants, err = f.lacking(ctx, wants, p.playlist); len(wants) == 0 || err != nil {
		return err
	}
	found, handle, err := f.findRosterPlaylist(ctx, *p)
	if err != nil {
		return err
	}
	if p.playlist, _, err = f.keepFound(ctx, found, playlists.Sync); err != nil {
		return err
	}
	for _, want := range wants {
		if _, err := f.store.AddWantOf(ctx, want, playlists.Want{Playlist: p.playlist, Target: handle, Granted: found.Readable}, time.Time{}); err != nil {
			return err
		}
	}
	return nil
}

// findRosterPlaylist reads a playlist of a person's list, if it is not somebody else's, nor about to move.
func (f *Federation) findRosterPlaylist(ctx context.Context, p rosterPlaylist) (found Found, handle string, err error) {
	a, err := f.fetchActor(ctx, p.actor)
	if err != nil {
		return Found{}, "", err
	}
	if a.AttributedTo != "" && a.AttributedTo != p.person {
		return Found{}, "", playlists.Problemf(playlists.Forbidden, nil, "%s belongs to somebody else than the person who lists it.", a.label())
	}
	if waits, err := f.awaitsMove(ctx, a); waits || err != nil {
		return Found{}, "", errors.Join(err, errAwaitsMove)
	}
	found, err = f.lookupActor(ctx, "", a)
	return found, a.fullHandle(), err
}

// releaseRosterPlaylist keeps the outcome. What cannot be read is tried again for two weeks.
func (f *Federation) releaseRosterPlaylist(ctx context.Context, p rosterPlaylist, failure error) error {
	due, attempts, text := int64(0), 0, ""
	if failure != nil {
		f.log.Warn("playlist of a followed person not read", "host", hostOf(p.actor), "attempt", p.attempts+1, "error", failure)
		attempts, text = p.attempts+1, playlists.Say(failure)
		if at, more := retryAt(attempts, f.now(), 0); more {
			due = at.UnixMilli()
		}
	}
	_, err := f.db.ExecContext(ctx, `UPDATE roster_playlists SET lease = 0, playlist_id = $1, attempts = $2, error = $3,
		due = CASE WHEN due = $4 THEN $5 ELSE due END WHERE person = $6 AND actor = $7 AND lease = $8`,
		p.playlist, attempts, text, p.due, due, p.person, p.actor, p.lease)
	return err
}
