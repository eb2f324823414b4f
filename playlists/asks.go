package playlists

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

const (
	maxAsks     = 50                  // that a child may ask for before it is answered
	KeepRefused = 30 * 24 * time.Hour // a no is shown that long
)

// Ask is that a child asks to share a playlist.
type Ask struct {
	ID       ID
	Account  ID
	By       string // the child, as shown to people
	Playlist ID
	Name     string // of the playlist
	Audience Audience
	At       time.Time
	Refused  time.Time // when the answer was no; zero while there is none
}

// AskToPublish keeps that a child wants to share a playlist of theirs, for their guardian to answer, who gets a notice.
// Asking again changes to whom. What is shared so already needs no asking.
func (s *Store) AskToPublish(ctx context.Context, id ID, a Audience) error {
	err := InTx(ctx, s.db, func(tx *sql.Tx) error {
		if err := lockOwned(ctx, tx, id); err != nil {
			return err
		}
		p, err := current(ctx, tx, id)
		if err != nil {
			return err
		}
		if a == Private || !a.Valid() {
			return Problemf(Invalid, nil, "%q needs no asking.", CleanText(string(a), 40))
		}
		child, err := publisher(ctx, tx, p, a, true)
		if err != nil {
			return err
		}
		if !child.Child {
			return Problemf(Invalid, nil, "%s needs to ask nobody.", child.Name)
		}
		pub, err := s.livePublication(ctx, tx, id)
		if err != nil || pub.Live() && pub.Audience == a {
			return err
		}
		if err := roomToAsk(ctx, tx, child.ID, id); err != nil {
			return err
		}
		var ask ID
		if _, err := tx.ExecContext(ctx, `DELETE FROM asks WHERE playlist_id = $1 AND refused > 0`, id); err != nil {
			return err
		}
		err = tx.QueryRowContext(ctx, `INSERT INTO asks (id, account_id, playlist_id, audience, at) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (playlist_id) DO UPDATE SET audience = excluded.audience RETURNING id`, NewID(), child.ID, id, a, Millis(s.now())).Scan(&ask)
		if err != nil {
			return err
		}
		return s.tellGuardians(ctx, tx, child, ask, id)
	})
	if err != nil {
		return fmt.Errorf("ask to publish: %w", err)
	}
	return nil
}

// tellGuardians keeps a notice of an ask for everybody who may answer it.
func (s *Store) tellGuardians(ctx context.Context, tx *sql.Tx, child Account, ask, playlist ID) error {
	guardians := []string{string(child.Guardian)}
	if child.Guardian == "" {
		var err error
		if guardians, err = Texts(ctx, tx, `SELECT id FROM accounts WHERE admin ORDER BY id`); err != nil {
			return err
		}
	}
	for _, g := range guardians {
		if err := s.insertNotice(ctx, tx, Notice{Account: ID(g), Kind: ShareAsked, About: string(ask), Playlist: playlist}); err != nil {
			return err
		}
	}
	return nil
}

