package web

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"time"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/seal"
)

// limit bounds how often something may be done: burst times at once, then once every pause.
type limit struct {
	name  string
	burst int
	pause time.Duration
}

// budget is what somebody has of a limit.
type budget struct {
	limit
	whose string
}

// whole is how long a budget that is spent takes until nothing of it is.
func (l limit) whole() time.Duration { return time.Duration(l.burst) * l.pause }

func (l limit) of(whose string) budget { return budget{l, whose} }

// maxAhead is by how much the clock of another process may be ahead.
const maxAhead = 5 * time.Minute

// limits keep in the database what was spent of budgets: all processes share them, and no restart forgets. A row says when its budget
// is whole again (GCRA, which ITU-T I.371 describes). There are not many: budgets are of accounts and links, or whoever spends of them
// spends of ofAll too.
type limits struct {
	db    *sql.DB
	key   *seal.Key
	now   func() time.Time
	spent recently
}

func newLimits(c Config) *limits { return &limits{db: c.DB, key: c.Key, now: c.Now} }

// errSpent undoes what the budgets before the one that is spent have given.
var errSpent = errors.New("a budget is spent")

// spend takes one of each budget, or nothing at all if one of them is spent. Whoever names several names them in the same order as
// others do, so that none waits for another in a circle.
func (l *limits) spend(ctx context.Context, budgets ...budget) (ok bool, err error) {
	now := l.now()
	rows := make([]string, len(budgets))
	for i, b := range budgets {
		if rows[i] = l.row(b); l.spent.has(rows[i], now) {
			return false, nil
		}
	}
	err = playlists.InTx(ctx, l.db, func(tx *sql.Tx) error {
		for i, b := range budgets {
			ok, err := b.spend(ctx, tx, rows[i], now)
			if err != nil {
				return err
			}
			if !ok {
				l.spent.add(rows[i], now)
				return errSpent
			}
		}
		return nil
	})
	if errors.Is(err, errSpent) {
		return false, nil
	}
	return err == nil, err
}

// row is what a budget is kept by, which tells nobody whose it is.
func (l *limits) row(b budget) string {
	return hex.EncodeToString(l.key.Hash(b.whose, "limit:"+b.name))
}

// spendOne takes one of a budget that has one left. A budget that would be whole later than any is was spent while a clock was ahead:
// that is forgotten.
const spendOne = `INSERT INTO limits (budget, whole) VALUES ($1, $2)
	ON CONFLICT (budget) DO UPDATE SET whole = CASE WHEN limits.whole BETWEEN $3 AND $4 THEN limits.whole + $5 ELSE excluded.whole END
	WHERE limits.whole <= $4 OR limits.whole > $6`

func (b budget) spend(ctx context.Context, tx *sql.Tx, row string, now time.Time) (ok bool, err error) {
	r, err := tx.ExecContext(ctx, spendOne, row, playlists.Millis(now.Add(b.pause)), playlists.Millis(now), playlists.Millis(now.Add(b.whole()-b.pause)),
		b.pause.Milliseconds(), playlists.Millis(now.Add(b.whole()+maxAhead)))
	if err != nil {
		return false, err
	}
	n, err := r.RowsAffected()
	return n == 1, err
}

// giveBack undoes what was spent of a budget at a time, as far as it has not come back by itself: what others have spent since stays so.
func (l *limits) giveBack(ctx context.Context, b budget, at time.Time) error {
	rest := b.pause - max(l.now().Sub(at), 0)
	if rest <= 0 {
		return nil
	}
	_, err := l.db.ExecContext(ctx, `UPDATE limits SET whole = whole - $1 WHERE budget = $2`, rest.Milliseconds(), l.row(b))
	return err
}
