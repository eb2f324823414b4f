package federation

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/songferry/songferry/playlists"
)

// rosterLease is longer than what is done in one step: a roster with its pages, or one playlist with its own.
const rosterLease = 3 * time.Minute

// roster is a followed person whose list of playlists is to be read.
type roster struct {
	person     string // actor id
	collection string // as last read
	cond       Conditional
	movedTo    string
	moved      time.Time
	due        int64 // when it was claimed: news that arrive meanwhile change it
	lease      int64 // as long as it stands, the outcome is ours to keep
	attempts   int
	failing    time.Time // since when every reading fails; zero: the last did not
}

// RosterOnce reads the list of playlists of the followed person who has been due longest, then looks up one playlist that
// stands on such a list and makes the wants for it. It returns how many of the two there were to do: a person whose list
// is always due, since they send news without end, must not keep the playlists of others waiting.
func (f *Federation) RosterOnce(ctx context.Context) (int, error) { return f.rosterOnce(ctx, "") }

// rosterOnce is RosterOnce for one person, or for all.
func (f *Federation) rosterOnce(ctx context.Context, person string) (int, error) {
	r, err := f.claimRoster(ctx, person)
	if err != nil {
		return 0, err
	}
	n := 0
	if r.person != "" {
		n, err = 1, f.followRoster(ctx, r)
	}
	found, failure := f.findOnce(ctx, person)
	return n + found, errors.Join(err, failure)
}

func (f *Federation) claimRoster(ctx context.Context, person string) (roster, error) {
	now := f.now()
	r := roster{lease: now.Add(rosterLease).UnixMilli()}
	var moved, failing int64
	err := f.db.QueryRowContext(ctx, `UPDATE rosters SET lease = $1 WHERE person = (
			SELECT person FROM rosters WHERE due <= $2 AND lease < $2 AND ($3 = '' OR person = $3) ORDER BY due LIMIT 1)
		AND lease < $2 RETURNING person, collection, etag, last_modified, moved_to, moved, due, attempts, failing`, r.lease, now.UnixMilli(), person).
		Scan(&r.person, &r.collection, &r.cond.ETag, &r.cond.LastModified, &r.movedTo, &moved, &r.due, &r.attempts, &failing)
	if errors.Is(err, sql.ErrNoRows) {
		return roster{}, nil
	}
	r.moved, r.failing = playlists.FromMillis(moved), playlists.FromMillis(failing)
	return r, err
}

// followRoster reads a claimed roster and keeps which playlists stand on it.
func (f *Federation) followRoster(ctx context.Context, r roster) error {
	wants, err := f.store.WantsOfPerson(ctx, r.person)
	if err != nil {
		return err
	}
	if len(wants) == 0 {
		return f.stopRoster(ctx, r)
	}
	if r.movedTo != "" {
		return f.movePersonAsTold(ctx, r)
	}
	read, moved, failure := f.askPerson(ctx, r)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	switch {
	case moved:
		return nil
	case playlists.CodeOf(failure) == playlists.Gone:
		return f.personGone(ctx, r)
	case failure == nil && !read.notModified:
		if ours, err := f.stillOurs(ctx, `UPDATE rosters SET lease = $1 WHERE person = $2 AND lease = $3`, r.person, &r.lease, rosterLease); !ours || err != nil {
			return err
		}
		if err := f.keepRosterPlaylists(ctx, r.person, read.actors, wants); err != nil {
			return err
		}
	}
	return f.releaseRoster(ctx, r, read, failure)
}

// askPerson reads a person's actor and their list of playlists; moved says that they are somebody else now.
func (f *Federation) askPerson(ctx context.Context, r roster) (read rosterReading, moved bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, listTime)
	defer cancel()
	if err := f.policy.AllowsActor(r.person); err != nil {
		return read, false, err
	}
	a, err := f.fetchActor(ctx, r.person)
	if err != nil {
		return read, false, err
	}
	if a.MovedTo != "" {
		if moved, err := f.movePerson(ctx, r, a.MovedTo); moved {
			return read, true, nil
		} else if err != nil {
			f.log.Info("person not followed to where they moved", "host", hostOf(r.person), "error", err)
		}
	}
	if len(a.Streams) == 0 || a.Streams[0] != r.collection {
		r.cond = Conditional{}
	}
	read, err = f.readRoster(ctx, a, r.cond)
	return read, false, err
}

// releaseRoster keeps the outcome and when to read next. News that came meanwhile have set an earlier time, which stays.
func (f *Federation) releaseRoster(ctx context.Context, r roster, read rosterReading, failure error) error {
	now := f.now()
	told, err := f.any(ctx, `SELECT COUNT(*) FROM subscriptions WHERE actor = $1 AND state = 'accepted'`, r.person)
	if err != nil {
		return err
	}
	next, attempts, said, failing := now.Add(f.pollEvery(told)), 0, playlists.Sentence{}, time.Time{}
	cond, collection := r.cond, r.collection
	switch {
	case failure != nil:
		f.log.Warn("list of a followed person not read", "host", hostOf(r.person), "attempt", r.attempts+1, "error", failure)
		attempts, said, failing = r.attempts+1, playlists.SentenceOf(failure), failingSince(r.failing, now)
		next = readAgain(attempts, failing, now, next)
	case !read.notModified:
		cond, collection = read.condition, read.collection
	}
	_, err = f.db.ExecContext(ctx, `UPDATE rosters SET lease = 0, attempts = $1, error = $2, etag = $3, last_modified = $4, collection = $5, refreshed = $6,
		due = CASE WHEN due = $7 THEN $8 ELSE due END, failing = $11 WHERE person = $9 AND lease = $10`,
		attempts, said, cond.ETag, cond.LastModified, collection, now.UnixMilli(), r.due, next.UnixMilli(), r.person, r.lease, playlists.Millis(failing))
	return err
}

// wantRoster makes a person's list due, and read without condition: there is somebody who wants what stands on it.
func (f *Federation) wantRoster(ctx context.Context, person string) error {
	_, err := f.db.ExecContext(ctx, `INSERT INTO rosters (person, collection, etag, last_modified, moved_to, moved, due, lease, attempts, error, refreshed)
		VALUES ($1, '', '', '', '', 0, $2, 0, 0, '', 0) ON CONFLICT (person) DO UPDATE SET etag = '', last_modified = '', due = excluded.due, attempts = 0, lease = 0`,
		person, f.now().UnixMilli())
	return err
}

// stopRoster ends the reading for nobody, unless somebody began to want it this moment.
func (f *Federation) stopRoster(ctx context.Context, r roster) error {
	done, err := f.db.ExecContext(ctx, `UPDATE rosters SET lease = 0 WHERE person = $1 AND due <> $2`, r.person, r.due)
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); n > 0 || err != nil {
		return err
	}
	return f.forgetRoster(ctx, r.person)
}

// personGone ends the following of a person whose actor is gone. Their playlists are read at once, to find out whether
// they are gone too: then the copies become what each account chose.
func (f *Federation) personGone(ctx context.Context, r roster) error {
	f.log.Info("followed person is gone", "host", hostOf(r.person))
	_, err := f.db.ExecContext(ctx, `UPDATE sources SET due = $1, attempts = 0 WHERE playlist_id IN (SELECT playlist_id FROM roster_playlists WHERE person = $2)`,
		f.now().UnixMilli(), r.person)
	if err != nil {
		return err
	}
	if err := f.store.LosePerson(ctx, r.person); err != nil {
		return err
	}
	return f.stopRoster(ctx, r)
}
