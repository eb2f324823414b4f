package web

import (
	"time"

	"golang.org/x/time/rate"
)

// try is one try of a password. It counts before the password is looked at, so that tries at the same time are together no
// more than one after the other.
type try struct {
	at       time.Time
	reserved []*rate.Reservation
}

// take counts the try in a bucket, and reports whether there was room. Where there is none it counts nowhere.
func (t *try) take(bucket *rate.Limiter) bool {
	r := bucket.ReserveN(t.at, 1)
	t.reserved = append(t.reserved, r)
	if r.DelayFrom(t.at) > 0 {
		t.notCounted()
		return false
	}
	return true
}

// notCounted says that the password was not wrong, or not looked at.
func (t *try) notCounted() {
	for _, r := range t.reserved {
		r.CancelAt(t.at)
	}
	t.reserved = nil
}
