package migrations_test

import (
	"testing"

	"github.com/songferry/songferry/migrations"
	"github.com/songferry/songferry/migrations/migrationstest"
)

func TestTimeInTheDatabaseIsCountedWhateverIsDoneThere(t *testing.T) {
	t.Parallel()
	db := opened(t, migrationstest.File(t))
	for name, do := range map[string]func() error{
		"a query": func() error {
			var n int
			return db.QueryRow(`SELECT COUNT(*) FROM accounts`).Scan(&n)
		},
		"a query that fails": func() error {
			rows, err := db.Query(`SELECT nothing FROM accounts`)
			if err == nil {
				return rows.Close()
			}
			return nil
		},
		"a statement": func() error {
			_, err := db.Exec(`UPDATE counters SET n = n`)
			return err
		},
		"an empty transaction": func() error {
			tx, err := db.Begin()
			if err != nil {
				return err
			}
			return tx.Commit()
		},
	} {
		before := migrations.Busy(db)
		if err := do(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		after := migrations.Busy(db)
		if after <= before {
			t.Errorf("%s took %v", name, after-before)
		}
		if again := migrations.Busy(db); again != after {
			t.Errorf("%s: at rest it grows by %v", name, again-after)
		}
	}
}
