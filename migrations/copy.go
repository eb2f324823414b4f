package migrations

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"strings"

	"github.com/pressly/goose/v3"
)

// ErrNotEmpty: a copy goes into a database in which nobody has worked.
var ErrNotEmpty = errors.New("the database that is to be filled has accounts already: name an empty one")

// ErrCopy: what was read again is not what was written.
var ErrCopy = errors.New("the copy is not what was copied: nothing was kept of it")

// So much is written by one statement: few enough for the 32,766 values that SQLite takes, and for the memory of a small machine.
const (
	rowsAtOnce  = 100
	bytesAtOnce = 4 << 20
)

// Copy fills one database with all that is in another one, whatever engines they are of; both have the newest schema. It is all or
// nothing, and what was written is read again and compared. from may be written to meanwhile only if it is in PostgreSQL: what is
// copied is one moment of it.
func Copy(ctx context.Context, from, to *sql.DB) error {
	source, err := from.BeginTx(ctx, readingOptions(from))
	if err != nil {
		return err
	}
	defer source.Rollback() //nolint:errcheck // it has written nothing
	target, err := to.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := copyTables(ctx, source, target, dialectOf(to)); err != nil {
		return errors.Join(err, target.Rollback())
	}
	return target.Commit()
}

// readingOptions are those of a transaction that sees one moment. SQLite's all do.
func readingOptions(db *sql.DB) *sql.TxOptions {
	if dialectOf(db) == goose.DialectPostgres {
		return &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}
	}
	return nil
}

// Same reports whether two databases hold the same.
func Same(ctx context.Context, one, other *sql.DB) (bool, error) {
	a, err := tallies(ctx, one)
	if err != nil {
		return false, err
	}
	b, err := tallies(ctx, other)
	return maps.Equal(a, b), err
}

// tallies are those of all tables, of one moment.
func tallies(ctx context.Context, db *sql.DB) (map[string]tally, error) {
	tx, err := db.BeginTx(ctx, readingOptions(db))
	if err != nil {
		return nil, err
	}
	defer tx.Rollback() //nolint:errcheck // it has written nothing
	tables, err := tablesIn(ctx, tx, dialectOf(db))
	if err != nil {
		return nil, err
	}
	all := map[string]tally{}
	for _, table := range tables {
		if all[table], err = eachRow(ctx, tx, table, nil, func([]string, []any) error { return nil }); err != nil {
			return nil, fmt.Errorf("read table %s: %w", table, err)
		}
	}
	return all, nil
}

func copyTables(ctx context.Context, from, to *sql.Tx, dialect goose.Dialect) error {
	var accounts int
	if err := to.QueryRowContext(ctx, `SELECT COUNT(*) FROM accounts`).Scan(&accounts); err != nil {
		return err
	}
	if accounts > 0 {
		return ErrNotEmpty
	}
	tables, err := tablesIn(ctx, to, dialect)
	if err != nil {
		return err
	}
	for _, t := range tables {
		if err := copyTable(ctx, from, to, t); err != nil {
			return fmt.Errorf("copy table %s: %w", t, err)
		}
	}
	return nil
}

// tablesIn returns the names of the tables that migrations made.
func tablesIn(ctx context.Context, tx *sql.Tx, dialect goose.Dialect) (names []string, err error) {
	query := `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'goose_%' ORDER BY name`
	if dialect == goose.DialectPostgres {
		query = `SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND tablename NOT LIKE 'goose_%' ORDER BY tablename`
	}
	rows, err := tx.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	return names, rows.Err()
}

// copyTable copies a table and sees that it arrived.
func copyTable(ctx context.Context, from, to *sql.Tx, table string) error {
	if _, err := to.ExecContext(ctx, fmt.Sprintf(`DELETE FROM %q`, table)); err != nil { // what the migrations put there is copied too
		return err
	}
	var columns []string
	var rows [][]any
	size := 0
	write := func() error {
		if len(rows) == 0 {
			return nil
		}
		_, err := to.ExecContext(ctx, insertion(table, columns, len(rows)), flat(rows)...)
		rows, size = rows[:0], 0
		return err
	}
	sent, err := eachRow(ctx, from, table, nil, func(names []string, row []any) error {
		columns = names
		rows, size = append(rows, row), size+sizeOf(row)
		if len(rows) < rowsAtOnce && size < bytesAtOnce {
			return nil
		}
		return write()
	})
	if err = errors.Join(err, write()); err != nil {
		return err
	}
	arrived, err := eachRow(ctx, to, table, columns, func([]string, []any) error { return nil })
	if err == nil && arrived != sent {
		err = ErrCopy
	}
	return err
}

// sizeOf returns about how many bytes a row takes.
func sizeOf(row []any) (n int) {
	for _, v := range row {
		switch v := v.(type) {
		case string:
			n += len(v)
		case []byte:
			n += len(v)
		}
	}
	return n
}

// tally is how many rows there are, and the sum of their hashes, which does not depend on their order.
type tally struct {
	rows int
	sum  [4]uint64
}

func (t *tally) add(row []any) {
	h := sha256.Sum256(fmt.Appendf(nil, "%#v", row))
	for i := range t.sum {
		t.sum[i] += binary.BigEndian.Uint64(h[8*i:])
	}
	t.rows++
}

// eachRow calls fn with all columns of each row, or with those that are named. The row is fn's.
func eachRow(ctx context.Context, tx *sql.Tx, table string, columns []string, fn func(columns []string, row []any) error) (t tally, err error) {
	what := "*"
	if columns != nil {
		what = quoted(columns)
	}
	rows, err := tx.QueryContext(ctx, fmt.Sprintf(`SELECT %s FROM %q`, what, table))
	if err != nil {
		return t, err
	}
	defer rows.Close()
	types, err := rows.ColumnTypes()
	if err != nil {
		return t, err
	}
	columns = columns[:0:0]
	for _, c := range types {
		columns = append(columns, c.Name())
	}
	for rows.Next() {
		row, places := make([]any, len(columns)), make([]any, len(columns))
		for i := range row {
			places[i] = &row[i]
		}
		if err := rows.Scan(places...); err != nil {
			return t, err
		}
		for i, v := range row {
			row[i] = plain(v, types[i].DatabaseTypeName())
		}
		t.add(row)
		if err := fn(columns, row); err != nil {
			return t, err
		}
	}
	return t, rows.Err()
}

// plain returns a value as both engines take it: SQLite keeps a BOOLEAN as a number, and any bytes as text.
func plain(v any, kind string) any {
	switch v := v.(type) {
	case string:
		return validText(v)
	case int64:
		if kind == "BOOLEAN" {
			return v != 0
		}
	}
	return v
}

func insertion(table string, columns []string, rows int) string {
	var b strings.Builder
	fmt.Fprintf(&b, `INSERT INTO %q (%s) VALUES `, table, quoted(columns))
	n := 0
	for row := range rows {
		if row > 0 {
			b.WriteString(", ")
		}
		for i := range columns {
			n++
			fmt.Fprintf(&b, "%c$%d", "(,"[min(i, 1)], n)
		}
		b.WriteByte(')')
	}
	return b.String()
}

func quoted(columns []string) string { return `"` + strings.Join(columns, `", "`) + `"` }

func flat(rows [][]any) (all []any) {
	for _, row := range rows {
		all = append(all, row...)
	}
	return all
}
