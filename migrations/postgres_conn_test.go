package migrations

import "testing"

func TestWhatIsSaidToPostgreSQLOnly(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]string{
		`SELECT 1`:                                  `SELECT 1`,
		`SELECT 1 /* always */`:                     `SELECT 1 /* always */`,
		`SELECT 1 /*! FOR UPDATE */ + 2`:            `SELECT 1  FOR UPDATE  + 2`,
		`(a /*! b */) IN (c /*! d */) /* e */`:      `(a  b ) IN (c  d ) /* e */`,
		`SELECT '/*' || $1 || '*/' /*! SKIP LOCKED`: `SELECT '/*' || $1 || '*/'  SKIP LOCKED`,
	} {
		if got := here(query); got != want {
			t.Errorf("%s\nis  %s\nnot %s", query, got, want)
		}
	}
}
