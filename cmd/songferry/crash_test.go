package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

// allKills names the environment variable that makes these tests kill at every moment, with every dialect of Bob's
// music server, instead of at a sample of moments.
const allKills = "SONGFERRY_TEST_ALL_KILLS"

const (
	sampledJourneys = 36 // of the tests below together, without allKills
	journeysAtATime = 4
	maxNth          = 2 // of one call in one stage: more often, it is a poll
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
	sample := sampledJourneys - chaosJourneys
	if everyKill() {
		dialects, sample = subsonictest.Dialects, 1<<20
	}
	var kills []kill
	for _, d := range dialects {
		kills = append(kills, killsOf(t, d)...)
	}
	kills = spread(kills, sample)
	var mu sync.Mutex
	missed := 0
	travelAll(t, len(kills), func(t *testing.T, i int) {
		if !playKill(t, kills[i]) {
			mu.Lock()
			defer mu.Unlock()
			missed++
		}
	}, func(i int) string { return kills[i].String() })
	t.Logf("%d journeys with a kill; on %d more the moment did not come", len(kills)-missed, missed)
	if missed*5 > len(kills) {
		t.Errorf("on %d of %d journeys nobody was killed", missed, len(kills))
	}
}

func everyKill() bool { return os.Getenv(allKills) != "" }

// killsOf plays the journey once, without a kill, and returns the kills that it offers.
func killsOf(t *testing.T, d subsonictest.Dialect) (kills []kill) {
	t.Helper()
	var moments []moment
	t.Run("nobody dies, "+string(d), func(t *testing.T) {
		j := newJourney(t, d, nil)
		j.travel(nil)
		moments = j.wires.moments
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

// spread returns at most n of the kills, evenly.
func spread(kills []kill, n int) (some []kill) {
	for i := range min(n, len(kills)) {
		some = append(some, kills[i*len(kills)/min(n, len(kills))])
	}
	return some
}

// travelAll plays n journeys, some at a time.
func travelAll(t *testing.T, n int, play func(t *testing.T, i int), name func(i int) string) {
	t.Helper()
	next := make(chan int)
	var running sync.WaitGroup
	for range journeysAtATime {
		running.Go(func() {
			for i := range next {
				t.Run(name(i), func(t *testing.T) { play(t, i) })
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	running.Wait()
}

// playKill plays a journey with one kill, and reports whether the moment came.
func playKill(t *testing.T, k kill) bool {
	t.Helper()
	var mu sync.Mutex
	done := false
	j := newJourney(t, k.dialect, func(j *journey, m moment) bool {
		mu.Lock()
		defer mu.Unlock()
		if done || m != k.moment {
			return false
		}
		done = true
		j.traveller(k.victim).kill()
		return true
	})
	j.travel(nil)
	mu.Lock()
	defer mu.Unlock()
	return done
}

func (j *journey) traveller(name string) *traveller {
	if name == j.alice.name {
		return j.alice
	}
	return j.bob
}

const (
	chaosJourneys    = 8
	allChaosJourneys = 60
	maxCommits       = 30 // after the beginning of a stage, until somebody is killed
)

// TestABridgeMayBeKilledBetweenAnyTwoTransactions kills each bridge once in every stage, when its database has been
// written to so many times: whatever a bridge does between two requests happens there.
func TestABridgeMayBeKilledBetweenAnyTwoTransactions(t *testing.T) {
	t.Parallel()
	n := chaosJourneys
	if everyKill() {
		n = allChaosJourneys
	}
	first := rand.Uint64()
	var mu sync.Mutex
	kills := 0
	travelAll(t, n, func(t *testing.T, i int) {
		k := playChaos(t, first+uint64(i))
		mu.Lock()
		defer mu.Unlock()
		kills += k
	}, func(i int) string { return fmt.Sprintf("seed %d", first+uint64(i)) })
	t.Logf("%d kills on %d journeys", kills, n)
	if kills < n {
		t.Errorf("only %d kills on %d journeys", kills, n)
	}
}

// playChaos plays a journey with a kill of either bridge in every stage, and returns how many there were.
func playChaos(t *testing.T, seed uint64) (kills int) {
	t.Helper()
	random := rand.New(rand.NewPCG(seed, 0))
	j := newJourney(t, subsonictest.Dialects[random.IntN(len(subsonictest.Dialects))], nil)
	var killers sync.WaitGroup
	var mu sync.Mutex
	stop := func() {}
	defer func() { stop(); killers.Wait() }()
	j.travel(func(stage string) {
		stop()
		killers.Wait()
		var ctx context.Context
		ctx, stop = context.WithCancel(t.Context())
		for _, p := range []*traveller{j.alice, j.bob} {
			n := 1 + random.IntN(maxCommits)
			killers.Go(func() {
				if p.killAtCommit(ctx, n) {
					mu.Lock()
					defer mu.Unlock()
					t.Logf("%s: %s died at commit %d", stage, p.name, n)
					kills++
				}
			})
		}
	})
	stop()
	killers.Wait()
	return kills
}
