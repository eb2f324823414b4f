package federation

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/songferry/songferry/playlists"
)

const (
	keepScheme = 7 * day   // then a server may have been upgraded
	learnSpace = time.Hour // between two changes of mind of an origin; one that always changes costs a request more
	maxSchemes = 10_000
)

// schemeOf returns how an origin wants its requests signed, as far as it is known. Not to know costs a request more, so
// an error is only logged.
func (f *Federation) schemeOf(ctx context.Context, origin string) Scheme {
	s := Cavage
	err := f.db.QueryRowContext(ctx, `SELECT scheme FROM signature_schemes WHERE origin = $1 AND learned > $2`,
		origin, f.now().Add(-keepScheme).UnixMilli()).Scan(&s)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		f.log.Warn("scheme of signatures not looked up", "origin", origin, "error", err)
	}
	return s
}

// learnScheme keeps how an origin has just taken a signature after it refused another. Of too many the newest stay.
func (f *Federation) learnScheme(ctx context.Context, origin string, s Scheme) {
	now := f.now()
	err := playlists.InTx(ctx, f.db, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO signature_schemes (origin, scheme, learned) VALUES ($1, $2, $3)
			ON CONFLICT (origin) DO UPDATE SET scheme = excluded.scheme, learned = excluded.learned WHERE signature_schemes.learned <= $4`,
			origin, s, now.UnixMilli(), now.Add(-learnSpace).UnixMilli())
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `DELETE FROM signature_schemes WHERE origin IN (SELECT origin FROM signature_schemes ORDER BY learned DESC LIMIT 1000000 OFFSET $1)`, maxSchemes)
		return err
	})
	if err != nil {
		f.log.Warn("scheme of signatures not kept", "origin", origin, "error", err)
	}
}
