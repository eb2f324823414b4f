package migrations

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"

	"github.com/pressly/goose/v3"
)

// Backup writes the database, as it is at this moment, into a new file of SQLite at path. Others may write to the database
// meanwhile. When it fails there is no file.
func Backup(ctx context.Context, db *sql.DB, path string) error {
	part := path + ".part"
	if err := os.Remove(part); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("back up: %w", err)
	}
	if _, err := create(part); err != nil { // SQLite fills an empty file, and leaves its mode as it is
		return fmt.Errorf("back up: %w", err)
	}
	var err error
	if dialectOf(db) == goose.DialectPostgres {
		err = copyToFile(ctx, db, part)
	} else {
		_, err = db.ExecContext(ctx, `VACUUM INTO $1`, part)
	}
	if err == nil {
		err = os.Rename(part, path)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("back up: %w", err), os.Remove(part))
	}
	return nil
}

// BackupFile is Backup for who has not opened the database at from, and may find it damaged. It upgrades nothing.
func BackupFile(ctx context.Context, from, path string) (err error) {
	db := sql.OpenDB(connectorOf(address(from) + "?mode=rw&_pragma=busy_timeout(5000)"))
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := Backup(ctx, db, path); err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return nil
}
