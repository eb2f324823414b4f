//go:build postgres

package migrations_test

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/songferry/songferry/migrations"
	"github.com/songferry/songferry/migrations/migrationstest"
)

// changed returns the address of the test's server with something else in it.
func changed(t *testing.T, change func(*url.URL)) string {
	t.Helper()
	u, err := url.Parse(os.Getenv(migrationstest.Postgres))
	if err != nil || u.Host == "" {
		t.Fatalf("%s says %q", migrationstest.Postgres, u)
	}
	change(u)
	return u.String()
}

func TestWhatIsWrongWithAServerIsSaidWithoutItsPassword(t *testing.T) {
	t.Parallel()
	for what, c := range map[string]struct {
		address string
		want    error
	}{
		"no address":   {"postgres://songferry:hunter2@127.0.0.1:port/songs", migrations.ErrPostgresAddress},
		"no server":    {"postgres://songferry:hunter2@127.0.0.1:1/songs", migrations.ErrServer},
		"no such role": {changed(t, func(u *url.URL) { u.User = url.UserPassword("nobody", "hunter2") }), migrations.ErrLogin},
		"no database":  {changed(t, func(u *url.URL) { u.Path = "/nothing" }), migrations.ErrLogin},
	} {
		_, err := migrations.Open(t.Context(), c.address, migrations.Upgrade)
		if !errors.Is(err, c.want) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestARoleThatMayNotWriteIsTold(t *testing.T) {
	t.Parallel()
	tx, err := opened(t, migrationstest.File(t)).BeginTx(t.Context(), &sql.TxOptions{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback() //nolint:errcheck // it wrote nothing
	if _, err := tx.Exec(`UPDATE counters SET n = 1`); !errors.Is(migrations.Trouble(err), migrations.ErrReadOnlyRole) {
		t.Errorf("%v", err)
	}
}

// Those who start at once find one schema, made once; a command makes none.
func TestManyMayStartAtOnce(t *testing.T) {
	t.Parallel()
	empty := changed(t, func(u *url.URL) { u.Path = "/" + created(t) })
	if _, err := migrations.Open(t.Context(), empty, migrations.Refuse); !errors.Is(err, migrations.ErrOlder) {
		t.Errorf("a command opens an empty database: %v", err)
	}
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			db, err := migrations.Open(t.Context(), empty, migrations.Upgrade)
			if err != nil {
				t.Error(err)
				return
			}
			if err := db.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	db := opened(t, empty)
	if _, err := db.Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, true)`); err != nil {
		t.Fatal(err)
	}
	if _, err := migrations.Open(t.Context(), empty, migrations.Upgrade); !errors.Is(err, migrations.ErrNewer) {
		t.Errorf("a newer schema: %v", err)
	}
}

// created makes a database without tables, and returns its name.
func created(t *testing.T) string {
	t.Helper()
	u, err := url.Parse(migrationstest.Bare(t))
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimPrefix(u.Path, "/")
}

// Of a transaction others see nothing before it is over, and the number of changes is another one then.
func TestOnlyOneTransactionWritesAtATimeAndOthersNotice(t *testing.T) {
	t.Parallel()
	name := migrationstest.File(t)
	db := opened(t, name)
	changes, err := migrations.WatchChanges(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	defer changes.Close()
	number := func() int64 {
		t.Helper()
		n, err := changes.Number()
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	var all sync.WaitGroup
	before, again := number(), number()
	for tries := 0; again != before; tries++ { // what happens in the server's other databases counts too
		if before, again = again, number(); tries == 1000 {
			t.Fatalf("nothing happens, and the number is %d after %d", again, before)
		}
	}
	for range 20 {
		all.Go(func() {
			if err := increase(t, db); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	var n int
	if err := db.QueryRow(`SELECT n FROM counters WHERE name = 'journal'`).Scan(&n); err != nil || n != 20 {
		t.Errorf("twenty transactions that read and then write made %d, %v", n, err)
	}
	if number() == before {
		t.Error("nobody noticed")
	}
}

// increase reads a number and writes the next, which two at once must not do.
func increase(t *testing.T, db *sql.DB) error {
	tx, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // it is over by then
	var n int
	if err := tx.QueryRow(`SELECT n FROM counters WHERE name = 'journal'`).Scan(&n); err != nil {
		return err
	}
	if _, err := tx.Exec(`UPDATE counters SET n = $1 WHERE name = 'journal'`, n+1); err != nil {
		return err
	}
	return tx.Commit()
}

func TestABackupOfAServersDatabaseIsAFileOfSQLite(t *testing.T) {
	t.Parallel()
	db := opened(t, migrationstest.File(t))
	used := opened(t, unpacked(t, frozen(t)[len(frozen(t))-1]).Database)
	if err := migrations.Copy(t.Context(), used, db); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "backup.db")
	if err := migrations.Backup(t.Context(), db, path); err != nil {
		t.Fatal(err)
	}
	if left, err := filepath.Glob(path + "?*"); err != nil || len(left) > 0 {
		t.Errorf("it left %v, %v", left, err)
	}
	schema, err := migrations.Check(t.Context(), path)
	if now := newest(t, used); err != nil || schema != now {
		t.Errorf("schema %d for %d: %v", schema, now, err)
	}
	if back := opened(t, path); dump(t, back) != dump(t, used) {
		t.Error("the backup holds something else")
	}
}

// Text that PostgreSQL does not take is found nowhere, and is no failure.
func TestTextThatNoServerTakesIsFoundNowhere(t *testing.T) {
	t.Parallel()
	db := opened(t, migrationstest.File(t))
	for _, text := range []string{"\x00", "a\x00b", "\xff"} {
		var n int
		if err := db.QueryRow(`SELECT COUNT(*) FROM accounts WHERE id = $1`, text).Scan(&n); err != nil || n != 0 {
			t.Errorf("%q: %d, %v", text, n, err)
		}
	}
}

// TestAnUpgradeBesideAReaderLetsOthersWork: a backup of another process reads a table until it is done. The upgrade waits for that, and
// keeps nobody from working for long.
func TestAnUpgradeBesideAReaderLetsOthersWork(t *testing.T) {
	t.Parallel()
	address := migrationstest.Bare(t)
	db := opened(t, address)
	exec := func(text string) {
		t.Helper()
		if _, err := db.ExecContext(t.Context(), text); err != nil {
			t.Fatal(err)
		}
	}
	exec(`DROP INDEX notices_due`)
	exec(`DELETE FROM goose_db_version WHERE version_id = 33`)
	backup, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer backup.Close()
	reads := func(text string) {
		t.Helper()
		if _, err := backup.ExecContext(t.Context(), text); err != nil {
			t.Fatal(err)
		}
	}
	reads(`BEGIN`) // as a transaction that holds no lock of ours
	reads(`LOCK TABLE notices IN ROW EXCLUSIVE MODE`)
	upgraded := make(chan error, 1)
	go func() {
		newer, err := migrations.Open(context.WithoutCancel(t.Context()), address, migrations.Upgrade)
		if err == nil {
			err = newer.Close()
		}
		upgraded <- err
	}()
	waits := func() (n int) {
		t.Helper()
		err := db.QueryRowContext(t.Context(), `SELECT COUNT(*) FROM pg_locks WHERE NOT granted AND relation = 'notices'::regclass`).Scan(&n)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	for waits() == 0 {
	}
	for waits() > 0 {
	}
	if err := increase(t, db); err != nil {
		t.Errorf("another process at work: %v", err)
	}
	reads(`ROLLBACK`)
	if err := <-upgraded; err != nil {
		t.Errorf("upgraded: %v", err)
	}
	exec(`DROP INDEX notices_due`) // it is there
}
