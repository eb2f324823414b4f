package migrations_test

import (
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/songferry/songferry/migrations"
	"github.com/songferry/songferry/migrations/migrationstest"
)

// A database that people have used is the same after it went into another one, and there is none to say that it was.
func TestACopyHoldsAllThatItIsOf(t *testing.T) {
	t.Parallel()
	for _, path := range frozen(t) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			used := opened(t, unpacked(t, path).Database)
			copied := opened(t, migrationstest.File(t)) // in PostgreSQL, where the tests use that
			if err := migrations.Copy(t.Context(), used, copied); err != nil {
				t.Fatal(err)
			}
			back := opened(t, filepath.Join(t.TempDir(), "songferry.db"))
			if err := migrations.Copy(t.Context(), copied, back); err != nil {
				t.Fatal(err)
			}
			if same, err := migrations.Same(t.Context(), used, copied); err != nil || !same {
				t.Errorf("the copy is not the same, %v", err)
			}
			if before, after := dump(t, used), dump(t, back); before != after {
				t.Errorf("it held\n%s\nand the copy of its copy\n%s", before, after)
			}
			if err := migrations.Copy(t.Context(), used, copied); !errors.Is(err, migrations.ErrNotEmpty) {
				t.Errorf("copied over another's work: %v", err)
			}
		})
	}
}

// dump writes all rows of a SQLite database.
func dump(t *testing.T, db *sql.DB) string {
	t.Helper()
	var lines []string
	for _, table := range rows(t, db, `SELECT name, '' FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'goose_%'`) {
		lines = append(lines, linesOf(t, db, table[0])...)
	}
	if len(lines) < 5 {
		t.Fatal(lines)
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

func linesOf(t *testing.T, db *sql.DB, table string) (lines []string) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), `SELECT * FROM `+table)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		values, places := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			places[i] = &values[i]
		}
		if err := rows.Scan(places...); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, fmt.Sprintf("%s %#v", table, values))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return lines
}
