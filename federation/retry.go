package federation

import "time"

const (
	longestWait = 24 * time.Hour // between two attempts, whatever the server asks for
	maxAttempts = 27             // then about two weeks have passed
)

// retryAt returns when to try again after so many failed attempts (1 or more), and whether to: false after two weeks. The
// wait is attempts⁴ + 15 seconds, as in Sidekiq (so Mastodon) without its jitter: deliveries to one host take turns
// anyway. retryAfter is the least wait that the server asked for, 0 for none.
func retryAt(attempts int, now time.Time, retryAfter time.Duration) (at time.Time, again bool) {
	n := time.Duration(min(max(attempts, 0), maxAttempts))
	wait := max(n*n*n*n*time.Second+15*time.Second, retryAfter)
	return now.Add(min(wait, longestWait)), attempts <= maxAttempts
}
