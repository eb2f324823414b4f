package web

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"log/slog"
	"time"

	"github.com/songferry/songferry/federation"
	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/lease"
	"github.com/songferry/songferry/playlists/match"
	"github.com/songferry/songferry/subsonicbridge"
)

const (
	maxLookups = 20 // of an account, the newest
	maxWaiting = 5  // of an account, that are still being looked at
	keepLookup = 24 * time.Hour
)

// Lookups are what people want to follow or import and have not said yes to. LookupOnce does the slow part: it asks other
// servers, and looks for each track in the person's library.
type Lookups struct {
	db     *sql.DB
	music  *subsonicbridge.Bridge
	fed    *federation.Federation
	now    func() time.Time
	leases lease.Leases
	log    *slog.Logger
}

// NewLookups takes what it needs of the configuration of the pages.
func NewLookups(c Config) *Lookups {
	l := &Lookups{db: c.DB, music: c.Music, fed: c.Fed, now: c.Now, log: c.Log}
	if l.now == nil {
		l.now = time.Now
	}
	l.leases = lease.Of(l.db, l.now, l.log)
	return l
}

// lookup is a row.
type lookup struct {
	ID      playlists.ID
	Account playlists.ID
	Target  string              // handle or address; of a file, its name
	File    *playlists.Playlist // what is in it, until that was looked at
	Result  *lookedAt           // nil while it is being looked at
	Taken   time.Time           // when the account said yes
	Want    playlists.ID        // what came of that
}

// lookedAt is what looking at something came to.
type lookedAt struct {
	Problem playlists.Sentence `json:",omitzero"`  // why nothing did
	Found   *federation.Found  `json:",omitempty"` // nil with a Problem
	Classes []match.Class      `json:",omitempty"` // beside the tracks of Found.Playlist
	Lists   []personList       `json:",omitempty"` // of Found.Person, the first ones

	Silent    playlists.Sentence `json:",omitzero"`  // why the person's music server did not answer, zero when it did
	Unchecked bool               `json:",omitempty"` // nothing is known of what it has, so there are no Classes
	Read      time.Time          `json:",omitzero"`  // when it was last read, if that is known
}

// personList is a playlist of a person, as far as one looks at it who looks at the person.
type personList struct {
	Target                      string
	Name                        string
	Closed                      bool // for followers that its owner approves
	Total, Here, Check, Strange int
	Problem                     playlists.Sentence `json:",omitzero"`
}

const lookupColumns = `id, account_id, target, file, result, taken, want_id`

func scanLookup(row playlists.Scanner) (l lookup, err error) {
	var file, result string
	var taken int64
	if err := row.Scan(&l.ID, &l.Account, &l.Target, &file, &result, &taken, &l.Want); err != nil {
		return l, err
	}
	l.Taken = playlists.FromMillis(taken)
	if file != "" {
		err = json.Unmarshal([]byte(file), &l.File)
	}
	if result != "" {
		err = errors.Join(err, json.Unmarshal([]byte(result), &l.Result))
	}
	return l, err
}

// add keeps that an account wants to see what a target is, or a file with its name. The oldest of too many goes.
func (l *Lookups) add(ctx context.Context, account playlists.ID, target string, file *playlists.Playlist) (playlists.ID, error) {
	var text []byte
	if file != nil {
		var err error
		if text, err = json.Marshal(file); err != nil {
			return "", err
		}
	}
	id := playlists.NewID()
	return id, playlists.InTx(ctx, l.db, func(tx *sql.Tx) error {
		var waiting int
		if err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM lookups WHERE account_id = $1 AND result = ''`, account).Scan(&waiting); err != nil {
			return err
		}
		if waiting >= maxWaiting {
			return playlists.Problemf(playlists.Unavailable, nil, "%d others that you asked for are still being looked at. Wait until they are done.", waiting)
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO lookups (`+lookupColumns+`, done, total, lease, created) VALUES ($1, $2, $3, $4, '', 0, '', 0, 0, 0, $5)`,
			id, account, playlists.CleanText(target, maxTarget), string(text), playlists.Millis(l.now()))
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `DELETE FROM lookups WHERE account_id = $1 AND id NOT IN (
			SELECT id FROM lookups WHERE account_id = $1 ORDER BY created DESC, id LIMIT $2)`, account, maxLookups)
		return err
	})
}

// get returns a lookup of an account. Another account's is like one that never was.
func (l *Lookups) get(ctx context.Context, account playlists.ID, id string) (lookup, error) {
	row, err := scanLookup(l.db.QueryRowContext(ctx, `SELECT `+lookupColumns+` FROM lookups WHERE id = $1 AND account_id = $2`, id, account))
	if errors.Is(err, sql.ErrNoRows) {
		err = playlists.Problemf(playlists.NotFound, nil, "What was looked at here is no longer kept. Look at it again.")
	}
	return row, err
}

// howFar returns how far an account's lookup has come.
func (l *Lookups) howFar(ctx context.Context, account playlists.ID, id string) (u subsonicbridge.Underway, err error) {
	err = l.db.QueryRowContext(ctx, `SELECT done, total, result = '' FROM lookups WHERE id = $1 AND account_id = $2`, id, account).Scan(&u.Done, &u.Total, &u.Busy)
	if errors.Is(err, sql.ErrNoRows) {
		return u, nil // the page says so
	}
	return u, err
}

// take keeps that an account says yes to a lookup, and reports whether it is the first time.
func (l *Lookups) take(ctx context.Context, id playlists.ID) (first bool, err error) {
	r, err := l.db.ExecContext(ctx, `UPDATE lookups SET taken = $1 WHERE id = $2 AND taken = 0`, playlists.Millis(l.now()), id)
	if err != nil {
		return false, err
	}
	n, err := r.RowsAffected()
	return n == 1, err
}

// took keeps what came of a yes; nothing, when want is "": then it may be said again.
func (l *Lookups) took(ctx context.Context, id, want playlists.ID) error {
	_, err := l.db.ExecContext(ctx, `UPDATE lookups SET want_id = $1, taken = CASE WHEN $1 = '' THEN 0 ELSE taken END WHERE id = $2`, want, id)
	return err
}

// TakeOver frees what a process that died had in hand. No other process may be at work on the database.
func (l *Lookups) TakeOver(ctx context.Context) error {
	_, err := l.db.ExecContext(ctx, `UPDATE lookups SET lease = 0 WHERE lease > 0`)
	return err
}
