package migrations

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"hash/fnv"
	"strings"
	"time"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

// oldestPostgres is the oldest major version of PostgreSQL that works, and is still maintained.
const oldestPostgres = 13

// ErrPostgresOld: the server is of a version that nobody maintains.
var ErrPostgresOld = fmt.Errorf("the PostgreSQL server is too old: Songferry needs version %d or newer", oldestPostgres)

// ErrPostgresAddress: what SONGFERRY_DATABASE says cannot be read. The address itself is a secret.
var ErrPostgresAddress = errors.New("the address of the PostgreSQL database cannot be read: it looks like postgres://user:password@host:5432/name")

// IsPostgres reports whether a database is named by the address of one in PostgreSQL.
func IsPostgres(name string) bool {
	return strings.HasPrefix(name, "postgres://") || strings.HasPrefix(name, "postgresql://")
}

// maxPostgres bounds the connections of a process, which are made as they are needed: a server has 100 by default, for all.
const maxPostgres = 16

// openPostgres opens a database that any number of processes may have open. Of those that start at once one upgrades its schema, and
// the others wait.
func openPostgres(ctx context.Context, address string, m Mode) (*sql.DB, error) {
	db, err := connectPostgres(address, lockTime)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(maxPostgres)
	db.SetMaxIdleConns(maxPostgres)
	if err := upgradePostgres(ctx, db, address, m); err != nil {
		if cause := Trouble(err); cause != nil {
			err = fmt.Errorf("%w: %w", cause, err)
		}
		return nil, errors.Join(fmt.Errorf("open database: %w", err), db.Close())
	}
	return db, nil
}

// snapshot returns a number that differs from those before once a transaction was committed: a hash of which transactions are over.
// (The place in the log that is written ahead will not do: a transaction is in it before others see what it did.)
func snapshot(ctx context.Context, db *sql.DB) (int64, error) {
	var over string
	if err := db.QueryRowContext(ctx, `SELECT pg_current_snapshot()::text`).Scan(&over); err != nil {
		return 0, err
	}
	h := fnv.New64a()
	h.Write([]byte(over))
	return int64(h.Sum64()), nil
}

func upgradePostgres(ctx context.Context, db *sql.DB, address string, m Mode) error {
	provider, err := newProvider(db, goose.DialectPostgres)
	if err != nil {
		return err
	}
	if _, err := version(ctx, provider); err != nil {
		return err
	}
	pending, err := provider.HasPending(ctx)
	if err != nil || !pending {
		return err
	}
	if m != Upgrade {
		return ErrOlder
	}
	return migratePostgres(ctx, address)
}

const (
	migrateLock = 2 * time.Second  // how long a migration waits for a table, while everybody who wants that table waits for it
	migrateTime = 30 * time.Minute // longer than a backup takes, which reads each table until it is done
	migrateRest = time.Second      // in which the others work
)

// migratePostgres brings the schema up to date, alone: others who want to wait. Other processes work meanwhile. Where one of them reads a
// table for long, as for a backup, a migration tries again and again, and lets the others work in between.
func migratePostgres(ctx context.Context, address string) (err error) {
	db, err := connectPostgres(address, migrateLock)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(goose.DialectPostgres, db, files, goose.WithAllowOutofOrder(true), goose.WithSessionLocker(locker))
	if err != nil {
		return err
	}
	for begun := time.Now(); ; {
		_, err := provider.Up(ctx)
		if !errors.Is(Trouble(err), ErrLocked) || time.Since(begun) > migrateTime {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(migrateRest):
		}
	}
}

// Size returns how many bytes a database in PostgreSQL takes there.
func Size(ctx context.Context, db *sql.DB) (n int64, err error) {
	return n, db.QueryRowContext(ctx, `SELECT pg_database_size(current_database())`).Scan(&n)
}

// copyToFile makes a SQLite file at path, which is there and empty, of a database in PostgreSQL. A process of an older release, which
// goes on beside a newer one, does not know all that there is: the error is ErrNewer.
func copyToFile(ctx context.Context, db *sql.DB, path string) error {
	provider, err := newProvider(db, goose.DialectPostgres)
	if err != nil {
		return err
	}
	if _, err := version(ctx, provider); err != nil {
		return err
	}
	file, err := Open(ctx, path, Upgrade)
	if err != nil {
		return err
	}
	return errors.Join(Copy(ctx, db, file), file.Close()) // which empties the write-ahead log into it
}
