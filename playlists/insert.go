package playlists

import (
	"context"
	"strings"
)

// rowsAtOnce are written by one statement at most. A power of two, as are the fewer ones at the end: a connection keeps its
// statements, and there are few of them so. Rows of 500 values would be as many as SQLite takes, 32,766.
const rowsAtOnce = 64

// InsertRows writes n rows with as few statements as will do: a database may be far away. Each statement is into, "VALUES",
// the rows' values and after. Where after updates a row, no two may be about the same one.
func InsertRows(ctx context.Context, q Querier, into string, n int, row func(i int) ([]any, error), after string) error {
	return EachInsertion(into, n, row, after, func(statement string, values []any) error {
		_, err := q.ExecContext(ctx, statement, values...)
		return err
	})
}

// EachInsertion is InsertRows for who looks at what the statements return.
func EachInsertion(into string, n int, row func(i int) ([]any, error), after string, run func(statement string, values []any) error) error {
	for i := 0; i < n; {
		rows := atOnce(n - i)
		var values []any
		for range rows {
			more, err := row(i)
			if err != nil {
				return err
			}
			values = append(values, more...)
			i++
		}
		if err := run(into+` VALUES `+places(rows, len(values)/rows)+` `+after, values); err != nil {
			return err
		}
	}
	return nil
}

func atOnce(left int) int {
	n := rowsAtOnce
	for n > left {
		n /= 2
	}
	return n
}

// places returns "($1, $2), ($3, $4), …".
func places(rows, columns int) string {
	all := make([]string, rows)
	for i := range all {
		all[i] = `(` + Placeholders(1+i*columns, columns) + `)`
	}
	return strings.Join(all, ", ")
}
