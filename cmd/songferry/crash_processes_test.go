package main

import (
	"bytes"
	"database/sql"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/songferry/songferry/playlists"
)

// killingTime names the environment variable that says how long the processes of TestProcessesSurviveKills are killed, instead of
// the usual.
const killingTime = "SONGFERRY_TEST_KILLING_TIME"

const usualKillingTime = 5 * time.Second

// TestProcessesSurviveKills has two, then three processes serve each of two bridges while Alice edits her lists. Each is killed at
// random moments and started again, while the others go on; at times all of a bridge are. Then every edit has arrived, once in
// effect and none after a newer one, and nothing is left over.
func TestProcessesSurviveKills(t *testing.T) {
	t.Parallel()
	length := usualKillingTime
	if wanted := os.Getenv(killingTime); wanted != "" {
		var err error
		if length, err = time.ParseDuration(wanted); err != nil {
			t.Fatal(err)
		}
	}
	for seed, processes := range []int{2, 3} {
		t.Run(fmt.Sprintf("%d processes", processes), func(t *testing.T) {
			t.Parallel()
			underway <- struct{}{}
			defer func() { <-underway }()
			m := newMonth(t, uint64(seed))
			m.hasty = true
			for _, p := range []*traveller{m.alice, m.bob} {
				for len(p.listeners) < processes {
					p.listenAt("http://" + freeAddress(t))
				}
			}
			m.playKilling(length)
		})
	}
}

// begin starts both bridges, and has Bob follow what Alice publishes until he has the first copies.
func (m *month) begin() {
	m.t.Helper()
	m.revive()
	m.wires.setStage("begin")
	for _, l := range m.lists {
		m.does(m.bob, "follow", "--account", "bob", m.publish("public", l.now().name).Handle)
	}
	m.await("the first copies", m.arrived)
}

// playKilling plays edits and deaths for so long, and checks what is left of them.
func (m *month) playKilling(length time.Duration) {
	m.t.Helper()
	m.begin()
	m.wires.setStage("killing")
	lapses := []*lapse{{of: m.alice}, {of: m.bob}}
	for end := time.Now().Add(length); time.Now().Before(end); <-time.After(time.Duration(m.random.Int64N(int64(killEvery)))) {
		m.killOrEdit([]*traveller{m.alice, m.bob}[m.random.IntN(2)])
		for _, l := range lapses {
			l.pass()
		}
	}
	m.wires.setStage("end")
	m.await("the last edits", func() error {
		for _, l := range lapses {
			l.pass()
			if err := l.of.have(0, `SELECT COUNT(*) FROM subsonic_connections WHERE lease > 0`); err != nil {
				return err // who died last may still have an account in hand
			}
		}
		return m.arrived()
	})
	m.becomeQuiet()
	m.wires.setStage("")
	m.t.Logf("%d processes each, %d edits, %d kills", len(m.alice.listeners), len(m.lists[0].was)+len(m.lists[1].was)-2, m.kills)
	m.check()
}

// killEvery is how long it is at most from one death, birth or edit to the next.
const killEvery = 150 * time.Millisecond

// killOrEdit does one thing at random: an edit, a death, or a birth.
func (m *month) killOrEdit(p *traveller) {
	m.t.Helper()
	n := m.random.IntN(len(p.listeners))
	switch what := m.random.IntN(20); {
	case what < 6:
		m.edit(m.lists[m.random.IntN(len(m.lists))])
	case what < 10:
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.killProcess(n) {
			m.kills++
		}
	case what == 10: // as when the machine goes down
		if p.kill() {
			m.kills++
		}
	default:
		p.mu.Lock()
		defer p.mu.Unlock()
		p.reviveProcess(n)
	}
}

// listenAt has one more process serve the traveller's bridge.
func (p *traveller) listenAt(url string) {
	p.listeners, p.daemons = append(p.listeners, url), append(p.daemons, nil)
}

// killProcess ends one process, and reports whether it was alive. p.mu must be held.
func (p *traveller) killProcess(n int) bool {
	if p.daemons[n] == nil {
		return false
	}
	p.daemons[n].kill()
	p.daemons[n] = nil
	return true
}

// reviveProcess starts a process that is dead. p.mu must be held.
func (p *traveller) reviveProcess(n int) {
	p.t.Helper()
	if p.daemons[n] == nil {
		p.daemons[n] = p.startWith([]string{"SONGFERRY_LISTEN=" + strings.TrimPrefix(p.listeners[n], "http://")})
	}
	select {
	case err := <-p.daemons[n].ended:
		p.daemons[n].process = nil
		p.t.Fatalf("%s's daemon ended by itself: %v", p.name, err)
	default:
	}
}

// ServeHTTP is the front of the traveller's bridge: each request goes to one of its processes, and to another one when that is dead.
func (p *traveller) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	var answer *httptest.ResponseRecorder
	for first, n := rand.IntN(len(p.listeners)), 0; n < len(p.listeners); n++ {
		again := r.Clone(r.Context())
		again.Body = io.NopCloser(bytes.NewReader(body))
		answer = httptest.NewRecorder()
		toProcess(p.listeners[(first+n)%len(p.listeners)]).ServeHTTP(answer, again)
		if answer.Code != unreachable {
			break
		}
	}
	for name, values := range answer.Header() {
		w.Header()[name] = values
	}
	w.WriteHeader(answer.Code)
	_, _ = w.Write(answer.Body.Bytes()) // whoever asked may be dead
}

// lapse lets the time pass for which the dead of a bridge still have work in hand. What is in the same hand for long is theirs; if it
// is not, its holder loses it, and has to stand that.
type lapse struct {
	of   *traveller
	at   time.Time
	seen map[string]int64 // leases, by table and row
}

// inHand is how long nothing is in a living hand in these stories.
const inHand = time.Second

var leasedTables = map[string]string{"subsonic_connections": "account_id", "subsonic_mirrors": "want_id", "sources": "playlist_id", "delivery_hosts": "host", "renewals": "actor"}

func (l *lapse) pass() {
	l.of.t.Helper()
	if time.Since(l.at) < inHand {
		return
	}
	l.at = time.Now()
	seen := map[string]int64{}
	for table, id := range leasedTables {
		l.of.query(func(db *sql.DB) error { return l.passIn(db, table, id, seen) })
	}
	l.seen = seen
}

func (l *lapse) passIn(db *sql.DB, table, id string, seen map[string]int64) error {
	type held struct {
		id    string
		lease int64
	}
	all, err := playlists.Collect(l.of.t.Context(), db, func(row playlists.Scanner) (h held, err error) { return h, row.Scan(&h.id, &h.lease) },
		`SELECT `+id+`, lease FROM `+table+` WHERE lease > 1`)
	for _, h := range all {
		key := table + " " + h.id
		seen[key] = h.lease
		if l.seen[key] != h.lease {
			continue
		}
		if _, err := db.Exec(`UPDATE `+table+` SET lease = 1 WHERE `+id+` = $1 AND lease = $2`, h.id, h.lease); err != nil {
			return err
		}
	}
	return err
}
