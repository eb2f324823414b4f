//go:build load

package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// watchEvery is how often a bridge that is measured is asked how it does: seldom, since it counts its queues to say so.
const watchEvery = 2 * time.Second

// observed is what a bridge said of itself while something was measured.
type observed struct {
	database float64            // seconds that its statements took
	oldest   map[string]float64 // seconds that the oldest of a queue had waited at most, by queue
}

const databaseSeconds = "songferry_database_seconds_total"

// watch looks at a bridge's metrics until end is called, which tells what it saw beside what was measured.
func (i *installation) watch() (end func() string) {
	i.t.Helper()
	begun, first := time.Now(), i.allMetrics()
	saw := observed{oldest: map[string]float64{}}
	ended := make(chan struct{})
	var watching sync.WaitGroup
	watching.Go(func() {
		for lasts(ended) {
			if said, err := i.readMetrics(); err == nil { // else it is too busy to answer, or the test has failed
				saw.add(said)
			}
			select {
			case <-ended:
			case <-time.After(watchEvery):
			}
		}
	})
	stop := sync.OnceFunc(func() {
		close(ended)
		watching.Wait()
	})
	i.t.Cleanup(stop) // of a test that fails in between
	return func() string {
		i.t.Helper()
		stop()
		saw.database = i.allMetrics()[databaseSeconds] - first[databaseSeconds]
		return saw.tell(time.Since(begun))
	}
}

func (s *observed) add(said map[string]float64) {
	for name, age := range said {
		if queue, ok := strings.CutPrefix(name, `songferry_queue_oldest_seconds{queue="`); ok {
			queue = strings.TrimSuffix(queue, `"}`)
			s.oldest[queue] = max(s.oldest[queue], age)
		}
	}
}

// tell leaves out queues in which nothing waited.
func (s *observed) tell(took time.Duration) string {
	text := fmt.Sprintf("the database had %.2f statements at work on average; longest waits:", s.database/took.Seconds())
	for _, queue := range slices.Sorted(maps.Keys(s.oldest)) {
		if age := s.oldest[queue]; age > 0 {
			text += fmt.Sprintf(" %s %.1f s", queue, age)
		}
	}
	return text
}
