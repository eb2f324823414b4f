package federation

import (
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestAPanicWhileWritingLeavesNobodyWaiting(t *testing.T) {
	t.Parallel()
	var q together[int]
	var requests sync.WaitGroup
	var written atomic.Int32
	begun := make(chan bool)
	requests.Go(func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic was lost")
			}
		}()
		_ = q.do(0, func([]int) error { // it panics
			close(begun)
			for q.length() < 3 { // the others have come meanwhile
				time.Sleep(time.Millisecond)
			}
			panic("disk on fire")
		})
	})
	<-begun
	for range 3 {
		requests.Go(func() {
			_ = q.do(0, func(batch []int) error { // it cannot fail
				written.Add(int32(len(batch)))
				return nil
			})
		})
	}
	requests.Wait()
	if written.Load() != 3 || q.busy || q.length() != 0 {
		t.Errorf("%d written, busy %v", written.Load(), q.busy)
	}
}

func (q *together[T]) length() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.waiting)
}

func TestWhatCannotBeWrittenSpoilsNothingElse(t *testing.T) {
	t.Parallel()
	var q together[int]
	var callers sync.WaitGroup
	begun, others := make(chan bool), make(chan bool)
	write := func(batch []int) error {
		if slices.Contains(batch, 1) {
			return errors.New("disk full")
		}
		return nil
	}
	callers.Go(func() {
		_ = q.do(0, func([]int) error { // it cannot fail
			close(begun)
			<-others
			return nil
		})
	})
	<-begun
	for n := range 3 {
		callers.Go(func() {
			if err := q.do(n, write); (err != nil) != (n == 1) {
				t.Errorf("%d: %v", n, err)
			}
		})
	}
	for q.length() < 3 {
		time.Sleep(time.Millisecond)
	}
	close(others)
	callers.Wait()
}
