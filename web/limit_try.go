package web

import (
	"context"
	"time"
)

// try is one try of a password. It counts before the password is looked at, so that tries at the same time are together no
// more than one after the other.
type try struct {
	limits  *limits
	at      time.Time
	counted []budget
}

// try counts a try in all budgets, and reports whether there was room. Where there is none it counts nowhere.
func (l *limits) try(ctx context.Context, budgets ...budget) (t try, ok bool, err error) {
	t = try{l, l.now(), budgets}
	ok, err = l.spend(ctx, budgets...)
	return t, ok, err
}

// notCounted says that the password was not wrong, or not looked at, even to somebody who has left meanwhile.
func (t try) notCounted(ctx context.Context) error {
	for _, b := range t.counted {
		if err := t.limits.giveBack(context.WithoutCancel(ctx), b, t.at); err != nil {
			return err
		}
	}
	return nil
}
