package main

import (
	"fmt"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

func TestTheDaemonIsReadyBeforeSetUpAndStopsInOrder(t *testing.T) {
	t.Parallel()
	i := install(t)
	d := i.serve()

	if got := i.must("healthcheck"); got != "ready\n" {
		t.Errorf("healthcheck printed %q", got)
	}
	d.stop()

	s := i.run("healthcheck")
	if s.code != 1 || s.out != "" {
		t.Errorf("after the daemon ended, healthcheck exits with %d and prints %q", s.code, s.out)
	}
}

// installed prepares an installation with one account, one playlist, and the settings that people have.
func installed(t testing.TB, settings ...string) *installation {
	t.Helper()
	server := subsonictest.NewServer(subsonictest.Navidrome)
	server.AddUser("alice", "secret")
	server.AddPlaylist("alice", "Road trip", server.AddSong(harbour))
	music := httptest.NewServer(server)
	t.Cleanup(music.Close)
	i := install(t, append([]string{"SONGFERRY_POLL_INTERVAL=1m", "SONGFERRY_QUIET_TIME=2m", "SONGFERRY_REFRESH_INTERVAL=6h", "SONGFERRY_LOG_LEVEL=info"}, settings...)...)
	i.addAccount("alice", music.URL, "secret")
	i.must("playlist", "publish", "--account", "alice", "--audience", "public", "Road trip")
	return i
}

// BenchmarkStart measures from starting the program on an existing database until it is ready.
func BenchmarkStart(b *testing.B) {
	i := installed(b)
	var took []time.Duration
	for b.Loop() {
		start := time.Now()
		d := i.serve()
		took = append(took, time.Since(start))
		b.StopTimer()
		d.stop()
		b.StartTimer()
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Milliseconds()), "median-ms")
}

// BenchmarkIdle measures the resident memory of a daemon that had nothing to do for half a minute. One round is enough:
// go test -run '^$' -bench Idle -benchtime 1x ./cmd/songferry
func BenchmarkIdle(b *testing.B) {
	i := installed(b)
	for b.Loop() {
		d := i.serve()
		<-time.After(30 * time.Second)
		b.ReportMetric(d.memory(), "MB")
		d.stop()
	}
}

// memory returns the resident memory of the daemon in megabytes (2^20 bytes).
func (d *daemon) memory() float64 {
	d.t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", d.process.Pid))
	if err != nil {
		d.t.Fatal(err)
	}
	var kilobytes float64
	_, rest, found := strings.Cut(string(status), "VmRSS:")
	if _, err := fmt.Sscan(rest, &kilobytes); err != nil || !found {
		d.t.Fatalf("%v: %s", err, status)
	}
	return kilobytes / 1024
}