func roomToAsk(ctx context.Context, tx *sql.Tx, child, playlist ID) error {
	var n int
	err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM asks WHERE account_id = $1 AND playlist_id <> $2 AND refused = 0`, child, playlist).Scan(&n)
	if err == nil && n >= maxAsks {
		err = Problemf(Invalid, nil, "You have asked about %d playlists already. Wait for an answer.", n)
	}
	return err
}

// Asked returns what the children of a guardian ask, oldest first; admin says that the guardian is an administrator, who
// also answers for the children that have no guardian of their own.
func (s *Store) Asked(ctx context.Context, guardian ID, admin bool) ([]Ask, error) {
	return Collect(ctx, s.db, scanAsk, `SELECT `+askColumns+` WHERE k.refused = 0 AND (a.guardian = $1 AND a.guardian <> '' OR $2 AND a.guardian = '') ORDER BY k.at, k.id`, guardian, admin)
}

// CountAsked returns how many asks Asked would return.
func (s *Store) CountAsked(ctx context.Context, guardian ID, admin bool) (n int, err error) {
	err = s.db.QueryRowContext(ctx, `SELECT COUNT(*) FROM asks k JOIN accounts a ON a.id = k.account_id
		WHERE k.refused = 0 AND (a.guardian = $1 AND a.guardian <> '' OR $2 AND a.guardian = '')`, guardian, admin).Scan(&n)
	return n, err
}

// AsksOf returns what a child asks and nobody has answered, and what was refused lately, oldest first.
func (s *Store) AsksOf(ctx context.Context, child ID) ([]Ask, error) {
	return Collect(ctx, s.db, scanAsk, `SELECT `+askColumns+` WHERE k.account_id = $1 ORDER BY k.at, k.id`, child)
}

// WithdrawAsk ends an ask of a child, who wants to share that playlist no more, or has read that the answer is no.
// It reports whether the answer was no. Notices of it that nobody was told go too: there are so many only, and a child who asks
// again and again would put out what others ask.
func (s *Store) WithdrawAsk(ctx context.Context, child, playlist ID) (refused bool, err error) {
	err = InTx(ctx, s.db, func(tx *sql.Tx) error {
		var ask ID
		var at int64
		err := tx.QueryRowContext(ctx, `DELETE FROM asks WHERE account_id = $1 AND playlist_id = $2 RETURNING id, refused`, child, playlist).Scan(&ask, &at)
		if errors.Is(err, sql.ErrNoRows) {
			return answeredAlready()
		}
		if err != nil {
			return err
		}
		refused = at > 0
		_, err = tx.ExecContext(ctx, `DELETE FROM notices WHERE kind = $1 AND about = $2 AND `+untold, ShareAsked, ask)
		return err
	})
	return refused, err
}

func answeredAlready() error { return Problemf(NotFound, nil, "That was answered already.") }

// AnswerAsk answers an ask: with yes it publishes the playlist, and a no is kept for the child to read. That the ask is one of those that the caller was Asked is
// the caller's to know.
func (s *Store) AnswerAsk(ctx context.Context, ask ID, yes bool) error {
	err := InTx(ctx, s.db, func(tx *sql.Tx) error {
		var playlist ID
		var a Audience
		// The locks come first, in the order of all who publish.
		err := tx.QueryRowContext(ctx, `SELECT playlist_id FROM asks WHERE id = $1`, ask).Scan(&playlist)
		if err == nil {
			err = lockOwned(ctx, tx, playlist)
		}
		if err == nil {
			err = s.endAsk(ctx, tx, ask, yes).Scan(&a)
		}
		if errors.Is(err, sql.ErrNoRows) {
			return answeredAlready()
		}
		if err != nil || !yes {
			return err
		}
		_, err = s.publish(ctx, tx, playlist, a, true)
		return err
	})
	if err != nil {
		return fmt.Errorf("answer ask: %w", err)
	}
	return nil
}

// endAsk returns the audience of an ask that nobody had answered.
func (s *Store) endAsk(ctx context.Context, tx *sql.Tx, ask ID, yes bool) *sql.Row {
	if yes {
		return tx.QueryRowContext(ctx, `DELETE FROM asks WHERE id = $1 AND refused = 0 RETURNING audience`, ask)
	}
	return tx.QueryRowContext(ctx, `UPDATE asks SET refused = $2 WHERE id = $1 AND refused = 0 RETURNING audience`, ask, Millis(s.now()))
}

const askColumns = `k.id, k.account_id, a.name, k.playlist_id, r.name, k.audience, k.at, k.refused FROM asks k JOIN accounts a ON a.id = k.account_id
	JOIN playlists p ON p.id = k.playlist_id JOIN revisions r ON r.playlist_id = p.id AND r.revision = p.revision`

func scanAsk(row Scanner) (a Ask, err error) {
	var at, refused int64
	err = row.Scan(&a.ID, &a.Account, &a.By, &a.Playlist, &a.Name, &a.Audience, &at, &refused)
	a.At, a.Refused = FromMillis(at), FromMillis(refused)
	return a, err
}
