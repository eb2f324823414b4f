package migrations_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/songferry/songferry/migrations"
)

func TestABackupHoldsWhatTheDatabaseHeldAndIsForItsOwnerAlone(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	db, err := migrations.Open(t.Context(), filepath.Join(folder, "songferry.db"), migrations.Upgrade)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), `INSERT INTO sign_outs (account_id, at) VALUES ('alice', 42)`); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(folder, "a backup’s name.db")
	if err := migrations.Backup(t.Context(), db, path); err != nil {
		t.Fatal(err)
	}
	if about, err := os.Stat(path); err != nil || about.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", about, err)
	}
	copied, err := migrations.Open(t.Context(), path, migrations.Refuse)
	if err != nil {
		t.Fatal(err)
	}
	defer copied.Close()
	var at int
	if err := copied.QueryRowContext(t.Context(), `SELECT at FROM sign_outs WHERE account_id = 'alice'`).Scan(&at); err != nil || at != 42 {
		t.Errorf("%d %v", at, err)
	}
	if err := migrations.Backup(t.Context(), db, filepath.Join(folder, "no such folder", "x.db")); err == nil {
		t.Error("a backup into no folder went well")
	}
}
