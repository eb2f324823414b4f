package federation

import (
	"cmp"
	"context"
	"database/sql"
	"sync"
	"time"

	"github.com/songferry/songferry/playlists"
)

const (
	keepScheme   = 7 * day   // then a server may have been upgraded
	learnSpace   = time.Hour // between two changes of mind of an origin; one that always changes costs a request more
	maxSchemes   = 10_000
	schemesFresh = time.Minute
)

// schemes holds what signature_schemes does, since every request asks for it. A row that another process wrote is seen a
// minute later.
type schemes struct {
	mu       sync.Mutex
	byOrigin map[string]Scheme
	read     time.Time
}

// schemeOf returns how an origin wants its requests signed, as far as it is known. Not to know costs a request more, so
// an error is only logged.
func (f *Federation) schemeOf(ctx context.Context, origin string) Scheme {
	f.schemes.mu.Lock()
	defer f.schemes.mu.Unlock()
	if now := f.now(); f.schemes.byOrigin == nil || now.Sub(f.schemes.read).Abs() > schemesFresh {
		known, err := f.readSchemes(ctx, now)
		if err != nil {
			f.log.Warn("schemes of signatures not read", "error", err)
			return Cavage
		}
		f.schemes.byOrigin, f.schemes.read = known, now
	}
	return cmp.Or(f.schemes.byOrigin[origin], Cavage)
}

func (f *Federation) readSchemes(ctx context.Context, now time.Time) (map[string]Scheme, error) {
	known := map[string]Scheme{}
	_, err := playlists.Collect(ctx, f.db, func(row playlists.Scanner) (none struct{}, err error) {
		var origin string
		var s Scheme
		err = row.Scan(&origin, &s)
		known[origin] = s
		return none, err
	}, `SELECT origin, scheme FROM signature_schemes WHERE learned > $1 ORDER BY learned DESC LIMIT $2`, now.Add(-keepScheme).UnixMilli(), maxSchemes)
	return known, err
}

// learn keeps what was just written. When there are too many already, the next reading decides.
func (s *schemes) learn(origin string, scheme Scheme) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.byOrigin != nil && len(s.byOrigin) < maxSchemes {
		s.byOrigin[origin] = scheme
	}
}

// learnScheme keeps how an origin has just taken a signature after it refused another. Of too many the newest stay.
func (f *Federation) learnScheme(ctx context.Context, origin string, s Scheme) {
	now := f.now()
	var written int64
	err := playlists.InTx(ctx, f.db, func(tx *sql.Tx) error {
		r, err := tx.ExecContext(ctx, `INSERT INTO signature_schemes (origin, scheme, learned) VALUES ($1, $2, $3)
			ON CONFLICT (origin) DO UPDATE SET scheme = excluded.scheme, learned = excluded.learned WHERE signature_schemes.learned <= $4`,
			origin, s, now.UnixMilli(), now.Add(-learnSpace).UnixMilli())
		if err != nil {
			return err
		}
		if written, err = r.RowsAffected(); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `DELETE FROM signature_schemes WHERE origin IN (SELECT origin FROM signature_schemes ORDER BY learned DESC LIMIT 1000000 OFFSET $1)`, maxSchemes)
		return err
	})
	if err != nil {
		f.log.Warn("scheme of signatures not kept", "host", hostOf(origin), "error", err)
	} else if written > 0 {
		f.schemes.learn(origin, s)
	}
}
