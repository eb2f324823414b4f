package web_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/songferry/songferry/web"
)

// rows counts the rows of each table that the migrations say is this package's.
func (h *home) rows() map[string]int {
	h.t.Helper()
	files, err := filepath.Glob("../migrations/*.sql")
	h.ok(err)
	out := map[string]int{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		h.ok(err)
		if !strings.Contains(string(text), "Owned by package web") {
			continue
		}
		for _, m := range regexp.MustCompile(`CREATE TABLE (\w+)`).FindAllStringSubmatch(string(text), -1) {
			if m[1] == "proxies" || m[1] == "quotas" {
				continue // of the bridge, as settings are, at most maxProxies; federation's
			}
			var n int
			h.ok(h.db.QueryRowContext(h.t.Context(), `SELECT COUNT(*) FROM `+m[1]).Scan(&n))
			out[m[1]] = n
		}
	}
	if len(out) < 5 {
		h.t.Fatalf("only %v", out)
	}
	return out
}

// busy leaves something of alice in every table: she asks to sign out everywhere, comes back, invites somebody, and looks at
// something to follow.
func (h *home) busy() {
	h.t.Helper()
	h.post("/signout/everywhere")
	for out := time.Now().UnixMilli(); time.Now().UnixMilli() == out; { // nobody comes back within the millisecond: that ends it too
	}
	h.signIn("alice", "wonder")
	h.invitation()
	h.post("/follow", "target", "@x@x.example")
	for table, n := range h.rows() {
		if n == 0 {
			h.t.Fatalf("nothing is in %s", table)
		}
	}
}

func TestEveryRowGoesByItselfWhenItsTimeIsOver(t *testing.T) {
	t.Parallel()
	h, _ := member(t)
	h.busy()
	h.exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500)
		INSERT INTO sessions (token, data, expires) SELECT 'old ' || i, '', 1 FROM n`)
	before := h.rows()
	h.ok(web.Tidy(t.Context(), h.db, h.store, time.Now()))
	for table, n := range h.rows() {
		if n == 0 || table == "sessions" && n != before[table]-2500 {
			t.Errorf("at once %d of %d rows of %s are left", n, before[table], table)
		}
	}
	gone := ""
	const day = 24 * time.Hour
	for _, when := range []struct {
		after  time.Duration
		tables string
	}{{time.Hour, "limits"}, {2 * day, "lookups"}, {8 * day, "invitations"}, {31 * day, "sessions sign_outs"}, {181 * day, "known_browsers"}} {
		h.ok(web.Tidy(t.Context(), h.db, h.store, time.Now().Add(when.after)))
		gone += " " + when.tables
		for table, n := range h.rows() {
			if strings.Contains(gone, table) != (n == 0) {
				t.Errorf("after %v %d rows of %s are left", when.after, n, table)
			}
		}
	}
	for table, n := range h.rows() {
		if n != 0 {
			t.Errorf("%d rows of %s are kept for ever", n, table)
		}
	}
}

func TestNothingStaysOfAnAccountThatIsDeleted(t *testing.T) {
	t.Parallel()
	for what, remove := range map[string]func(*home){
		"by herself": func(h *home) { h.post("/settings/delete", "name", "Alice") },
		"by another, while a request of hers went on": func(h *home) {
			h.ok(h.store.DeleteAccount(h.t.Context(), h.account("alice"))) // her rows are what that request kept
			h.ok(web.Tidy(h.t.Context(), h.db, h.store, time.Now()))
		},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			h, _ := member(t)
			h.busy()
			remove(h)
			for table, n := range h.rows() {
				if n != 0 && table != "limits" { // which say of nobody whose they are, and go within the hour
					t.Errorf("%d rows of %s are left", n, table)
				}
			}
		})
	}
}
