package migrations

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"
)

// firstRolling is the first migration that an older program may stand beside it: processes of one bridge are upgraded one at a time.
const firstRolling = "0031"

// rolling are statements that do nothing to a program which does not know of them: it finds every table and column that it knows, and
// what it writes is accepted. Uniqueness is for new tables only.
var rolling = regexp.MustCompile(`(?is)^(` + strings.Join([]string{
	`CREATE TABLE (?P<made>\w+) .*`,
	`CREATE INDEX .*`,
	`CREATE UNIQUE INDEX \w+ ON (?P<unique>\w+) .*`,
	`ALTER TABLE \w+ ADD COLUMN \w+ \w+( PRECISION)?( NOT NULL)? DEFAULT .*`,
	`ALTER TABLE \w+ ADD COLUMN \w+ \w+`,
	`(INSERT INTO|UPDATE|DELETE FROM) .*`,
}, "|") + `)$`)

// endangers returns the first statement of a migration that older programs may not stand, "" for none.
func endangers(migration string) string {
	made := map[string]bool{}
	for _, statement := range strings.Split(regexp.MustCompile(`--.*`).ReplaceAllString(migration, ""), ";") {
		statement = strings.Join(strings.Fields(statement), " ")
		if statement == "" {
			continue
		}
		m := rolling.FindStringSubmatch(statement)
		if m == nil {
			return statement
		}
		if unique := m[rolling.SubexpIndex("unique")]; unique != "" && !made[unique] {
			return statement
		}
		made[m[rolling.SubexpIndex("made")]] = true
	}
	return ""
}

func TestAnOlderProgramMayGoOnBesideAMigration(t *testing.T) {
	t.Parallel()
	names, err := fs.Glob(files, "*.sql")
	if err != nil || len(names) < 30 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			t.Fatal(err)
		}
		if statement := endangers(string(text)); statement != "" && name >= firstRolling {
			t.Errorf("%s: a process of the release before does not stand this, so leave it to the release after: %s", name, statement)
		}
	}
}

func TestWhatEndangersAnOlderProgramIsSeen(t *testing.T) {
	t.Parallel()
	for statement, safe := range map[string]bool{
		"CREATE TABLE new (id TEXT PRIMARY KEY); CREATE UNIQUE INDEX new_id ON new (id);": true,
		"ALTER TABLE asks ADD COLUMN refused BIGINT NOT NULL DEFAULT 0;":                  true,
		"ALTER TABLE asks ADD COLUMN refused BIGINT; -- DROP TABLE asks;\n":               true,
		"UPDATE asks SET refused = 0;":                                                    true,
		"ALTER TABLE asks ADD COLUMN refused BIGINT NOT NULL;":                            false,
		"ALTER TABLE asks DROP COLUMN refused;":                                           false,
		"ALTER TABLE asks RENAME TO questions;":                                           false,
		"CREATE UNIQUE INDEX asks_refused ON asks (refused);":                             false,
		"CREATE TABLE new (id TEXT);\nDROP TABLE asks;":                                   false,
	} {
		if is := endangers("-- +goose Up\n"+statement) == ""; is != safe {
			t.Errorf("safe: %v, want %v: %s", is, safe, statement)
		}
	}
}
