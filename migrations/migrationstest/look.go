package migrationstest

import (
	"database/sql"
	"fmt"
	"os"
	"testing"

	"github.com/songferry/songferry/migrations"
)

// Column is a column of a table.
type Column struct{ Table, Name string }

// Columns returns all columns of a database.
func Columns(t testing.TB, db *sql.DB) []Column {
	t.Helper()
	query := `SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'`
	if os.Getenv(Postgres) != "" {
		query = `SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'`
	}
	rows, err := db.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var all []Column
	for rows.Next() {
		var c Column
		if err := rows.Scan(&c.Table, &c.Name); err != nil {
			t.Fatal(err)
		}
		all = append(all, c)
	}
	if err := rows.Err(); err != nil || len(all) == 0 {
		t.Fatalf("%d columns, %v", len(all), err)
	}
	return all
}

// Content returns all that the database of File's name holds: of a file its bytes, whatever they are, else all values.
func Content(t testing.TB, db *sql.DB, name string) []byte {
	t.Helper()
	if !migrations.IsPostgres(name) {
		if _, err := db.ExecContext(t.Context(), `PRAGMA wal_checkpoint(TRUNCATE)`); err != nil {
			t.Fatal(err)
		}
		file, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		return file
	}
	var content []byte
	for _, c := range Columns(t, db) {
		content = append(content, values(t, db, c)...)
	}
	return content
}

func values(t testing.TB, db *sql.DB, c Column) (all []byte) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), fmt.Sprintf(`SELECT %q FROM %q`, c.Name, c.Table))
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var value any
		if err := rows.Scan(&value); err != nil {
			t.Fatal(err)
		}
		if raw, ok := value.([]byte); ok {
			all = append(append(all, raw...), '\n')
			continue
		}
		all = fmt.Appendln(all, value)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// Refuse makes a database fail whenever a column is written, until end is called.
func Refuse(t testing.TB, db *sql.DB, column, table string) (end func()) {
	t.Helper()
	exec := func(text string) {
		t.Helper()
		if _, err := db.ExecContext(t.Context(), text); err != nil {
			t.Fatal(err)
		}
	}
	begin := []string{`CREATE TRIGGER test_full BEFORE UPDATE OF ` + column + ` ON ` + table + ` BEGIN SELECT RAISE(ABORT, 'no room'); END`}
	over := []string{`DROP TRIGGER test_full`}
	if os.Getenv(Postgres) != "" {
		begin = []string{`CREATE FUNCTION test_full() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no room'; END $$`,
			`CREATE TRIGGER test_full BEFORE UPDATE OF ` + column + ` ON ` + table + ` FOR EACH ROW EXECUTE FUNCTION test_full()`}
		over = []string{`DROP TRIGGER test_full ON ` + table, `DROP FUNCTION test_full`}
	}
	for _, text := range begin {
		exec(text)
	}
	return func() {
		t.Helper()
		for _, text := range over {
			exec(text)
		}
	}
}
