//go:build measure

package match

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestMeasureSpeed prints how fast invented libraries of three sizes are indexed and resolved on one core, and how much memory
// they take. SONGFERRY_MATCH_SIZES may name other sizes.
func TestMeasureSpeed(t *testing.T) {
	runtime.GOMAXPROCS(1)
	sizes := []int{10_000, 100_000, 1_000_000}
	if list := os.Getenv("SONGFERRY_MATCH_SIZES"); list != "" {
		sizes = nil
		for s := range strings.SplitSeq(list, ",") {
			sizes = append(sizes, number(s))
		}
	}
	fmt.Printf("%9s %9s %12s %31s %11s %11s %11s\n", "songs", "index s", "bytes/song", "tracks/s: same id", "same text", "one slip", "absent")
	for _, n := range sizes {
		fmt.Println(speeds(n))
	}
}

func speeds(n int) string {
	songs := invented(n, 1)
	works := workloads(songs, 1000)
	before := heap()
	var ix *Index
	built := best(1, func() { ix = nil; ix = NewIndex(songs) })
	size := heap() - before
	runtime.KeepAlive(songs)
	songs = nil
	line := fmt.Sprintf("%9d %9.2f %12.0f %19s", n, built.Seconds(), float64(size)/float64(n), "")
	for _, w := range works {
		var took time.Duration
		for few := range slices.Chunk(w.wanted, 4) {
			took += best(len(w.wanted)/4, func() { ix.Resolve(few, SameRecording) })
		}
		line += fmt.Sprintf(" %11.0f", float64(len(w.wanted))/took.Seconds())
	}
	return line
}

// best returns the shortest of several rounds, which other programs disturbed least. It stops when parts such calls would
// take three seconds.
func best(parts int, fn func()) time.Duration {
	shortest, begin := time.Hour, time.Now()
	for rounds := 0; rounds < 5 || rounds < 20 && time.Since(begin) < 3*time.Second/time.Duration(parts); rounds++ {
		start := time.Now()
		fn()
		shortest = min(shortest, time.Since(start))
	}
	return shortest
}
