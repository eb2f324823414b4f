package federation

import (
	"context"
	"database/sql"
	"errors"

	"github.com/songferry/songferry/playlists"
)

// allowsSource says whether a followed playlist may be read: its actor and its host are both allowed.
func (r *rules) allowsSource(s source) error {
	if s.actor != "" {
		if err := r.actor(s.actor); err != nil {
			return err
		}
	}
	return r.host(hostOf(s.collection))
}

func readSources(ctx context.Context, q playlists.Querier, where string, args ...any) ([]source, error) {
	return playlists.Collect(ctx, q, func(row playlists.Scanner) (s source, err error) {
		err = row.Scan(&s.playlist, &s.collection, &s.actor, &s.due)
		return s, err
	}, `SELECT playlist_id, collection, actor, due FROM sources WHERE `+where, args...)
}

// sweepSources pauses the reading of what is followed, and ends the Follows. The wants stay, and so do the copies: they
// are the person's own playlists, and go on when the rule is taken back.
func sweepSources(ctx context.Context, tx *sql.Tx, r *rules, s *Swept) error {
	// A reading that was under way may have wiped out the sentence of one that is paused.
	all, err := readSources(ctx, tx, `due <> $1 OR error = ''`, paused)
	if err != nil {
		return err
	}
	for _, src := range all {
		why := r.allowsSource(src)
		if !isForbidden(why) {
			continue
		}
		if src.due != paused {
			s.Copies++
		}
		if _, err := tx.ExecContext(ctx, `UPDATE sources SET due = $1, error = $2 WHERE playlist_id = $3`, paused, playlists.SentenceOf(why), src.playlist); err != nil {
			return err
		}
		if err := count(ctx, tx, &s.Follows, `DELETE FROM subscriptions WHERE playlist_id = $1`, src.playlist); err != nil {
			return err
		}
	}
	return nil
}

// resume lets the copies go on that the rules allow again: they are followed anew, and due to be read. The Follow comes
// first, so that a crash in between is made good by the next call. Those that nobody wants any more are forgotten.
func (f *Federation) resume(ctx context.Context) (n int, err error) {
	r, err := f.policy.rules(ctx, f.db)
	if err != nil {
		return 0, err
	}
	waiting, err := readSources(ctx, f.db, `due = $1`, paused)
	if err != nil {
		return 0, err
	}
	for _, s := range waiting {
		wants, err := f.syncing(ctx, s.playlist)
		if err != nil {
			return n, err
		}
		if len(wants) == 0 { // nobody reads it, so nobody else would notice
			if err := f.stopReading(ctx, s); err != nil {
				return n, err
			}
			continue
		}
		if r.allowsSource(s) != nil {
			continue
		}
		if err := f.matchFollows(ctx, s.playlist); err != nil {
			return n, err
		}
		_, err = f.db.ExecContext(ctx, `UPDATE sources SET due = $1, attempts = 0, error = '' WHERE playlist_id = $2 AND due = $3`,
			f.now().UnixMilli(), s.playlist, paused)
		if err != nil {
			return n, err
		}
		n++
	}
	return n, f.resumePersons(ctx, r)
}

// resumePersons follows the persons anew whom nobody follows any more although somebody wants their playlists.
func (f *Federation) resumePersons(ctx context.Context, r *rules) error {
	if !f.public() {
		return nil
	}
	persons, err := playlists.Texts(ctx, f.db, `SELECT person FROM rosters WHERE NOT EXISTS (SELECT 1 FROM subscriptions s WHERE s.actor = rosters.person)`)
	if err != nil {
		return err
	}
	for _, person := range persons {
		if r.actor(person) != nil {
			continue
		}
		wants, err := f.store.WantsOfPerson(ctx, person)
		if err != nil {
			return err
		}
		for _, w := range wants {
			if err := f.matchPerson(ctx, w.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// SourceTrouble says why a followed playlist was not read when it was last due, nothing when all is well.
func (f *Federation) SourceTrouble(ctx context.Context, playlist playlists.ID) (said playlists.Sentence, err error) {
	err = f.db.QueryRowContext(ctx, `SELECT error FROM sources WHERE playlist_id = $1`, playlist).Scan(&said)
	if errors.Is(err, sql.ErrNoRows) {
		return said, nil
	}
	return said, err
}
