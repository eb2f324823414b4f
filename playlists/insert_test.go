package playlists_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/songferry/songferry/migrations/migrationstest"
	"github.com/songferry/songferry/playlists"
)

// However many rows there are, each is written once, in few statements of few kinds, none of more values than SQLite takes.
func TestManyRowsAreWrittenByFewStatements(t *testing.T) {
	t.Parallel()
	db := migrationstest.Open(t)
	const into, after = `INSERT INTO readers (name, seq)`, `ON CONFLICT (name) DO NOTHING`
	kinds, statements, n := map[string]bool{}, 0, 1_000
	row := func(i int) ([]any, error) { return []any{string(rune('a' + i)), i}, nil }
	err := playlists.EachInsertion(into, n, row, after, func(statement string, values []any) error {
		kinds[statement] = true
		statements++
		_, err := db.Exec(statement, values...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := playlists.InsertRows(t.Context(), db, into, n, row, after); err != nil {
		t.Errorf("again: %v", err)
	}
	var rows, sum int
	if err := db.QueryRow(`SELECT COUNT(*), SUM(seq) FROM readers`).Scan(&rows, &sum); err != nil || rows != n || sum != n*(n-1)/2 {
		t.Errorf("%d rows of the sum %d, %v", rows, sum, err)
	}
	if statements > n/50 || len(kinds) > 7 {
		t.Errorf("%d statements of %d kinds", statements, len(kinds))
	}
	broken := errors.New("no such row")
	if err := playlists.InsertRows(t.Context(), db, into, 1, func(int) ([]any, error) { return nil, broken }, after); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
}

// A statement about many rows is about each of them, and about no other.
func TestAStatementAboutOneRowIsRunForMany(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 2, 3, 64, 100, 128, 129, 300} {
		db := migrationstest.Open(t)
		row := func(i int) ([]any, error) { return []any{fmt.Sprint("reader ", i), i}, nil }
		if err := playlists.InsertRows(t.Context(), db, `INSERT INTO readers (name, seq)`, 2*n+1, row, ``); err != nil {
			t.Fatal(err)
		}
		err := playlists.ForRows(t.Context(), db, `UPDATE readers SET seq = seq + $1 WHERE seq >= $2 AND name IN (VALUES ($3))`, []any{1000, 0}, n,
			func(i int) ([]any, error) { return []any{fmt.Sprint("reader ", 2*i)}, nil })
		var changed, even int
		if err == nil {
			err = db.QueryRow(`SELECT COUNT(*), COALESCE(SUM(CASE WHEN seq % 2 = 0 THEN 1 ELSE 0 END), 0) FROM readers WHERE seq >= 1000`).Scan(&changed, &even)
		}
		if err != nil || changed != n || even != n {
			t.Errorf("%d rows: %d were changed, %d of them right; %v", n, changed, even, err)
		}
	}
}

func TestAStatementThatIsAboutOtherRowsIsNotRun(t *testing.T) {
	t.Parallel()
	db := migrationstest.Open(t)
	err := playlists.ForRows(t.Context(), db, `DELETE FROM readers WHERE (name, seq) IN (VALUES ($1, $2))`, nil, 1,
		func(int) ([]any, error) { return []any{"one value"}, nil })
	if err == nil {
		t.Error("it was run")
	}
}
