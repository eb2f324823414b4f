package playlists

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"time"
)

// Way is how an account is told its notices. Each tells every notice once, whatever the others do.
type Way string

const (
	Fediverse Way = "fediverse" // a direct message to the person's own account there
	Webhook   Way = "webhook"   // a POST to an address of the person's choice
	Ntfy      Way = "ntfy"      // a push message by a server that speaks ntfy
	Email     Way = "email"
)

// Look is what somebody who tells notices remembers between two looks for some. The zero value has not looked yet.
type Look struct {
	mu  sync.Mutex
	all time.Time // when everybody was looked at last
}

// lookAll is how often everybody is looked at, which costs something for each notice that is kept. In between, only those are who have
// a notice that became due: what else lets one be told, such as a day that is over, waits for the next look at everybody.
const lookAll = time.Minute

// MayBeToldSomething returns which accounts are worth a look, nil for all of them.
func (s *Store) MayBeToldSomething(ctx context.Context, l *Look) (some map[ID]bool, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := s.now()
	if now.Sub(l.all).Abs() >= lookAll {
		l.all = now
		return nil, nil
	}
	ids, err := Collect(ctx, s.db, func(row Scanner) (id ID, err error) { return id, row.Scan(&id) },
		`SELECT DISTINCT account_id FROM notices WHERE due > $1 AND due <= $2`, Millis(now.Add(-2*lookAll)), Millis(now))
	if err != nil {
		return nil, err
	}
	some = map[ID]bool{}
	for _, id := range ids {
		some[id] = true
	}
	return some, nil
}

// Bundle returns the notices of an account that are to be told together by a way, oldest first, with the name of that
// message: those of a message that was begun and not told yet, else all that are due; none that are older than since. It
// returns "" when there are none. Asked again before Told it returns the same.
func (s *Store) Bundle(ctx context.Context, account ID, w Way, since time.Time) (message string, all []Notice, err error) {
	err = InTx(ctx, s.db, func(tx *sql.Tx) error {
		err := tx.QueryRowContext(ctx, `SELECT t.message FROM tellings t JOIN notices n ON n.id = t.notice_id
			WHERE n.account_id = $1 AND t.way = $2 AND t.told = 0 AND n.at >= $3 LIMIT 1`, account, w, Millis(since)).Scan(&message)
		if errors.Is(err, sql.ErrNoRows) {
			message = randomText()
			_, err = tx.ExecContext(ctx, `INSERT INTO tellings (notice_id, way, message, told) SELECT id, $1, $2, 0 FROM notices
				WHERE account_id = $3 AND due <= $4 AND at >= $5 AND `+untoldBy+`$1)`, w, message, account, Millis(s.now()), Millis(since))
		}
		if err != nil {
			return err
		}
		all, err = Collect(ctx, tx, scanNotice, `SELECT `+noticeColumns+` FROM notices WHERE account_id = $1
			AND id IN (SELECT notice_id FROM tellings WHERE message = $2 AND way = $3 AND told = 0) ORDER BY at, id`, account, message, w)
		return err
	})
	if len(all) == 0 {
		message = ""
	}
	return message, all, err
}

// untoldBy begins a condition that is true of a notice that was not told by a way, and not begun to be. The way follows.
const untoldBy = `NOT EXISTS (SELECT 1 FROM tellings t WHERE t.notice_id = notices.id AND t.way = `

// AnyToTell reports whether Bundle would return something.
func (s *Store) AnyToTell(ctx context.Context, account ID, w Way, since time.Time) (bool, error) {
	var n int
	err := s.db.QueryRowContext(ctx, `SELECT COUNT(*) FROM notices WHERE account_id = $1 AND at >= $3 AND (due <= $2 AND `+untoldBy+`$4)
		OR EXISTS (SELECT 1 FROM tellings t WHERE t.notice_id = notices.id AND t.way = $4 AND t.told = 0))`, account, Millis(s.now()), Millis(since), w).Scan(&n)
	return n > 0, err
}

// Told keeps that the notices of a message were told by a way.
func (s *Store) Told(ctx context.Context, account ID, w Way, message string) error {
	_, err := s.db.ExecContext(ctx, `UPDATE tellings SET told = $1 WHERE message = $2 AND way = $3 AND told = 0
		AND notice_id IN (SELECT id FROM notices WHERE account_id = $4)`, Millis(s.now()), message, w, account)
	return err
}

// ToldSince counts the messages by which an account was told something by a way since then.
func (s *Store) ToldSince(ctx context.Context, account ID, w Way, since time.Time) (n int, err error) {
	err = s.db.QueryRowContext(ctx, `SELECT COUNT(DISTINCT t.message) FROM tellings t JOIN notices n ON n.id = t.notice_id
		WHERE n.account_id = $1 AND t.way = $2 AND t.told > $3`, account, w, Millis(since)).Scan(&n)
	return n, err
}
