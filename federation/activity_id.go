package federation

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"strings"
)

// activityID is the last part of an activity's id: the same for the same news, and no guide to any other.
func activityID(verb string, about ...string) string {
	sum := sha256.Sum256([]byte(verb + "\x00" + strings.Join(about, "\x00")))
	return verb + "-" + hex.EncodeToString(sum[:hashLength/2])
}

const hashLength = 32 // letters of an activity's id that stand for what it says

// wasTold reports whether the newest activity of an actor of the same kind said the same. It is for those whose id ends
// with when. After a Move that was taken back everything is to be said again.
func wasTold(ctx context.Context, tx *sql.Tx, u outgoing) (bool, error) {
	var last string
	said := u.id[:strings.LastIndexByte(u.id, '-')+1]
	verb := said[:len(said)-hashLength-1]
	err := tx.QueryRowContext(ctx, `SELECT id FROM activities WHERE actor = $1 AND (id LIKE $2 OR id LIKE 'move-%') ORDER BY created DESC, id LIMIT 1`,
		u.actor, verb+"%").Scan(&last)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return strings.HasPrefix(last, said), err
}
