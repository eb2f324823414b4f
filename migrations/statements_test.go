package migrations

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"testing"
)

func TestAStatementIsReadOnceAndRunOften(t *testing.T) {
	t.Parallel()
	c, on := oneConnection(t)
	for n := range 3 {
		if got := number(t, on, `SELECT $1 + 1`, n); got != n+1 {
			t.Errorf("%d + 1 is %d", n, got)
		}
		if len(c.idle) != 1 {
			t.Errorf("%d statements are kept", len(c.idle))
		}
	}
}

func TestTheSameTextRunsWhileItsRowsAreRead(t *testing.T) {
	t.Parallel()
	_, on := oneConnection(t)
	const twice = `SELECT n FROM (SELECT 1 AS n UNION ALL SELECT 2) numbers WHERE n > $1 ORDER BY n`
	rows, err := on.QueryContext(t.Context(), twice, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for want := 1; want <= 2; want++ {
		var got int
		if !rows.Next() {
			t.Fatal(rows.Err())
		}
		if err := rows.Scan(&got); err != nil || got != want {
			t.Errorf("row %d is %d, %v", want, got, err)
		}
		if got := number(t, on, twice, 1); got != 2 {
			t.Errorf("inside: %d", got)
		}
	}
}

func TestStatementsAreBounded(t *testing.T) {
	t.Parallel()
	c, on := oneConnection(t)
	for n := range 2 * maxStatements {
		if got := number(t, on, fmt.Sprintf(`SELECT %d`, n)); got != n {
			t.Errorf("%d is %d", n, got)
		}
	}
	if len(c.idle) != maxStatements {
		t.Errorf("%d statements are kept", len(c.idle))
	}
}

func TestAStatementSeesAChangedSchema(t *testing.T) {
	t.Parallel()
	_, on := oneConnection(t)
	for n, change := range []string{`CREATE TABLE things (n INTEGER)`, `ALTER TABLE things ADD COLUMN more INTEGER`,
		`INSERT INTO things (n, more) VALUES (1, 2)`} {
		if _, err := on.ExecContext(t.Context(), change); err != nil {
			t.Fatal(n, err)
		}
		columns := columnsOf(t, on, `SELECT * FROM things`)
		if want := min(n+1, 2); len(columns) != want {
			t.Errorf("after %q there are the columns %v", change, columns)
		}
	}
}

// A statement that was broken off is used again like any other.
func TestAnEndedRequestSpoilsNoStatement(t *testing.T) {
	t.Parallel()
	_, on := oneConnection(t)
	const text = `SELECT COUNT(*) + $1 FROM (SELECT 1) one`
	number(t, on, text, 1)
	ended, end := context.WithCancel(t.Context())
	end()
	if err := on.QueryRowContext(ended, text, 2).Scan(new(int)); err == nil {
		t.Error("an ended request was answered")
	}
	if got := number(t, on, text, 3); got != 4 {
		t.Errorf("1 + 3 is %d", got)
	}
}

// oneConnection opens a database and takes one of its connections.
func oneConnection(t *testing.T) (*conn, *sql.Conn) {
	t.Helper()
	db, err := Open(t.Context(), filepath.Join(t.TempDir(), "songferry.db"), Upgrade)
	if err != nil {
		t.Fatal(err)
	}
	on, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var inner *conn
	if err := on.Raw(func(c any) error { inner = c.(*conn); return inner.forget() }); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := on.Close(); err != nil {
			t.Error(err)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return inner, on
}

// forget closes what the migrations have run.
func (c *conn) forget() error {
	for len(c.idle) > 0 {
		if err := c.closeAny(); err != nil {
			return err
		}
	}
	return nil
}

func number(t *testing.T, on *sql.Conn, query string, args ...any) (n int) {
	t.Helper()
	if err := on.QueryRowContext(t.Context(), query, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func columnsOf(t *testing.T, on *sql.Conn, query string) []string {
	t.Helper()
	rows, err := on.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	return columns
}
