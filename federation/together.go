package federation

import (
	"context"
	"errors"
	"runtime"
	"sync"
)

// maxTogether bounds what one transaction writes for others.
const maxTogether = 100

// together lets those who write at the same time share a transaction, whose commit costs more than the rows. One of
// those who wait writes for all of them: there is no other goroutine, and who is alone does not wait for others.
type together[T any] struct {
	mu      sync.Mutex
	waiting []*place[T] // as many as there are callers
	busy    bool        // a caller is writing, or has been told to
}

// place is something that a caller wants to have written.
type place[T any] struct {
	item T
	err  error     // the outcome
	turn chan bool // true: write for all that wait; false: the outcome is there
}

var errNotWritten = errors.New("it was not written")

// do returns when item has been written, by write here or in another caller. When a batch fails each of it is tried by
// itself, so that none spoils another's; but not when nobody waits any more, or it took too long, as everything would then.
func (q *together[T]) do(item T, write func([]T) error) error {
	p := &place[T]{item: item, err: errNotWritten, turn: make(chan bool, 1)}
	q.mu.Lock()
	q.waiting = append(q.waiting, p)
	first := !q.busy
	q.busy = true
	q.mu.Unlock()
	if first || <-p.turn {
		q.write(write)
	}
	return p.err
}

func (q *together[T]) write(write func([]T) error) {
	runtime.Gosched() // callers who are about to arrive do so first: on a busy machine, a few at a time would be written
	q.mu.Lock()
	n := min(len(q.waiting), maxTogether)
	batch := q.waiting[:n:n]
	q.waiting = q.waiting[n:]
	q.mu.Unlock()
	defer q.done(batch) // also after a panic: nobody must wait for ever
	items := make([]T, n)
	for i, p := range batch {
		items[i] = p.item
	}
	err := write(items)
	for i, p := range batch {
		if p.err = err; err != nil && n > 1 && !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded) {
			p.err = write(items[i : i+1])
		}
	}
}

// done tells those who wait for a batch, whose first wrote it, and passes the work on.
func (q *together[T]) done(batch []*place[T]) {
	for _, p := range batch[1:] {
		p.turn <- false
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.busy = len(q.waiting) > 0; q.busy {
		q.waiting[0].turn <- true
	}
}
