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

	"golang.org/x/sys/unix"

	"github.com/songferry/songferry/migrations"
)

// TestLoadOfProcesses: the deliveries of one post are shared by one, two and three processes. Each has a machine of its own, so to
// speak: it may use a quarter of a core, and the servers and the database have what is left.
func TestLoadOfProcesses(t *testing.T) {
	const part = 0.25
	hosts := largest(loadSizes(t, 4_000))
	var alone float64
	for _, processes := range []int{1, 2, 3} {
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
			var used time.Duration
			for _, d := range all {
				used -= d.usage().cpu
			}
			begun := time.Now()
			stop := slow(t, all, part)
			got := p.post(fmt.Sprintf("%d processes", processes))
			stop()
			for _, d := range all {
				used += d.usage().cpu
			}
			if processes == 1 {
				alone = got
			}
			t.Logf("%d processes, which used %.0f %% of a core together: %.0f deliveries/s, %.2f times one's; the database used %v", processes,
				100*used.Seconds()/time.Since(begun).Seconds(), got, got/alone, (databaseTime(t, p.database) - database).Round(10*time.Millisecond))
		})
	}
}

// slow lets each process have so large a part of a processor only, as if it had a slower one to itself: whoever has had more is
// stopped until it is right again. It measures what they used, since on two processors they also wait for each other.
func slow(t *testing.T, all []*daemon, part float64) (stop func()) {
	const look, credit = 500 * time.Microsecond, 5 * time.Millisecond
	ended := make(chan struct{})
	var working sync.WaitGroup
	for _, d := range all {
		working.Go(func() {
			balance, used, at := time.Duration(0), processorTime(t, d.process.Pid), time.Now()
			for lasts(ended) {
				time.Sleep(look)
				nowUsed, now := processorTime(t, d.process.Pid), time.Now()
				before := balance
				balance = min(credit, balance+time.Duration(part*float64(now.Sub(at)))-(nowUsed-used))
				used, at = nowUsed, now
				if (balance < 0) != (before < 0) {
					_ = d.process.Signal(map[bool]syscall.Signal{true: syscall.SIGSTOP, false: syscall.SIGCONT}[balance < 0])
				}
			}
			_ = d.process.Signal(syscall.SIGCONT)
		})
	}
	return func() {
		close(ended)
		working.Wait()
	}
}

// processorTime is what a process has used so far, by the clock that the kernel has for it (clock_getcpuclockid(3)).
func processorTime(t *testing.T, pid int) time.Duration {
	const scheduled = 2 // CPUCLOCK_SCHED, in ns; the other clocks count in ticks
	var at unix.Timespec
	if err := unix.ClockGettime(int32(^pid<<3|scheduled), &at); err != nil {
		t.Error(err)
	}
	return time.Duration(at.Nano())
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
