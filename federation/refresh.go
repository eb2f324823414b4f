package federation

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/songferry/songferry/playlists"
)

const refreshLease = 2 * time.Minute // longer than reading the longest playlist may take

// source is a Remote playlist whose turn it is to be read.
type source struct {
	playlist   playlists.ID
	collection string
	actor      string // whose it was when it was followed, "" for a share link
	cond       Conditional
	movedTo    string // the actor that its own says, by a Move, to have become
	moved      time.Time
	due        int64 // when it was claimed: news that arrive meanwhile change it
	lease      int64 // as long as it stands, the outcome is ours to keep
	attempts   int
	failing    time.Time // since when every reading fails; zero: the last did not
}

// RefreshOnce re-reads the followed playlist that has been due longest, and returns 1, or 0 when none is due.
func (f *Federation) RefreshOnce(ctx context.Context) (int, error) {
	s, err := f.claimSource(ctx)
	if s.playlist == "" || err != nil {
		return 0, err
	}
	wants, err := f.syncing(ctx, s.playlist)
	if err != nil {
		return 0, err
	}
	if len(wants) == 0 {
		return 1, f.stopReading(ctx, s)
	}
	if until, resting := f.slowHosts.resting(s.collection, f.now()); resting {
		_, err := f.db.ExecContext(ctx, `UPDATE sources SET lease = 0, due = $1 WHERE playlist_id = $2 AND lease = $3`, until.UnixMilli(), s.playlist, s.lease)
		return 1, err
	}
	begun := f.now()
	defer func() { f.slowHosts.took(s.collection, begun, f.now()) }()
	account, told, err := f.readAs(ctx, s.playlist)
	if err != nil {
		return 0, err
	}
	if s.movedTo != "" {
		return 1, f.moveAsTold(ctx, s, told)
	}
	read, failure := f.readSource(ctx, account, s)
	if failure == nil && !read.notModified && (read.actor != s.actor || read.playlist.Source != s.collection) {
		failure = playlists.Problemf(playlists.Forbidden, nil, "The playlist at %s now belongs to somebody else, so it was not read. Follow it again if that is right.", hostOf(s.collection))
	}
	if failure == nil && f.movedUnheard(ctx, s, read) {
		return 1, nil
	}
	if ctx.Err() != nil {
		return 0, ctx.Err()
	}
	if playlists.CodeOf(failure) == playlists.Gone {
		return 1, f.sourceGone(ctx, s)
	}
	if failure == nil && !read.notModified {
		if ours, err := f.stillOurs(ctx, `UPDATE sources SET lease = $1 WHERE playlist_id = $2 AND lease = $3`, s.playlist, &s.lease, refreshLease); !ours || err != nil {
			return 1, err
		}
		read.playlist.ID = s.playlist // whatever its source was called before it moved
		_, changed, err := f.store.Record(ctx, read.playlist)
		failure = err
		if changed {
			f.log.Info("followed playlist changed", "playlist", s.playlist, "host", hostOf(s.collection))
		}
	}
	return 1, f.releaseSource(ctx, s, read, told, failure)
}

func (f *Federation) claimSource(ctx context.Context) (source, error) {
	now := f.now()
	s := source{lease: now.Add(refreshLease).UnixMilli()}
	var moved, failing int64
	err := f.db.QueryRowContext(ctx, `UPDATE sources SET lease = $1 WHERE playlist_id = (
			SELECT playlist_id FROM sources WHERE due <= $2 AND lease < $2 ORDER BY due LIMIT 1)
		AND lease < $2 RETURNING playlist_id, collection, actor, etag, last_modified, moved_to, moved, due, attempts, failing`, s.lease, now.UnixMilli()).
		Scan(&s.playlist, &s.collection, &s.actor, &s.cond.ETag, &s.cond.LastModified, &s.movedTo, &moved, &s.due, &s.attempts, &failing)
	s.moved, s.failing = playlists.FromMillis(moved), playlists.FromMillis(failing)
	if errors.Is(err, sql.ErrNoRows) {
		return source{}, nil
	}
	return s, err
}

// readSource reads a playlist if the rules allow it. One whose actor alone is blocked would else be read first.
func (f *Federation) readSource(ctx context.Context, account playlists.ID, s source) (reading, error) {
	r, err := f.policy.rules(ctx, f.db)
	if err == nil {
		err = r.allowsSource(s)
	}
	if err != nil {
		return reading{}, err
	}
	return f.readCollection(ctx, account, s.collection, s.cond)
}

// readAs returns an account whose Follow was accepted, to sign as; "" stands for the instance.
func (f *Federation) readAs(ctx context.Context, playlist playlists.ID) (account playlists.ID, told bool, err error) {
	err = f.db.QueryRowContext(ctx, `SELECT account_id FROM subscriptions WHERE playlist_id = $1 AND state = 'accepted' ORDER BY at LIMIT 1`, playlist).Scan(&account)
	if errors.Is(err, sql.ErrNoRows) {
		return "", false, nil
	}
	return account, err == nil, err
}

// releaseSource keeps the outcome and when to read next. News that came meanwhile have set an earlier time, which stays.
func (f *Federation) releaseSource(ctx context.Context, s source, read reading, told bool, failure error) error {
	now := f.now()
	next, attempts, said, failing := now.Add(f.pollEvery(told)), 0, playlists.Sentence{}, time.Time{}
	cond := s.cond
	switch {
	case failure != nil:
		f.log.Warn("followed playlist not read", "host", hostOf(s.collection), "attempt", s.attempts+1, "error", failure)
		attempts, said, failing = s.attempts+1, playlists.SentenceOf(failure), failingSince(s.failing, now)
		next = readAgain(attempts, failing, now, next)
	case !read.notModified:
		cond = read.condition
	}
	if err := f.tellReading(ctx, s.playlist, failure); err != nil {
		return err
	}
	_, err := f.db.ExecContext(ctx, `UPDATE sources SET lease = 0, attempts = $1, error = $2, etag = $3, last_modified = $4, refreshed = $5,
		due = CASE WHEN due = $6 THEN $7 ELSE due END, failing = $10 WHERE playlist_id = $8 AND lease = $9`,
		attempts, said, cond.ETag, cond.LastModified, now.UnixMilli(), s.due, next.UnixMilli(), s.playlist, s.lease, playlists.Millis(failing))
	return err
}

// sourceGone keeps that a playlist was withdrawn at its origin. Its ids are never used again, so neither is the source.
func (f *Federation) sourceGone(ctx context.Context, s source) error {
	f.log.Info("followed playlist was withdrawn", "playlist", s.playlist, "host", hostOf(s.collection))
	if err := f.store.Withdraw(ctx, s.playlist); err != nil {
		return err
	}
	return f.forgetSource(ctx, s.playlist)
}

// stopReading ends the reading of what nobody wants any more, unless somebody began to want it this moment. The Follows
// are ended by SubscribeOnce, which tells the origin.
func (f *Federation) stopReading(ctx context.Context, s source) error {
	_, err := f.db.ExecContext(ctx, `DELETE FROM sources WHERE playlist_id = $1 AND due = $2`, s.playlist, s.due)
	return err
}

func (f *Federation) forgetSource(ctx context.Context, playlist playlists.ID) error {
	return playlists.InTx(ctx, f.db, func(tx *sql.Tx) error {
		for _, forget := range []string{`DELETE FROM sources WHERE playlist_id = $1`, `DELETE FROM subscriptions WHERE playlist_id = $1`} {
			if _, err := tx.ExecContext(ctx, forget, playlist); err != nil {
				return err
			}
		}
		return nil
	})
}
