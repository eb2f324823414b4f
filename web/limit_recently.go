package web

import (
	"sync"
	"time"
)

const (
	// The shortest pause of a limit: whoever asks again and again costs one statement in each. It is short because another process
	// may give something back meanwhile.
	recentlySpent = time.Second / 2
	maxRecent     = 10_000 // budgets
)

// recently are budgets that were found spent, so that a flood of requests is refused from memory. The zero value is ready.
type recently struct {
	mu    sync.Mutex
	found map[string]time.Time // when, by their row
}

func (s *recently) has(row string, now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	at, found := s.found[row]
	return found && now.Sub(at).Abs() < recentlySpent // a clock may jump
}

// add forgets all others when they are too many: each costs a statement again.
func (s *recently) add(row string, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.found == nil || len(s.found) >= maxRecent {
		s.found = map[string]time.Time{}
	}
	s.found[row] = now
}
