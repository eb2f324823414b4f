package main

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

// write is a row that a bridge is about to write: the n-th of its kind in a stage of the journey.
type write struct {
	stage, who string
	kind       string // "INSERT inbox"
	n          int
}

func (w write) String() string {
	return fmt.Sprintf("%s dies before %s: %s #%d", w.who, w.stage, w.kind, w.n)
}

// maxWrites is how many writes of a kind are looked at in one stage.
const maxWrites = 6

// TestABridgeMayBeKilledBeforeAnyWrite kills a bridge in the transaction that writes a row, so that everything before
// is in its database and nothing of that transaction is.
func TestABridgeMayBeKilledBeforeAnyWrite(t *testing.T) {
	t.Parallel()
	writes := writesOf(t)
	if !everyKill() {
		writes = spread(writes, sampledWrites)
	}
	travelAll(t, len(writes), func(t *testing.T, i int, deaths *atomic.Int64) { playWrite(t, writes[i], deaths) },
		func(i int) string { return writes[i].String() })
}

// writesOf plays the journey once, without a kill, and returns what was written.
func writesOf(t *testing.T) (writes []write) {
	t.Helper()
	t.Run("nobody dies", func(t *testing.T) {
		j := newJourney(t, subsonictest.Gonic, nil)
		stage := ""
		look := func() {
			for _, p := range []*traveller{j.alice, j.bob} {
				for kind, n := range p.writes() {
					for i := range min(n, maxWrites) {
						writes = append(writes, write{stage: stage, who: p.name, kind: kind, n: i + 1})
					}
				}
			}
		}
		j.travel(func(begins string) {
			if stage == "" {
				j.alice.countWrites()
				j.bob.countWrites()
			} else {
				look()
			}
			stage = begins
		})
		look()
	})
	return writes
}

// playWrite plays a journey on which a bridge dies at a write, unless that does not come.
func playWrite(t *testing.T, w write, deaths *atomic.Int64) {
	t.Helper()
	j := newJourney(t, subsonictest.Gonic, nil)
	p := j.traveller(w.who)
	var killer sync.WaitGroup
	stop := func() {}
	defer func() { stop(); killer.Wait() }()
	j.travel(func(stage string) {
		if stage == w.stage {
			p.countWrites()
			p.holdAt(w)
			var ctx context.Context
			ctx, stop = context.WithCancel(t.Context())
			killer.Go(func() {
				if p.killWhenHeld(ctx) {
					deaths.Add(1)
				}
			})
			return
		}
		p.exec(letGo)
		stop()
		killer.Wait()
	})
}

// countWrites makes the bridge's database count from now on what is written to each of its tables.
func (p *traveller) countWrites() {
	p.t.Helper()
	var b strings.Builder
	b.WriteString(`BEGIN IMMEDIATE; CREATE TABLE test_writes (kind TEXT PRIMARY KEY, n BIGINT NOT NULL);
		CREATE VIEW test_endless AS WITH RECURSIVE endless (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM endless) SELECT COUNT(*) AS n FROM endless;`)
	for _, table := range p.tables() {
		for _, verb := range []string{"INSERT", "UPDATE", "DELETE"} {
			fmt.Fprintf(&b, `INSERT INTO test_writes (kind, n) VALUES ('%[1]s %[2]s', 0);
				CREATE TRIGGER "count %[1]s %[2]s" BEFORE %[1]s ON %[2]s BEGIN
					UPDATE test_writes SET n = n + 1 WHERE kind = '%[1]s %[2]s'; END;`, verb, table)
		}
	}
	b.WriteString(`COMMIT`)
	p.exec(b.String())
}

func (p *traveller) tables() (names []string) {
	p.t.Helper()
	var list string
	p.row(`SELECT GROUP_CONCAT(name) FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'goose%' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'test%'`, &list)
	return strings.Split(list, ",")
}

// writes returns what was counted, and begins anew.
func (p *traveller) writes() map[string]int {
	p.t.Helper()
	counted := map[string]int{}
	p.query(func(db *sql.DB) error {
		rows, err := db.Query(`SELECT kind, n FROM test_writes WHERE n > 0`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var kind string
			var n int
			if err := rows.Scan(&kind, &n); err != nil {
				return err
			}
			counted[kind] = n
		}
		return rows.Err()
	})
	p.exec(`UPDATE test_writes SET n = 0`)
	return counted
}

// holdAt makes the transaction that comes to w go on for ever.
func (p *traveller) holdAt(w write) {
	p.t.Helper()
	verb, table, _ := strings.Cut(w.kind, " ")
	p.exec(fmt.Sprintf(`CREATE TRIGGER test_hold BEFORE %s ON %s WHEN (SELECT n FROM test_writes WHERE kind = '%s') = %d BEGIN
		SELECT n FROM test_endless; END`, verb, table, w.kind, w.n-1))
}

// letGo ends what holdAt began, if nobody has come to it yet.
const letGo = `DROP TRIGGER IF EXISTS test_hold`

// heldFor is how long a transaction may take before it counts as held.
const heldFor = 300 * time.Millisecond

// killWhenHeld kills the bridge when a transaction of its goes on for ever. It gives up when ctx ends, and reports
// whether it killed.
func (p *traveller) killWhenHeld(ctx context.Context) bool {
	for ctx.Err() == nil {
		if p.isHeld() {
			return p.killThen(func() { p.exec(letGo) })
		}
		<-time.After(askEvery)
	}
	return false
}

func (p *traveller) isHeld() bool {
	db, err := sql.Open("sqlite", fmt.Sprintf("file:%s?_txlock=immediate&_pragma=busy_timeout(%d)", filepath.Join(p.data, "songferry.db"), heldFor.Milliseconds()))
	if err != nil {
		return false
	}
	defer db.Close()
	tx, err := db.Begin()
	if err != nil {
		return strings.Contains(err.Error(), "SQLITE_BUSY")
	}
	// It wrote nothing.
	_ = tx.Rollback()
	return false
}

func (p *traveller) exec(statement string) {
	p.t.Helper()
	p.query(func(db *sql.DB) error { _, err := db.Exec(statement); return err })
}
