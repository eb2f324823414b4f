//go:build load

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/songferry/songferry/migrations"
)

// TestLoadOfProcesses: the deliveries of one post are shared by one, two and three processes. Each has a machine of its own, so to
// speak: it may use two fifths of a core, and the servers and the database have what is left.
func TestLoadOfProcesses(t *testing.T) {
	const part = 0.25
	hosts := largest(loadSizes(t, 2_000))
	var alone float64
	for _, processes := range []int{1, 2, 3, 1, 2, 3} {
		t.Run(fmt.Sprint(processes), func(t *testing.T) {
			p := newPublisher(t, hosts, hosts)
			p.d = p.startWith([]string{"GOMAXPROCS=1"}, "--jobs=all")
			p.d.awaitReady(p.url)
			p.followers()
			all := []*daemon{p.d}
			for len(all) < processes {
				d := p.startWith([]string{"GOMAXPROCS=1", "SONGFERRY_LISTEN=" + freeAddress(t), "SONGFERRY_METRICS_LISTEN="}, "--jobs=deliver,greet,retry")
				all = append(all, d)
			}
			time.Sleep(2 * time.Second)
			database := databaseTime(t, p.database)
			stop := slow(all, part)
			got := p.post(fmt.Sprintf("%d processes", processes))
			stop()
			if processes == 1 {
				alone = got
			}
			t.Logf("%d processes of %.0f %% of a core: %.0f deliveries/s, %.2f times one's; the database used %v", processes, 100*part, got, got/alone,
				(databaseTime(t, p.database) - database).Round(10*time.Millisecond))
		})
	}
}

// slow lets processes run in so large a part of the time only, as on slower processors of their own.
func slow(all []*daemon, part float64) (stop func()) {
	const round = 20 * time.Millisecond
	ended := make(chan struct{})
	var working sync.WaitGroup
	for n, d := range all {
		working.Go(func() {
			time.Sleep(time.Duration(n) * round / time.Duration(len(all)))
			for lasts(ended) {
				_ = d.process.Signal(syscall.SIGSTOP)
				time.Sleep(time.Duration(float64(round) * (1 - part)))
				_ = d.process.Signal(syscall.SIGCONT)
				time.Sleep(time.Duration(float64(round) * part))
			}
		})
	}
	return func() {
		close(ended)
		working.Wait()
	}
}

// databaseTime is the processor time of all processes of PostgreSQL on this machine; with SQLite there are none.
func databaseTime(t *testing.T, database string) (all time.Duration) {
	t.Helper()
	if !migrations.IsPostgres(database) {
		return 0
	}
	names, err := filepath.Glob("/proc/[0-9]*/comm")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		comm, err := os.ReadFile(name)
		if err != nil || strings.TrimSpace(string(comm)) != "postgres" {
			continue // a process that has ended, or another program
		}
		if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(name))); err == nil {
			all += usageOf(t, pid).cpu
		}
	}
	return all
}
