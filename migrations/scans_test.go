package migrations_test

import (
	"database/sql"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/songferry/songferry/migrations"
	"github.com/songferry/songferry/playlists"
)

// seldom are the files whose statements may read a whole table: they run once an hour, once at the start, when an account leaves, or
// when an administrator looks or decides.
var seldom = []string{
	"federation/announce_departure.go", "federation/backlog.go", "federation/enforce.go", "federation/enforce_sources.go", "federation/future.go", "federation/reports.go",
	"federation/schemes.go", "federation/takeover.go", "federation/tidy.go",
	"migrations/copy.go", "migrations/migrationstest/look.go",
	"playlists/departures.go", "playlists/forget.go", "playlists/future.go", "playlists/links.go", "playlists/notify/tidy.go", "playlists/rules.go", "playlists/tidy.go",
	"subsonicbridge/bridge.go", "subsonicbridge/forget.go", "subsonicbridge/future.go", "subsonicbridge/listen.go", "subsonicbridge/snapshot.go", "subsonicbridge/takeover.go",
	"web/tidy.go",
}

// small are tables that hold no more than somebody decides on, or what waits for a few seconds. In deliver_turn.go, d is what a host
// is sent at once, few is not more, and next are the hosts of one moment; in intake.go, again is what arrives at once.
var small = []string{"again", "announcements", "asks", "d", "few", "lookups", "next", "reports"}

// A statement that reads a whole table costs more the more people there are, and is run for each of them: together that is quadratic.
func TestNoStatementReadsAWholeTable(t *testing.T) {
	t.Parallel()
	db, err := migrations.Open(t.Context(), filepath.Join(t.TempDir(), "songferry.db"), migrations.Upgrade)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	looked, partial := 0, partialIndexes(t, db)
	for file, statements := range statementsOf(t, "..") {
		for _, s := range statements {
			scans, err := scansOf(db, s, partial)
			if err != nil {
				continue // part of a statement
			}
			looked++
			for _, table := range scans {
				if !slices.Contains(seldom, strings.TrimPrefix(filepath.ToSlash(file), "../")) && !slices.Contains(small, table) {
					t.Errorf("%s reads all of %s:\n%s", file, table, s)
				}
			}
		}
	}
	if looked < 300 {
		t.Errorf("only %d statements were found", looked)
	}
}

// partialIndexes returns the indexes that hold only rows that are looked for.
func partialIndexes(t *testing.T, db *sql.DB) map[string]bool {
	t.Helper()
	names, err := playlists.Texts(t.Context(), db, `SELECT name FROM sqlite_master WHERE type = 'index' AND sql LIKE '%WHERE%'`)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]bool{}
	for _, name := range names {
		all[name] = true
	}
	return all
}

// statementsOf returns the SQL statements that stand whole in the source below a folder, by file.
func statementsOf(t *testing.T, folder string) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	err := filepath.WalkDir(folder, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING {
				if text, err := strconv.Unquote(l.Value); err == nil && regexp.MustCompile(`^\s*(SELECT|UPDATE|DELETE|INSERT|WITH)\s`).MatchString(text) {
					all[path] = append(all[path], text)
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

var (
	parameter = regexp.MustCompile(`\$([0-9]+)`)
	scanned   = regexp.MustCompile(`^SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?`)
	named     = regexp.MustCompile(`(?i)\b(?:FROM|JOIN|UPDATE|INTO)\s+(\w+)(?:\s+(?:AS\s+)?(\w+))?`)
)

// scansOf returns the tables that a statement with a condition reads whole, as SQLite plans it.
func scansOf(db *sql.DB, statement string, partial map[string]bool) (tables []string, err error) {
	if !strings.Contains(statement, "WHERE") {
		_, err := db.Exec("EXPLAIN QUERY PLAN "+statement, arguments(statement)...)
		return nil, err // it says that it wants all
	}
	rows, err := db.Query("EXPLAIN QUERY PLAN "+statement, arguments(statement)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id, parent, unused int
		var detail string
		if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
			return nil, err
		}
		if m := scanned.FindStringSubmatch(detail); m != nil && m[1] != "CONSTANT" && !partial[m[2]] {
			tables = append(tables, tableOf(statement, m[1]))
		}
	}
	return tables, rows.Err()
}

func arguments(statement string) []any {
	most := 0
	for _, m := range parameter.FindAllStringSubmatch(statement, -1) {
		n, _ := strconv.Atoi(m[1]) // digits
		most = max(most, n)
	}
	return make([]any, most)
}

// tableOf returns the table that has a name in a statement.
func tableOf(statement, name string) string {
	for _, m := range named.FindAllStringSubmatch(statement, -1) {
		if m[2] == name {
			return m[1]
		}
	}
	return name
}
