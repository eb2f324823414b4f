//go:build load

package main

import (
	"fmt"
	"net/http"
	"testing"
	"time"
)

// TestLoadOfIntake: many servers send signed activities that must be kept, at once, to a process that only answers. Another then acts
// on them.
func TestLoadOfIntake(t *testing.T) {
	for _, activities := range loadSizes(t, 10_000) {
		t.Run(fmt.Sprint(activities), func(t *testing.T) {
			const hosts, followers = 100, 200
			p := newPublisher(t, hosts, followers)
			p.d = p.serve("--jobs=none")
			p.flood("from strangers, whose key is fetched", p.follows(followers, "first"))
			verification, all := bareVerification(t), p.follows(activities, "again")
			bare := p.floodBare(all)
			cpu := p.flood("from those who are known", all)
			t.Logf("%.0f %% of bare verification (%.0f µs); %.0f %% of a handler that does nothing but read, verify and keep (%.0f µs)",
				100*micros(verification, 1)/cpu, micros(verification, 1), 100*bare/cpu, bare)
			p.d.stop()
			p.act(activities + followers)
		})
	}
}

// follows are signed requests to follow, by the followers in turn. Each has an id of its own, so that it is kept.
func (p *publisher) follows(n int, name string) []*http.Request {
	all := make([]*http.Request, n)
	inParallel(2, n, func(k int) {
		who := k % len(p.fleet.followers)
		id := p.fleet.followers[who]
		all[k] = p.fleet.sign(who, map[string]any{"id": fmt.Sprintf("%s#%s-%d", id, name, k), "type": "Follow", "actor": id, "object": p.url + "/ap/actors/" + p.publicID})
	})
	return all
}

// flood sends requests as fast as they are taken, 32 at a time, and returns the processor time of one in µs.
func (p *publisher) flood(whose string, all []*http.Request) float64 {
	p.t.Helper()
	took := make([]time.Duration, len(all))
	seen, before, begun := p.watch(), p.d.usage(), time.Now()
	inParallel(32, len(all), func(n int) {
		sent := time.Now()
		if err := p.fleet.post(all[n]); err != nil {
			p.t.Error(err)
		}
		took[n] = time.Since(sent)
	})
	cpu := micros(p.d.usage().since(before), len(all))
	p.t.Logf("%6d activities %s: %.0f/s (%s); CPU %.0f µs each; %s", len(all), whose, float64(len(all))/time.Since(begun).Seconds(), percentiles(took), cpu, seen())
	return cpu
}

// floodBare sends the same to a process that takes them as cheaply as can be, and returns the processor time of one in µs.
func (p *publisher) floodBare(all []*http.Request) float64 {
	p.t.Helper()
	process, host := startBareIntake(p.t)
	before := usageOf(p.t, process.Pid)
	inParallel(32, len(all), func(n int) {
		r := all[n].Clone(p.t.Context())
		r.URL.Host = host
		body, err := all[n].GetBody()
		if r.Body = body; err == nil {
			err = p.fleet.post(r)
		}
		if err != nil {
			p.t.Error(err)
		}
	})
	return micros(usageOf(p.t, process.Pid).since(before), len(all))
}

// act starts a process that acts on what was kept, and waits until nothing of it is left.
func (p *publisher) act(n int) {
	p.t.Helper()
	begun := time.Now()
	d := p.serve("--jobs=inbox")
	seen, before := p.watch(), d.usage()
	until(p.t, "the inbox to be empty", func() error {
		if waiting := p.metric(`songferry_queue_length{queue="inbox"}`); waiting > 0 {
			return fmt.Errorf("%.0f wait", waiting)
		}
		return nil
	})
	p.t.Logf("%6d of them are acted on: %.0f/s, CPU %.0f µs each; %s", n, float64(n)/time.Since(begun).Seconds(), micros(d.usage().since(before), n), seen())
	d.stop()
}
