//go:build releases

package main

import (
	"os"
	"testing"
	"time"
)

// TestOneProcessAfterTheOtherIsUpgraded: two processes of an older release serve each of two bridges. One after the other is ended in order
// and started as this program, which upgrades the database under those that go on, while Alice edits her lists. Run it with
// `make test-releases OLDER=…`.
func TestOneProcessAfterTheOtherIsUpgraded(t *testing.T) {
	if os.Getenv(olderProgram) == "" {
		t.Fatalf("%s names no program of another release", olderProgram)
	}
	m := newMonth(t, 1)
	m.hasty = true
	both := []*traveller{m.alice, m.bob}
	for _, p := range both {
		p.listenAt("http://" + freeAddress(t))
	}
	m.begin()
	m.wires.setStage("upgrade")
	t.Logf("before: schema %d and %d", m.alice.schema(), m.bob.schema())
	m.editsArrive("both of the older release")
	for n := range m.alice.daemons {
		for _, p := range both {
			p.upgrade(n)
			m.editsArrive(p.name + "'s process upgraded")
		}
	}
	m.wires.setStage("end")
	m.becomeQuiet()
	m.wires.setStage("")
	m.check()
}

// upgrade ends a process and starts it again as this program.
func (p *traveller) upgrade(n int) {
	p.t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.daemons[n].stop()
	p.daemons[n], p.program = nil, program(p.t)
	p.reviveProcess(n)
	p.daemons[n].awaitReady(p.listeners[n])
	p.t.Logf("process %d of %s upgraded: schema %d", n, p.name, p.schema())
}

func (p *traveller) schema() int { return p.count(`SELECT MAX(version_id) FROM goose_db_version`) }

// editsArrive edits the lists several times, and waits until Bob has what they are.
func (m *month) editsArrive(when string) {
	m.t.Helper()
	for range 10 {
		m.edit(m.lists[m.random.IntN(len(m.lists))])
		time.Sleep(200 * time.Millisecond)
	}
	m.await("edits: "+when, m.arrived)
}
