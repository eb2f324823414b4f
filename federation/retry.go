package federation

import "time"

// retryAt …
func retryAt(attempts int, now time.Time, retryAfter time.Duration) (at time.Time, again bool) {
	panic("todo")
}
