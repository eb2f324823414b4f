//go:build load

package main

import (
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/songferry/songferry/federation/federationtest"
	"github.com/songferry/songferry/migrations"
)

// The tests of this name measure the real program under load, each beside what nothing can be faster than in the same run. They fail
// for wrong answers only: how fast a machine is says nothing of the program. Run them with `make load`, on a machine that has nothing
// else to do; LOAD=Delivery runs one of them, SONGFERRY_LOAD_SCALE=0.1 takes a tenth of the sizes.

// loadSizes are a size and what it grew from: a cost for each that grows with it is not linear.
func loadSizes(t testing.TB, full int) (sizes []int) {
	t.Helper()
	scale := 1.0
	if text := os.Getenv("SONGFERRY_LOAD_SCALE"); text != "" {
		var err error
		if scale, err = strconv.ParseFloat(text, 64); err != nil || scale <= 0 {
			t.Fatalf("SONGFERRY_LOAD_SCALE is %q, want a number above 0", text)
		}
	}
	for _, part := range []float64{100, 10, 1} {
		sizes = append(sizes, max(int(float64(full)*scale/part), 10))
	}
	return slices.Compact(sizes)
}

// largest is the last of the sizes.
func largest(sizes []int) int { return sizes[len(sizes)-1] }

// until is await for work that takes minutes.
func until(t testing.TB, what string, ask func() error) {
	t.Helper()
	deadline := time.Now().Add(15 * time.Minute)
	for err := ask(); err != nil; err = ask() {
		if time.Now().After(deadline) {
			t.Fatalf("waited too long for %s: %v", what, err)
		}
		<-time.After(askEvery)
	}
}

// inside lets a test do at once, in the database of an installation that does not run, what people do one by one on the pages.
func (i *installation) inside(do func(context.Context, *bridge) error) {
	i.t.Helper()
	settings := Settings{URL: i.url, Data: i.data, Database: i.database, Mode: "open", PrivateNetworks: []string{"127.0.0.0/8"}, LogLevel: "error", PollInterval: time.Second}
	b, err := openBridge(i.t.Context(), settings, migrations.Upgrade, settings.logger(i.t.Output()))
	if err != nil {
		i.t.Fatal(err)
	}
	defer b.Close()
	if err := do(i.t.Context(), b); err != nil {
		i.t.Fatal(err)
	}
}

// usage is what a process has used.
type usage struct {
	cpu            time.Duration
	resident, peak int64 // bytes
}

// usage reads what the system has counted (proc(5)).
func (d *daemon) usage() (u usage) {
	d.t.Helper()
	return usageOf(d.t, d.process.Pid)
}

func usageOf(t testing.TB, pid int) (u usage) {
	t.Helper()
	folder := filepath.Join("/proc", strconv.Itoa(pid))
	text, err := os.ReadFile(filepath.Join(folder, "stat"))
	if err != nil {
		t.Fatal(err)
	}
	fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:])) // from the third: the second may hold spaces
	for _, field := range []string{fields[11], fields[12]} {
		ticks, err := strconv.Atoi(field)
		if err != nil {
			t.Fatal(err)
		}
		u.cpu += time.Duration(ticks) * time.Second / 100
	}
	if text, err = os.ReadFile(filepath.Join(folder, "status")); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		var kB int64
		if _, err := fmt.Sscanf(line, "VmRSS: %d", &kB); err == nil {
			u.resident = kB << 10
		}
		if _, err := fmt.Sscanf(line, "VmHWM: %d", &kB); err == nil {
			u.peak = kB << 10
		}
	}
	return u
}

// since is what was used after before.
func (u usage) since(before usage) time.Duration { return u.cpu - before.cpu }

// micros is one of n parts of a duration, in µs.
func micros(d time.Duration, n int) float64 { return float64(d.Nanoseconds()) / 1000 / float64(n) }

// mega is bytes in MB.
func mega(bytes int64) float64 { return float64(bytes) / (1 << 20) }

// percentiles says how long things took.
func percentiles(of []time.Duration) string {
	if len(of) == 0 {
		return "none"
	}
	slices.Sort(of)
	at := func(percent int) time.Duration {
		return of[min(len(of)*percent/100, len(of)-1)].Round(100 * time.Microsecond)
	}
	return fmt.Sprintf("p50 %v, p95 %v, p99 %v, longest %v", at(50), at(95), at(99), at(100))
}

// threadTime is the processor time of one call of do, of n.
func threadTime(t testing.TB, n int, do func() error) time.Duration {
	t.Helper()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	used := func() time.Duration {
		const thread = 1 // RUSAGE_THREAD, getrusage(2)
		var u syscall.Rusage
		if err := syscall.Getrusage(thread, &u); err != nil {
			t.Fatal(err)
		}
		return time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	begun := used()
	for range n {
		if err := do(); err != nil {
			t.Fatal(err)
		}
	}
	return (used() - begun) / time.Duration(n)
}

// bareSigning is the processor time of one signature with RSA-2048, and nothing else.
func bareSigning(t testing.TB) time.Duration {
	t.Helper()
	key, sum := loadKey(t), sha256.Sum256([]byte("songferry"))
	return threadTime(t, 500, func() error {
		_, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, sum[:])
		return err
	})
}

// bareVerification is the processor time of verifying it.
func bareVerification(t testing.TB) time.Duration {
	t.Helper()
	key, sum := loadKey(t), sha256.Sum256([]byte("songferry"))
	signature, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, sum[:])
	if err != nil {
		t.Fatal(err)
	}
	return threadTime(t, 5000, func() error { return rsa.VerifyPKCS1v15(&key.PublicKey, crypto.SHA256, sum[:], signature) })
}

func loadKey(t testing.TB) *rsa.PrivateKey {
	t.Helper()
	key, err := federationtest.Key()
	if err != nil {
		t.Fatal(err)
	}
	return key
}
