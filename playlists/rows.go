package playlists

import (
	"context"
	"database/sql"
	"strconv"
	"strings"
)

// What every package that owns tables reads and changes its rows with.

// Querier is what *sql.DB and *sql.Tx have in common.
type Querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// Collect runs a query and scans every row with scan.
func Collect[T any](ctx context.Context, q Querier, scan func(Scanner) (T, error), query string, args ...any) ([]T, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

// Texts returns the rows of a query of one text column.
func Texts(ctx context.Context, q Querier, query string, args ...any) ([]string, error) {
	return Collect(ctx, q, func(row Scanner) (text string, err error) {
		err = row.Scan(&text)
		return text, err
	}, query, args...)
}

// MaxIn is how many values one IN (…) holds.
const MaxIn = 500

// Placeholders returns "$from, $from+1, …" for n values.
func Placeholders(from, n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(from + i))
	}
	return b.String()
}

// ExecEach runs statements that are about one thing, in their order.
func ExecEach(ctx context.Context, q Querier, about any, statements ...string) error {
	for _, statement := range statements {
		if _, err := q.ExecContext(ctx, statement, about); err != nil {
			return err
		}
	}
	return nil
}

// Scanner is what *sql.Row and *sql.Rows have in common.
type Scanner interface{ Scan(dest ...any) error }
