package playlists

import (
	"context"
	"fmt"
	"math/bits"
	"strings"
)

// rowsAtOnce are written by one statement at most. A power of two, as are the fewer ones at the end: a connection keeps its
// statements, and there are few of them so. Rows of 250 values would be as many as SQLite takes, 32,766.
const rowsAtOnce = 128

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
	return eachRows(n, row, func(rows int, values []any) error {
		return run(into+` VALUES `+places(1, rows, len(values)/rows)+` `+after, values)
	})
}

// ForRows runs a statement that is about n rows, as few times as will do. It is written for one of them, as "… VALUES ($3, $4) …":
// what is then $3 and $4 is repeated for each; args stand before.
func ForRows(ctx context.Context, q Querier, statement string, args []any, n int, row func(i int) ([]any, error)) error {
	return EachForRows(statement, args, n, row, func(statement string, args []any) error {
		_, err := q.ExecContext(ctx, statement, args...)
		return err
	})
}

// EachForRows is ForRows for who looks at what the statements return. The last row stands there more than once when they are no
// power of two: it must not matter.
func EachForRows(statement string, args []any, n int, row func(i int) ([]any, error), run func(statement string, args []any) error) error {
	before, one, after := cutRow(statement)
	padded := n
	if rest := n % rowsAtOnce; rest > 0 {
		padded = n - rest + 1<<bits.Len(uint(rest-1))
	}
	return eachRows(padded, func(i int) ([]any, error) { return row(min(i, n-1)) }, func(rows int, values []any) error {
		if columns := 1 + strings.Count(one, ","); len(values) != rows*columns {
			return fmt.Errorf("%d values are not %d rows of %q", len(values), rows, one)
		}
		return run(before+places(1+len(args), rows, len(values)/rows)+after, append(args[:len(args):len(args)], values...))
	})
}

// cutRow splits a statement around the row of its only VALUES, which is a list of placeholders.
func cutRow(statement string) (before, row, after string) {
	before, after, _ = strings.Cut(statement, "VALUES (")
	row, after, _ = strings.Cut(after, ")")
	return before + "VALUES ", row, after
}

// eachRows collects the values of n rows, and runs a statement whenever there are enough of them.
func eachRows(n int, row func(i int) ([]any, error), run func(rows int, values []any) error) error {
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
		if err := run(rows, values); err != nil {
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

// places returns "($1, $2), ($3, $4), …", from that number on.
func places(from, rows, columns int) string {
	all := make([]string, rows)
	for i := range all {
		all[i] = `(` + Placeholders(from+i*columns, columns) + `)`
	}
	return strings.Join(all, ", ")
}
