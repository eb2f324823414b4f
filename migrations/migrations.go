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

	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
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

// Open opens the SQLite file at path, makes it when it is missing, and checks its schema.
func Open(ctx context.Context, path string, m Mode) (*sql.DB, error) {
	fresh, err := create(path)
	if err != nil {
		return nil, fmt.Errorf("make database: %w", err)
	}
	// The options are part of the name, so that every pooled connection has them. Immediate transactions: a deferred
	// one that reads and then writes fails with "database is locked" under load.
	name := "file:" + (&url.URL{Path: path}).EscapedPath() + "?_txlock=immediate&_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)" +
		"&_pragma=synchronous(NORMAL)&_pragma=foreign_keys(1)"
	db := sql.OpenDB(connector{&sqlite.Driver{}, name})
	db.SetMaxOpenConns(8)
	db.SetMaxIdleConns(8) // each has its prepared statements, which are lost with it
	if err := upgrade(ctx, db, fresh || m == Upgrade); err != nil {
		return nil, errors.Join(fmt.Errorf("open database %s: %w", path, err), db.Close())
	}
	return db, nil
}

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

func upgrade(ctx context.Context, db *sql.DB, allowed bool) error {
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, files)
	if err != nil {
		return err
	}
	have, want, err := provider.GetVersions(ctx)
	switch {
	case err != nil:
		return err
	case have > want:
		return ErrNewer
	case have == want:
		return nil
	case !allowed:
		return ErrOlder
	}
	_, err = provider.Up(ctx)
	return err
}
