package federation

import (
	"context"
	"sync"
	"sync/atomic"
)

// looks lets those who look for a host at the same time ask the database once if there is none.
type looks struct {
	mu    sync.Mutex // held by the one who asks
	n     atomic.Int64
	empty int64 // when, counted in n, the last one began that found none
}

// nextTurn is claimHost for many callers: of those that wait for each other, the first that finds no host answers for all
// who came before it began.
func (f *Federation) nextTurn(ctx context.Context) (turn, error) {
	came := f.looks.n.Add(1)
	f.looks.mu.Lock()
	defer f.looks.mu.Unlock()
	if f.looks.empty > came {
		return turn{}, nil
	}
	began := f.looks.n.Add(1)
	t, err := f.claimHost(ctx)
	if t.host == "" && err == nil {
		f.looks.empty = began
	}
	return t, err
}
