package playlists

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// Store keeps accounts, playlists, the journal and wants. It is safe for concurrent use, also by several processes.
type Store struct {
	db  *sql.DB
	now func() time.Time
}

// New returns a Store on an open, migrated database. now is the clock, time.Now outside tests.
func New(db *sql.DB, now func() time.Time) *Store { return &Store{db: db, now: now} }

// InTx runs fn in a transaction: committed when fn returns nil, else rolled back. fn must not use db itself.
func InTx(ctx context.Context, db *sql.DB, fn func(*sql.Tx) error) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := fn(tx); err != nil {
		return errors.Join(err, ignoreDone(tx.Rollback()))
	}
	return tx.Commit()
}

// lock makes other transactions about a playlist wait until tx ends, so that what tx has read stays true. On SQLite every
// transaction excludes the others anyway; on PostgreSQL only a row that was written does.
func lock(ctx context.Context, tx *sql.Tx, playlist ID) error {
	_, err := tx.ExecContext(ctx, `UPDATE playlists SET revision = revision WHERE id = $1`, playlist)
	return err
}

// ignoreDone: a transaction whose context ended is already rolled back, and fn's error says so.
func ignoreDone(err error) error {
	if errors.Is(err, sql.ErrTxDone) {
		return nil
	}
	return err
}

// Millis is t as the database keeps it: unix milliseconds, 0 for the zero time.
func Millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// FromMillis is the inverse of Millis, in UTC.
func FromMillis(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}
