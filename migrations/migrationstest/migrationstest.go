// Package migrationstest gives tests a database of their own. It is made once for all of them: that takes longer than
// most of their stories.
package migrationstest

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/songferry/songferry/migrations"
)

// empty returns the file of an empty database.
var empty = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "songferry")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "songferry.db")
	db, err := migrations.Open(context.Background(), file, migrations.Upgrade)
	if err != nil {
		return nil, err
	}
	if err := db.Close(); err != nil { // which empties the write-ahead log into the file
		return nil, err
	}
	return os.ReadFile(file)
})

// File returns the name of an empty database, which is removed when the test ends: the path of a file, or the address of one in the
// PostgreSQL server that the environment names.
func File(t testing.TB) string {
	t.Helper()
	if server := os.Getenv(Postgres); server != "" {
		return inPostgres(t, server)
	}
	content, err := empty()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "songferry.db")
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// Open opens an empty database, and closes it when the test ends.
func Open(t testing.TB) *sql.DB {
	t.Helper()
	db, err := migrations.Open(context.Background(), File(t), migrations.Refuse)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() }) // a test may have closed it
	return db
}
