package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

// allKills names the environment variable that makes these tests kill at every moment, with every dialect of Bob's
// music server, instead of at a sample of moments.
const allKills = "SONGFERRY_TEST_ALL_KILLS"

const (
	sampledKills  = 6 // at requests, without allKills
	sampledWrites = 5 // the same, at writes
	maxNth        = 2 // of one call in one stage: more often, it is a poll
)

// kill is a journey on which somebody is killed: one end of a wire, at a moment.
type kill struct {
	dialect subsonictest.Dialect // of Bob's music server
	moment
	victim string
}

func (k kill) String() string { return fmt.Sprintf("%s dies %v, %s", k.victim, k.moment, k.dialect) }

// TestABridgeMayBeKilledAtAnyRequest kills a bridge before and after each request that crosses a wire, which lies
// between any two steps that touch somebody else: once the one that sent it, once the one that gets it.
func TestABridgeMayBeKilledAtAnyRequest(t *testing.T) {
	t.Parallel()
	dialects := []subsonictest.Dialect{subsonictest.Navidrome, subsonictest.Supysonic}
	if everyKill() {
		dialects = subsonictest.Dialects
	}
	var kills []kill
	for _, d := range dialects {
		kills = append(kills, killsOf(t, d)...)
	}
	if !everyKill() {
		kills = spread(kills, sampledKills)
	}
	travelAll(t, len(kills), func(t *testing.T, i int, deaths *atomic.Int64) { playKill(t, kills[i], deaths) },
		func(i int) string { return kills[i].String() })
}

func everyKill() bool { return os.Getenv(allKills) != "" }

// killsOf plays the journey once, without a kill, and returns the kills that it offers.
func killsOf(t *testing.T, d subsonictest.Dialect) (kills []kill) {
	t.Helper()
	var moments []moment
	t.Run("nobody dies, "+string(d), func(t *testing.T) {
		j := newJourney(t, d, nil)
		j.travel(nil)
		moments, _, _ = j.wires.seen()
	})
	for _, after := range []bool{false, true} {
		for _, m := range moments {
			if m.stage == "" || m.nth > maxNth {
				continue
			}
			m.after = after
			for _, victim := range []string{m.from, m.to} {
				if !strings.HasSuffix(victim, "music") {
					kills = append(kills, kill{dialect: d, moment: m, victim: victim})
				}
			}
		}
	}
	return kills
}

// spread returns at most n of all, evenly, and the same each time: a usual run is to find what the change at hand broke.
func spread[T any](all []T, n int) (some []T) {
	if n = min(n, len(all)); n == 0 {
		return nil
	}
	for i := range n {
		some = append(some, all[i*len(all)/n])
	}
	return some
}

// underway limits how many journeys are played at a time, by all tests together.
var underway = make(chan struct{}, 4)

// travelAll plays n journeys, each with a name of its own, and checks that somebody died on most of them: on a
// loaded machine some moments do not come.
func travelAll(t *testing.T, n int, play func(t *testing.T, i int, deaths *atomic.Int64), name func(i int) string) {
	t.Helper()
	var journeys, deaths atomic.Int64
	next := make(chan int)
	var running sync.WaitGroup
	for range cap(underway) {
		running.Go(func() {
			for i := range next {
				underway <- struct{}{}
				// -run can pick a name only if it has no slash.
				t.Run(strings.ReplaceAll(name(i), "/", "·"), func(t *testing.T) {
					journeys.Add(1)
					play(t, i, &deaths)
				})
				<-underway
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	running.Wait()
	t.Logf("%d deaths on %d journeys", deaths.Load(), journeys.Load())
	if deaths.Load()*2 < journeys.Load() {
		t.Error("too few: the moments did not come")
	}
}

// playKill plays a journey with one kill, unless the moment for it does not come.
func playKill(t *testing.T, k kill, deaths *atomic.Int64) {
	t.Helper()
	var done atomic.Bool
	newJourney(t, k.dialect, func(j *journey, m moment) bool {
		if m != k.moment || !done.CompareAndSwap(false, true) {
			return false
		}
		j.traveller(k.victim).kill()
		deaths.Add(1)
		return true
	}).travel(nil)
}

const (
	chaosJourneys    = 4
	allChaosJourneys = 100
	maxDeaths        = 3  // of a bridge in one stage
	maxCommits       = 16 // until it dies
)

// TestABridgeMayBeKilledBetweenAnyTwoTransactions kills both bridges in every stage, and again when they have just
// started, each time after their database has been written to so many times: whatever a bridge does between two
// requests happens there.
func TestABridgeMayBeKilledBetweenAnyTwoTransactions(t *testing.T) {
	t.Parallel()
	n, first := chaosJourneys, uint64(1)
	if everyKill() {
		n, first = allChaosJourneys, rand.Uint64()
	}
	travelAll(t, n, func(t *testing.T, i int, deaths *atomic.Int64) { playChaos(t, first+uint64(i), deaths) },
		func(i int) string { return fmt.Sprintf("seed %d", first+uint64(i)) })
}

// playChaos plays a journey on which both bridges die again and again, and counts how often.
func playChaos(t *testing.T, seed uint64, deaths *atomic.Int64) {
	t.Helper()
	random := rand.New(rand.NewPCG(seed, 0))
	j := newJourney(t, subsonictest.Dialects[random.IntN(len(subsonictest.Dialects))], nil)
	var killers sync.WaitGroup
	stop := func() {}
	defer func() { stop(); killers.Wait() }()
	j.travel(func(stage string) {
		stop()
		killers.Wait()
		var ctx context.Context
		ctx, stop = context.WithCancel(t.Context())
		for _, p := range []*traveller{j.alice, j.bob} {
			random := rand.New(rand.NewPCG(random.Uint64(), 0))
			killers.Go(func() {
				for range 1 + random.IntN(maxDeaths) {
					n := 1 + random.IntN(maxCommits)
					if p.killAtCommit(ctx, n) {
						deaths.Add(1)
						t.Logf("%s: %s died at commit %d", stage, p.name, n)
					}
				}
			})
		}
	})
}
