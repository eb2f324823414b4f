package web_test

import (
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/seal"
	"github.com/songferry/songferry/web"
)

// lookFor asks for something costly in the name of a client, and reports whether that was heard.
func (t through) lookFor(client string) bool {
	t.t.Helper()
	return t.asks(http.MethodPost, "/remote", url.Values{"playlist": {"/@x"}, "address": {"nobody"}}, "X-Forwarded-For", client).StatusCode != http.StatusTooManyRequests
}

// tries tries a password for a name in the name of a client, and reports whether that was heard.
func (t through) tries(client, name string) bool {
	t.t.Helper()
	return t.asks(http.MethodPost, "/signin", url.Values{"name": {name}, "password": {"guess"}}, "X-Forwarded-For", client).StatusCode != http.StatusTooManyRequests
}

// processes are as many on one database, whose visitors come by a proxy that they trust.
func processes(t *testing.T, n int) (all []through, c *clock) {
	t.Helper()
	h, c := guarded(t)
	h.client = browser(t)
	for range n {
		all = append(all, through{h, h.process(), "127.0.0.1"})
	}
	return all, c
}

// budgets are those that the database knows.
func (h *home) budgets() []string {
	h.t.Helper()
	all, err := playlists.Collect(h.t.Context(), h.db, func(row playlists.Scanner) (b string, err error) { return b, row.Scan(&b) }, `SELECT budget FROM limits ORDER BY budget`)
	h.ok(err)
	return all
}

func TestWhoIsHeardByOneProcessIsCountedByAllAndAfterTheNextStart(t *testing.T) {
	t.Parallel()
	process, _ := processes(t, 3)
	h := process[0].home
	looked, tried := 0, 0
	for n := range 40 {
		if process[n%3].lookFor("192.0.2.1") {
			looked++
		}
		if process[n%3].tries(stranger(n), "alice") {
			tried++
		}
	}
	if looked != 10 || tried != 10 {
		t.Errorf("three processes hear one client %d times, and %d guesses at one name", looked, tried)
	}
	later := through{h, h.process(), "127.0.0.1"}
	if later.lookFor("192.0.2.1") || later.tries(stranger(100), "alice") {
		t.Error("a start forgets who was refused")
	}
	if !later.lookFor("192.0.2.2") || !later.tries(stranger(100), "bob") {
		t.Error("others suffer")
	}
}

func TestGuessesAtTwoProcessesAtOnceAreNoMoreThanAtOne(t *testing.T) {
	t.Parallel()
	process, _ := processes(t, 2)
	heard := make([]bool, 30)
	var all sync.WaitGroup
	for n := range heard {
		all.Go(func() { heard[n] = process[n%2].tries(stranger(n), "alice") })
	}
	all.Wait()
	if n := len(slices.DeleteFunc(heard, func(is bool) bool { return !is })); n != 10 {
		t.Errorf("%d were heard", n)
	}
}

func TestClientsTogetherLeaveNoMoreRowsThanTheyAreHeard(t *testing.T) {
	t.Parallel()
	process, c := processes(t, 1)
	h, heard := process[0].home, 0
	for n := range 300 {
		if process[0].lookFor(netip.AddrFrom4([4]byte{192, 0, byte(n >> 8), byte(n)}).String()) {
			heard++
		}
	}
	if rows := len(h.budgets()); heard != 60 || rows != heard+1 {
		t.Errorf("of 300 clients %d were heard; they left %d rows", heard, rows)
	}
	c.forward(10 * time.Minute)
	h.ok(web.Tidy(t.Context(), h.db, h.store, c.now()))
	if left := h.budgets(); len(left) != 0 {
		t.Errorf("%d rows are left of who has been quiet since", len(left))
	}
}

// The row is taken away meanwhile: who is refused without a look at it costs the database nothing.
func TestWhoAsksOnAndOnIsRefusedFromMemory(t *testing.T) {
	t.Parallel()
	process, c := processes(t, 1)
	one := process[0]
	for one.lookFor("192.0.2.1") {
	}
	one.exec(`DELETE FROM limits`)
	for range 10 {
		if one.lookFor("192.0.2.1") {
			t.Fatal("heard within the half second")
		}
	}
	c.forward(time.Second)
	if !one.lookFor("192.0.2.1") {
		t.Error("not heard a second later, when another process may know better")
	}
}

func TestAClockThatWasAheadKeepsNobodyOut(t *testing.T) {
	t.Parallel()
	for ahead, within := range map[time.Duration]time.Duration{24 * time.Hour: 0, 30 * time.Second: time.Minute} {
		process, c := processes(t, 2)
		h := process[0].home
		c.forward(ahead)
		for process[0].lookFor("192.0.2.1") {
		}
		c.forward(within - ahead)
		if !process[1].lookFor("192.0.2.1") {
			t.Errorf("it was %v ahead, and %v later nobody is heard", ahead, within)
		}
		h.ok(web.Tidy(t.Context(), h.db, h.store, c.now().AddDate(-1, 0, 0)))
		if left := h.budgets(); len(left) != 0 {
			t.Errorf("it was %v ahead, then a year behind: %d rows wait for that year", ahead, len(left))
		}
	}
}

func TestNobodyReadsInTheDatabaseWhoAsked(t *testing.T) {
	t.Parallel()
	process, _ := processes(t, 1)
	h := process[0].home
	process[0].tries("192.0.2.1", "alice")
	before := h.budgets()
	if text := strings.Join(before, " "); len(before) != 4 || strings.Contains(text, "192.0.2") || strings.Contains(text, "alice") {
		t.Errorf("%q", before)
	}
	// Whoever tries all addresses needs the key as well.
	var err error
	h.config.Key, err = seal.NewKey([]byte(strings.Repeat("o", 32)))
	h.ok(err)
	through{h, h.process(), "127.0.0.1"}.tries("192.0.2.1", "alice")
	if after := h.budgets(); len(after) != 2*len(before) {
		t.Errorf("with another key %d rows become %d", len(before), len(after))
	}
}
