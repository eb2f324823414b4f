//go:build measure

package match

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"
)

// TestMeasureSpeed prints how fast invented libraries of three sizes are indexed and resolved, and how much memory they
// take. Times are of one core's work. SONGFERRY_MATCH_SIZES may name other sizes.
func TestMeasureSpeed(t *testing.T) {
	runtime.GOMAXPROCS(1)
	sizes := []int{10_000, 100_000, 1_000_000}
	if list := os.Getenv("SONGFERRY_MATCH_SIZES"); list != "" {
		sizes = nil
		for s := range strings.SplitSeq(list, ",") {
			sizes = append(sizes, number(s))
		}
	}
	t.Log("songs      index s   bytes/song   tracks/s: id      exact       typo     absent")
	for _, n := range sizes {
		t.Log(speeds(n))
	}
}

func speeds(n int) string {
	songs := invented(n, 1)
	works := workloads(songs, min(n, 5000))
	before := heap()
	start := cpuTime()
	ix := NewIndex(songs)
	built := cpuTime() - start
	size := heap() - before
	runtime.KeepAlive(songs)
	songs = nil
	line := fmt.Sprintf("%-8d %8.2f %11.0f          ", n, built.Seconds(), float64(size)/float64(n))
	for _, w := range works {
		line += fmt.Sprintf(" %10.0f", tracksPerSecond(ix, w))
	}
	return line
}

// tracksPerSecond resolves the wanted tracks for half a second at least.
func tracksPerSecond(ix *Index, w workload) float64 {
	done, start := 0, cpuTime()
	for cpuTime()-start < time.Second/2 {
		ix.Resolve(w.wanted, SameRecording)
		done += len(w.wanted)
	}
	return float64(done) / (cpuTime() - start).Seconds()
}
