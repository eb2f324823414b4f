package main

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/songferry/songferry/migrations"
	"github.com/songferry/songferry/playlists"
)

// standstill is how long a job may be silent: longer than the longest honest round, the reading of a large library by a slow
// server.
const standstill = 30 * time.Minute

// readyTime is how long the database may take to answer.
const readyTime = 3 * time.Second

// pulse knows how the jobs of this process do.
type pulse struct {
	mu   sync.Mutex
	jobs map[string]*beat // by name

	complaints complaints
}

// beat is how one job does.
type beat struct {
	every             time.Duration // at the latest
	seen              time.Time     // when a loop last began or ended a round
	done, idle, wrong int           // rounds that did something, found nothing, failed
	busy              time.Duration // spent in rounds
	worked            time.Time     // when a round last ended without an error
	trouble           error         // for which the last round could not use the database
}

func newPulse(jobs []job, now time.Time) *pulse {
	p := &pulse{jobs: map[string]*beat{}}
	for _, j := range jobs {
		p.jobs[j.name] = &beat{every: j.every, seen: now, worked: now}
	}
	return p
}

// begin notes that a round of a job begins.
func (p *pulse) begin(name string, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.jobs[name].seen = now
}

// end notes how a round ended that began at start.
func (p *pulse) end(name string, start, now time.Time, n int, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	b := p.jobs[name]
	b.seen, b.busy, b.trouble = now, b.busy+now.Sub(start), migrations.Trouble(err)
	switch {
	case err != nil:
		b.wrong++
		return
	case n > 0:
		b.done++
	default:
		b.idle++
	}
	b.worked = now
}

// interval is how long a job waits at most. One that could not use the database is tried again soon, however rare it is else: the
// bridge is not ready before it can.
func (p *pulse) interval(j job) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.jobs[j.name].trouble != nil {
		return min(j.every, 5*time.Second)
	}
	return j.every
}

// each calls fn with every job, in the order of their names.
func (p *pulse) each(fn func(name string, b beat)) {
	p.mu.Lock()
	all := map[string]beat{}
	for name, b := range p.jobs {
		all[name] = *b
	}
	p.mu.Unlock()
	names := make([]string, 0, len(all))
	for name := range all {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		fn(name, all[name])
	}
}

// standing returns the jobs that have stood still.
func (p *pulse) standing(now time.Time) (names []string) {
	p.each(func(name string, b beat) {
		if now.Sub(b.seen) > b.every+standstill {
			names = append(names, name)
		}
	})
	return names
}

// trouble returns for what the jobs cannot use the database, nil when all can.
func (p *pulse) trouble() (cause error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, b := range p.jobs {
		if b.trouble != nil {
			cause = b.trouble
		}
	}
	return cause
}

// ready fails when the bridge cannot do its work: its database does not answer or cannot be written, or a job stands still.
func (b *bridge) ready(ctx context.Context) error {
	if cause := b.pulse.trouble(); cause != nil {
		return playlists.Problemf(playlists.Unavailable, cause, "Nothing can be kept at the moment: %s.", cause)
	}
	ctx, cancel := context.WithTimeout(ctx, readyTime)
	defer cancel()
	if err := b.db.PingContext(ctx); err != nil {
		return playlists.Problemf(playlists.Unavailable, err, "The database does not answer.")
	}
	if names := b.pulse.standing(time.Now()); len(names) > 0 {
		return playlists.Problemf(playlists.Unavailable, nil, "The background work stands still (%s). Start Songferry again, and tell its makers if that happens twice.", strings.Join(names, ", "))
	}
	return nil
}
