//go:build soak

package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// soakColumns are what a sample holds. Those that must level off have a least growth, below which it is noise; what waits for dead
// servers grows older and more for days by design, until it is given up, and is shown only.
var soakColumns = [...]struct {
	name  string
	noise float64
	level bool
}{
	{"RSS MB", 8, true}, {"heap MB", 8, true}, {"files", 10, true}, {"goroutines", 20, true}, {"oldest wait s", 10, true},
	{"oldest delivery s", 0, false}, {"deliveries", 0, false},
}

type soakSample struct {
	at     time.Duration
	values [len(soakColumns)]float64
}

type soakSamples []soakSample

// print shows about a dozen of the samples.
func (s soakSamples) print(t *testing.T) {
	t.Helper()
	var table strings.Builder
	fmt.Fprintf(&table, "\n%8s", "after")
	for _, c := range soakColumns {
		fmt.Fprintf(&table, " %17s", c.name)
	}
	for n := 0; n < len(s); n += max(len(s)/12, 1) {
		fmt.Fprintf(&table, "\n%8s", s[n].at.Round(time.Second))
		for _, v := range s[n].values {
			fmt.Fprintf(&table, " %17.1f", v)
		}
	}
	t.Log(table.String())
}

// leaks reports whether a column goes on growing: in the second half of the time by more than an eighth of itself and than noise, and
// not clearly slower than in the first, as what only warms up does.
func (s soakSamples) leaks(column int) (first, second float64, leaks bool) {
	half := len(s) / 2
	first, second = s[:half].growth(column), s[half:].growth(column)
	return first, second, second > soakColumns[column].noise && second > s[half:].median(column)/8 && second > first/2
}

// judge fails for what does not level off.
func (s soakSamples) judge(t *testing.T) {
	t.Helper()
	if len(s) < 8 {
		t.Fatalf("only %d samples were taken", len(s))
	}
	for n, c := range soakColumns {
		first, second, leaks := s.leaks(n)
		t.Logf("%-18s grows by %8.1f in the first half, %8.1f in the second", c.name, first, second)
		if c.level && leaks {
			t.Errorf("%s does not level off", c.name)
		}
	}
}

// growth is how much a column grows over the samples, by the median of the slopes between all pairs (Theil–Sen), which peaks of the
// collector do not move.
func (s soakSamples) growth(column int) float64 {
	var slopes []float64
	for i, a := range s {
		for _, b := range s[i+1:] {
			slopes = append(slopes, (b.values[column]-a.values[column])/(b.at-a.at).Seconds())
		}
	}
	return middle(slopes) * (s[len(s)-1].at - s[0].at).Seconds()
}

func (s soakSamples) median(column int) float64 {
	var values []float64
	for _, a := range s {
		values = append(values, a.values[column])
	}
	return middle(values)
}

func middle(of []float64) float64 {
	slices.Sort(of)
	return of[len(of)/2]
}

// The judge lets go what is level or warms up, and finds what leaks.
func TestTheJudgeOfASoakFindsLeaks(t *testing.T) {
	for name, c := range map[string]struct {
		grow  func(n float64) float64
		leaks bool
	}{
		"level":    {func(float64) float64 { return 60 }, false},
		"noisy":    {func(n float64) float64 { return 60 + 5*float64(int(n)%3) }, false},
		"warms up": {func(n float64) float64 { return 60 + 60*n/(n+5) }, false},
		"leaks":    {func(n float64) float64 { return 60 + 2*n }, true},
	} {
		var s soakSamples
		for n := range 40 {
			s = append(s, soakSample{at: time.Duration(n) * time.Second, values: [len(soakColumns)]float64{c.grow(float64(n))}})
		}
		if first, second, leaks := s.leaks(0); leaks != c.leaks {
			t.Errorf("%s: %f, then %f", name, first, second)
		}
	}
}
