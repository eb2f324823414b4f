package playlists

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// Outcome is what became of a want when it was last worked on. Found and Total are in the want itself.
type Outcome struct {
	List    string   // name on the account's music server, "" when there is none
	Note    Sentence // for the person, on how the list stands; zero when there is nothing to say
	Problem Sentence // the same, on what went wrong; zero when nothing did
	Code    Code     // of Problem, "" when it has none
	At      time.Time
}

// KeepOutcome keeps what became of a want. Nothing is journalled.
func (s *Store) KeepOutcome(ctx context.Context, want ID, o Outcome) error {
	_, err := s.db.ExecContext(ctx, `INSERT INTO outcomes (want_id, list, note, problem, code, at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (want_id) DO UPDATE SET list = excluded.list, note = excluded.note, problem = excluded.problem, code = excluded.code, at = excluded.at`,
		want, o.List, o.Note, o.Problem, o.Code, Millis(s.now()))
	return err
}

// Outcome returns what became of a want; At is zero while nobody has worked on it.
func (s *Store) Outcome(ctx context.Context, want ID) (o Outcome, err error) {
	var at int64
	err = s.db.QueryRowContext(ctx, `SELECT list, note, problem, code, at FROM outcomes WHERE want_id = $1`, want).Scan(&o.List, &o.Note, &o.Problem, &o.Code, &at)
	if errors.Is(err, sql.ErrNoRows) {
		return Outcome{}, nil
	}
	o.At = FromMillis(at)
	return o, err
}
