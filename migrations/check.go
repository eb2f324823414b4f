package migrations

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/pressly/goose/v3"
)

// Check reads all of the database at path, which nobody may be writing, changes nothing, and returns its schema. The error
// says that it is damaged, ErrDamaged, or of a newer program, ErrNewer.
func Check(ctx context.Context, path string) (schema int64, err error) {
	db := sql.OpenDB(connectorOf(address(path) + "?mode=ro&immutable=1"))
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := whole(ctx, db); err != nil {
		return 0, err
	}
	provider, err := newProvider(db, goose.DialectSQLite3)
	if err != nil {
		return 0, err
	}
	return version(ctx, provider)
}

// whole asks SQLite whether a database is sound, and whether it is one of ours.
func whole(ctx context.Context, db *sql.DB) error {
	var found string
	if err := db.QueryRowContext(ctx, `PRAGMA quick_check(1)`).Scan(&found); err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if found != "ok" {
		return fmt.Errorf("%w: %s", ErrDamaged, found)
	}
	var accounts int
	if err := db.QueryRowContext(ctx, `SELECT COUNT(*) FROM accounts`).Scan(&accounts); err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return nil
}
