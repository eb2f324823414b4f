package migrations_test

import (
	"path/filepath"
	"testing"

	"github.com/songferry/songferry/migrations"
)

func TestEveryCommitIsNoticedAndNothingElse(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "songferry.db")
	db, other := opened(t, path), opened(t, path)
	c, err := migrations.WatchChanges(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() }) // nothing was written by it
	last := int64(-1)
	for _, step := range []struct {
		what    string
		do      func() error
		changes bool
	}{
		{"the first question", func() error { return nil }, true},
		{"nothing", func() error { return nil }, false},
		{"a reading", func() error { return db.QueryRow(`SELECT COUNT(*) FROM accounts`).Scan(new(int)) }, false},
		{"a writing that finds nothing", func() error { _, err := db.Exec(`UPDATE counters SET n = n + 1 WHERE name = 'none'`); return err }, false},
		{"a writing", func() error { _, err := db.Exec(`UPDATE counters SET n = n + 1`); return err }, true},
		{"another process's", func() error { _, err := other.Exec(`UPDATE counters SET n = n + 1`); return err }, true},
		{"one that is taken back", func() error {
			tx, err := db.Begin()
			if err != nil {
				return err
			}
			if _, err := tx.Exec(`UPDATE counters SET n = n + 1`); err != nil {
				return err
			}
			return tx.Rollback()
		}, false},
	} {
		if err := step.do(); err != nil {
			t.Fatalf("%s: %v", step.what, err)
		}
		n, err := c.Number()
		if err != nil || (n != last) != step.changes {
			t.Errorf("after %s: %d, before %d, %v", step.what, n, last, err)
		}
		last = n
	}
}

func BenchmarkChanges(b *testing.B) {
	path := filepath.Join(b.TempDir(), "songferry.db")
	db, err := migrations.Open(b.Context(), path, migrations.Upgrade)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	c, err := migrations.WatchChanges(b.Context(), path)
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := c.Number(); err != nil {
				b.Error(err)
			}
		}
	})
}
