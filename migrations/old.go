package migrations

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// keepCopies is how many copies are kept that were made before upgrades, the newest.
const keepCopies = 2

// keepOld copies a database of an older schema to a file beside it, path.vN of schema N: whoever goes back to the older
// program restores that.
func keepOld(ctx context.Context, db *sql.DB, path string, schema int64) error {
	if err := Backup(ctx, db, fmt.Sprintf("%s.v%d", path, schema)); err != nil {
		return err
	}
	all, err := filepath.Glob(escaped(path) + ".v*")
	if err != nil {
		return err
	}
	slices.SortFunc(all, func(a, b string) int { return cmp.Compare(schemaOf(b), schemaOf(a)) })
	for _, old := range all[min(len(all), keepCopies):] {
		if schemaOf(old) == 0 {
			continue // somebody else's
		}
		if err := os.Remove(old); err != nil {
			return err
		}
	}
	return nil
}

// schemaOf reads the number at the end of a copy's name, 0 if there is none.
func schemaOf(path string) int {
	n, err := strconv.Atoi(path[strings.LastIndex(path, ".v")+len(".v"):])
	if err != nil {
		return 0
	}
	return n
}

// escaped writes a path as a pattern that only it matches.
func escaped(path string) string {
	return strings.NewReplacer(`*`, `[*]`, `?`, `[?]`, `[`, `[[]`).Replace(path)
}
