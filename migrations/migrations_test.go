package migrations_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/songferry/songferry/migrations"
)

func TestAFreshDatabaseIsMadeByAnyCommand(t *testing.T) {
	t.Parallel()
	open(t, filepath.Join(t.TempDir(), "a folder with spaces?#%", "songferry.db"), migrations.Refuse, "")
}

func TestOnlyItsOwnerMayReadTheDatabase(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	db, err := migrations.Open(t.Context(), filepath.Join(folder, "songferry.db"), migrations.Upgrade)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	files, err := os.ReadDir(folder)
	if err != nil || len(files) < 2 { // the write-ahead log too
		t.Fatalf("%v, %v", files, err)
	}
	for _, f := range files {
		if info, err := f.Info(); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s is %v, %v", f.Name(), info.Mode(), err)
		}
	}
}

func TestOnlyTheDaemonUpgrades(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "songferry.db")
	open(t, path, migrations.Upgrade, `DELETE FROM goose_db_version WHERE version_id > 1`)
	if _, err := migrations.Open(t.Context(), path, migrations.Refuse); !errors.Is(err, migrations.ErrOlder) {
		t.Errorf("an older schema: %v", err)
	}
}

func TestANewerSchemaIsRefused(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "songferry.db")
	open(t, path, migrations.Upgrade, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, TRUE)`)
	_, err := migrations.Open(t.Context(), path, migrations.Upgrade)
	if !errors.Is(err, migrations.ErrNewer) {
		t.Errorf("a newer schema: %v", err)
	}
}

// open opens the database, runs a statement, and closes it.
func open(t *testing.T, path string, m migrations.Mode, statement string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	db, err := migrations.Open(t.Context(), path, m)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}
