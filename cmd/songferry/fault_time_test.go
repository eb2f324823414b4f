package main

import (
	"database/sql"
	"fmt"
	"time"
)

// anyTime is before every time that a bridge keeps, and beyond everything else that it counts: a column that holds more is a time.
const anyTime int64 = 1_500_000_000_000 // milliseconds since 1970

// pass lets time pass for a bridge, without waiting: everything that it ever noted has happened so much earlier. Its daemon must
// not be running, since what a process has in memory does not grow older.
func (p *traveller) pass(d time.Duration) {
	p.t.Helper()
	p.query(func(db *sql.DB) error { return makeOlder(db, d) })
}

// makeOlder moves all times in a database into the past.
func makeOlder(db *sql.DB, d time.Duration) error {
	times, begin := `SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c
		WHERE m.type = 'table' AND c.type = 'BIGINT' AND m.name NOT LIKE 'goose%' AND m.name NOT LIKE 'sqlite%'`, `BEGIN IMMEDIATE;`
	if !inFile(db) {
		times, begin = `SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' AND data_type = 'bigint' AND table_name NOT LIKE 'goose%'`, `BEGIN;`
	}
	columns, err := db.Query(times)
	if err != nil {
		return err
	}
	defer columns.Close()
	statements := begin
	for columns.Next() {
		var table, column string
		if err := columns.Scan(&table, &column); err != nil {
			return err
		}
		statements += fmt.Sprintf(`UPDATE %[1]s SET %[2]s = %[2]s - %[3]d WHERE %[2]s > %[4]d;`, table, column, d.Milliseconds(), anyTime)
	}
	if err := columns.Err(); err != nil {
		return err
	}
	_, err = db.Exec(statements + `COMMIT`)
	return err
}

// inFile reports whether a database is one of SQLite.
func inFile(db *sql.DB) bool {
	var version string
	return db.QueryRow(`SELECT sqlite_version()`).Scan(&version) == nil
}
