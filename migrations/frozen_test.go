package migrations_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/songferry/songferry/migrations"
	"github.com/songferry/songferry/migrations/archive"
)

// The databases of all earlier programs become what a new one would be, keep what is in them, and are copied before.
func TestTheDatabasesOfEarlierProgramsAreUpgraded(t *testing.T) {
	t.Parallel()
	fresh := opened(t, filepath.Join(t.TempDir(), "songferry.db"))
	want := columns(t, fresh)
	for _, path := range frozen(t) {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".tar.gz"), func(t *testing.T) {
			t.Parallel()
			u := unpacked(t, path)
			schema, err := migrations.Check(t.Context(), u.Database)
			if err != nil || schema != u.About.Schema {
				t.Fatalf("schema %d for %d: %v", schema, u.About.Schema, err)
			}
			before := counts(t, u.Database)
			db := opened(t, u.Database)
			if got := columns(t, db); !maps.Equal(got, want) {
				t.Errorf("another schema than a new database has: %s", difference(got, want))
			}
			noneDangles(t, db)
			if after := counts(t, u.Database); !maps.Equal(before, after) {
				t.Errorf("it held %v, now %v", before, after)
			}
			if copied, err := migrations.Check(t.Context(), fmt.Sprintf("%s.v%d", u.Database, schema)); schema != newest(t, fresh) && copied != schema {
				t.Errorf("the copy from before has schema %d: %v", copied, err)
			}
		})
	}
}

// frozen returns the paths of the archives, the oldest first.
func frozen(t *testing.T) []string {
	t.Helper()
	all, err := filepath.Glob("testdata/frozen/*.tar.gz")
	if err != nil || len(all) < 20 {
		t.Fatal(all, err)
	}
	return all
}

func unpacked(t *testing.T, path string) archive.Unpacked {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	u, err := archive.Unpack(f, t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func opened(t *testing.T, path string) *sql.DB {
	t.Helper()
	db, err := migrations.Open(t.Context(), path, migrations.Upgrade)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

func newest(t *testing.T, db *sql.DB) int64 {
	t.Helper()
	n, err := migrations.Schema(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// columns describes every column and every index of a database.
func columns(t *testing.T, db *sql.DB) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, row := range rows(t, db, `SELECT m.name || '.' || c.name, c.type || ' ' || c."notnull" || ' ' || COALESCE(c.dflt_value, '-') || ' ' || c.pk
		FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' UNION ALL
		SELECT 'index ' || i.name, i.tbl_name || ' ' || group_concat(COALESCE(c.name, 'expression')) FROM sqlite_master i, pragma_index_info(i.name) c WHERE i.type = 'index' GROUP BY i.name`) {
		all[row[0]] = row[1]
	}
	return all
}

// counts tells how much there is of what people would miss.
func counts(t *testing.T, path string) map[string]string {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	all := map[string]string{}
	for _, table := range []string{"accounts", "playlists", "publications", "revisions", "followers", "wants", "subsonic_connections", "federation_origin"} {
		all[table] = rows(t, db, `SELECT COUNT(*), '' FROM `+table)[0][0]
	}
	return all
}

func noneDangles(t *testing.T, db *sql.DB) {
	t.Helper()
	if lost := rows(t, db, `SELECT "table", parent FROM pragma_foreign_key_check`); len(lost) > 0 {
		t.Errorf("rows point to nothing: %v", lost)
	}
}

func rows(t *testing.T, db *sql.DB, query string) (all [][2]string) {
	t.Helper()
	list, err := db.QueryContext(context.Background(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer list.Close()
	for list.Next() {
		var r [2]string
		if err := list.Scan(&r[0], &r[1]); err != nil {
			t.Fatal(err)
		}
		all = append(all, r)
	}
	if err := list.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

func difference(got, want map[string]string) string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(got)) {
		if want[name] != got[name] {
			out = append(out, fmt.Sprintf("%s is %q, not %q", name, got[name], want[name]))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if _, has := got[name]; !has {
			out = append(out, name+" is missing")
		}
	}
	return strings.Join(out, "; ")
}

// An upgrade that cannot be undone is not begun.
func TestNoUpgradeWithoutACopy(t *testing.T) {
	t.Parallel()
	u := unpacked(t, frozen(t)[0])
	if err := os.Mkdir(fmt.Sprintf("%s.v%d.part", u.Database, u.About.Schema), 0o700); err != nil {
		t.Fatal(err)
	}
	blocked := filepath.Join(fmt.Sprintf("%s.v%d.part", u.Database, u.About.Schema), "in the way")
	if err := os.WriteFile(blocked, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := migrations.Open(t.Context(), u.Database, migrations.Upgrade); !errors.Is(err, migrations.ErrNoCopy) {
		t.Errorf("%v", err)
	}
	if schema, err := migrations.Check(t.Context(), u.Database); err != nil || schema != u.About.Schema {
		t.Errorf("now it has schema %d: %v", schema, err)
	}
}

// Copies are kept of the last two upgrades.
func TestOldCopiesGo(t *testing.T) {
	t.Parallel()
	u := unpacked(t, frozen(t)[2])
	for _, other := range []string{"v1", "v2", "vinyl"} {
		if err := os.WriteFile(u.Database+"."+other, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	opened(t, u.Database)
	left, err := filepath.Glob(u.Database + ".*")
	for i := range left {
		left[i] = strings.TrimPrefix(left[i], u.Database)
	}
	left = slices.DeleteFunc(left, func(name string) bool { return !strings.HasPrefix(name, ".v") })
	if want := []string{".v2", fmt.Sprintf(".v%d", u.About.Schema), ".vinyl"}; err != nil || !slices.Equal(left, want) {
		t.Errorf("%v, %v", left, err)
	}
}
