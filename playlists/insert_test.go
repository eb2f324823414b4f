package playlists_test

import (
	"errors"
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
