// Package migrations opens the database and brings its schema up to date. It alone knows which engine it is.
package migrations

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"time"

	"github.com/pressly/goose/v3"
)

//go:embed *.sql
var files embed.FS

// Mode says what Open may do to a schema that is older than the program.
type Mode int

const (
	Upgrade Mode = iota // bring it up to date
	Refuse              // leave it alone and say so: only the daemon upgrades
)

// ErrNewer: the database was upgraded by a newer Songferry.
var ErrNewer = errors.New("the database was written by a newer Songferry: install that version again, or restore a backup from before the upgrade")

// ErrOlder: the database needs an upgrade that this command may not do.
var ErrOlder = errors.New("the database is older than this Songferry: run `songferry migrate`, or start `songferry serve` once, which upgrade it")

// ErrNoCopy: an upgrade begins with a copy of the database, and that could not be made.
var ErrNoCopy = errors.New("the database needs an upgrade, and could not be copied first: is the disk full? Nothing was changed")

// ErrDamaged: the file is no database, or not whole.
var ErrDamaged = errors.New("the database is damaged: restore a backup with `songferry restore`")

// Open opens a database and checks its schema: the PostgreSQL database at a postgres:// address, or the SQLite file at path, which
// is made when it is missing. Who may upgrade a file also learns whether it is damaged before anything is written on it. The error
// is, or wraps, one of the Err… above or that Trouble returns, where one of them is the cause.
func Open(ctx context.Context, path string, m Mode) (*sql.DB, error) {
	if IsPostgres(path) {
		return openPostgres(ctx, path, m)
	}
	fresh, err := create(path)
	if err != nil {
		return nil, fmt.Errorf("make database: %w", err)
	}
	// The options are part of the name, so that every pooled connection has them. Immediate transactions: a deferred
	// one that reads and then writes fails with "database is locked" under load.
	name := address(path) + "?_txlock=immediate&_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)&_pragma=foreign_keys(1)"
	db := sql.OpenDB(connectorOf(name))
	db.SetMaxOpenConns(8)
	db.SetMaxIdleConns(8)              // each has its prepared statements, which are lost with it
	db.SetConnMaxIdleTime(time.Minute) // … and a megabyte, which a bridge at rest does without
	if err := upgrade(ctx, db, path, fresh, fresh || m == Upgrade); err != nil {
		if cause := Trouble(err); cause != nil && !errors.Is(err, ErrNoCopy) {
			err = fmt.Errorf("%w: %w", cause, err)
		}
		return nil, errors.Join(fmt.Errorf("open database %s: %w", path, err), db.Close())
	}
	return db, nil
}

// address is a file's name as SQLite wants it, with whatever characters.
func address(path string) string { return "file:" + (&url.URL{Path: path}).EscapedPath() }

// create makes an empty file for its owner alone, if there is none: links that are secrets will be in it. SQLite gives
// the files that it makes beside it the same mode.
func create(path string) (made bool, err error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, f.Close()
}

// upgrade brings the schema up to date, and keeps a copy of the database as it was.
func upgrade(ctx context.Context, db *sql.DB, path string, fresh, allowed bool) error {
	provider, err := newProvider(db, goose.DialectSQLite3)
	if err != nil {
		return err
	}
	have, err := version(ctx, provider)
	if err != nil {
		return err
	}
	if allowed && have > 0 {
		if err := whole(ctx, db); err != nil {
			return err
		}
	}
	pending, err := provider.HasPending(ctx)
	if err != nil || !pending {
		return err
	}
	if !allowed {
		return ErrOlder
	}
	if !fresh && have > 0 {
		if err := keepOld(ctx, db, path, have); err != nil {
			return fmt.Errorf("%w: %w", ErrNoCopy, err)
		}
	}
	_, err = provider.Up(ctx)
	return err
}

// newProvider allows migrations out of order: of two that were made side by side the later number may have come first.
func newProvider(db *sql.DB, dialect goose.Dialect) (*goose.Provider, error) {
	return goose.NewProvider(dialect, db, files, goose.WithAllowOutofOrder(true))
}

// version returns the schema that a database has, or ErrNewer.
func version(ctx context.Context, provider *goose.Provider) (int64, error) {
	have, want, err := provider.GetVersions(ctx)
	if err == nil && have > want {
		err = ErrNewer
	}
	return have, err
}

// Schema returns the number of the last migration that the database has had.
func Schema(ctx context.Context, db *sql.DB) (int64, error) {
	provider, err := newProvider(db, dialectOf(db))
	if err != nil {
		return 0, err
	}
	return provider.GetDBVersion(ctx)
}

func dialectOf(db *sql.DB) goose.Dialect {
	if _, ok := db.Driver().(postgresDriver); ok {
		return goose.DialectPostgres
	}
	return goose.DialectSQLite3
}
