package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/songferry/songferry/migrations"
)

func TestAJobIsRepeatedAtOnceWhileItFindsWork(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		left := 3
		at := runFor(t, time.Second/2, func(context.Context) (int, error) { left--; return max(left, 0), nil })
		if len(at) != 3 || at[2] != 0 {
			t.Errorf("it ran at %v", at)
		}
	})
}

func TestAFailingJobWaitsAndGoesOn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		at := runFor(t, 5*time.Second/2, func(context.Context) (int, error) { return 1, errors.New("boom") })
		if len(at) != 3 {
			t.Errorf("it ran at %v", at)
		}
	})
}

func TestAPanicEndsNoJob(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		at := runFor(t, 3*time.Second/2, func(context.Context) (int, error) { panic("boom") })
		if len(at) != 2 {
			t.Errorf("it ran at %v", at)
		}
	})
}

func TestTheBellWakesAWaitingJobUnlessItIsASeldomOne(t *testing.T) {
	t.Parallel()
	for every, want := range map[time.Duration]int{30 * time.Second: 2, time.Hour: 1} {
		synctest.Test(t, func(t *testing.T) {
			time.Sleep(time.Second) // past the full hour
			ctx, cancel := context.WithCancel(t.Context())
			bell, runs := newBell(), 0
			j := job{name: "test", loops: 1, every: every, once: func(context.Context) (int, error) { runs++; return 0, nil }}
			go newCrew(j, bell).lead(ctx)
			synctest.Wait()
			bell.ring()
			bell.ring() // as often as it likes: the job waits a moment after the first
			time.Sleep(ringTime)
			synctest.Wait()
			if runs != want {
				t.Errorf("a job of every %v ran %d times", every, runs)
			}
			cancel()
			synctest.Wait()
		})
	}
}

// runFor runs a job for a while and returns when it ran, since the start.
func runFor(t *testing.T, d time.Duration, once func(context.Context) (int, error)) (at []time.Duration) {
	ctx, cancel := context.WithTimeout(t.Context(), d)
	defer cancel()
	start := time.Now()
	j := job{name: "test", loops: 1, every: time.Second, once: func(ctx context.Context) (int, error) {
		at = append(at, time.Since(start))
		return once(ctx)
	}}
	c := newCrew(j, newBell())
	c.lead(ctx)
	c.running.Wait()
	return at
}

func newCrew(j job, b *bell) *crew {
	return &crew{job: j, pulse: newPulse([]job{j}, time.Now()), log: slog.New(slog.DiscardHandler), bell: b, running: &sync.WaitGroup{}}
}

// As many loops work as there is work for, no more than allowed, and at rest there is one.
func TestWorkCallsLoopsAndRestSendsThemHome(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		var mu sync.Mutex
		left, at, most := 0, 0, 0
		count := func(change int) bool {
			mu.Lock()
			defer mu.Unlock()
			if change > 0 && left == 0 {
				return false
			}
			if at += change; change > 0 {
				left--
			}
			most = max(most, at)
			return true
		}
		c := newCrew(job{name: "test", loops: 10, every: time.Second, once: func(context.Context) (int, error) {
			if !count(1) {
				return 0, nil
			}
			time.Sleep(2 * time.Second) // a host that says nothing
			count(-1)
			return 1, nil
		}}, newBell())
		go c.lead(ctx)
		for _, r := range []struct{ work, want int }{{1, 1}, {3, 3}, {100, 10}} {
			mu.Lock()
			left, most = r.work, 0
			mu.Unlock()
			time.Sleep(time.Minute)
			mu.Lock()
			if most != r.want || left > 0 || at > 0 {
				t.Errorf("%d things to do: %d loops at a time, %d left", r.work, most, left)
			}
			mu.Unlock()
			c.mu.Lock()
			if c.called != 0 {
				t.Errorf("%d loops are still there", c.called)
			}
			c.mu.Unlock()
		}
		cancel()
		synctest.Wait()
		c.running.Wait()
	})
}

func TestTheDaemonStopsInOrder(t *testing.T) {
	t.Parallel()
	s := Settings{Data: t.TempDir(), Mode: "open", PollInterval: time.Second, RefreshInterval: time.Hour}
	b, err := openBridge(t.Context(), s, migrations.Upgrade, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- b.serve(ctx, listeners{plain: l}) }()
	res, err := http.Get("http://" + l.Addr().String() + "/readyz")
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusOK {
		t.Errorf("/readyz answers %d before set-up", res.StatusCode)
	}
	stop()
	if err := <-done; err != nil {
		t.Errorf("serve: %v", err)
	}
	if err := b.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
}

func TestAProcessDoesTheJobsThatItIsToldTo(t *testing.T) {
	t.Parallel()
	const always = "origin,presence"
	var all string
	for _, j := range (&bridge{}).allJobs() {
		all += j.name + ","
	}
	all += always
	for text, want := range map[string]string{"all": all, "none": always, "poll,mirror": "poll,mirror," + always, "none,deliver": "deliver," + always, "deliver,all": all} {
		names, err := readJobs(strings.Split(text, ","))
		b := bridge{settings: Settings{jobs: names}}
		var got []string
		for _, j := range b.jobs() {
			got = append(got, j.name)
		}
		if err != nil || strings.Join(got, ",") != want {
			t.Errorf("--jobs=%s: %v, %v", text, got, err)
		}
	}
	if _, err := readJobs([]string{"polka"}); err == nil || !strings.Contains(err.Error(), `no job "polka"`) || !strings.Contains(err.Error(), "poll, announce") {
		t.Errorf("%v", err)
	}
}
