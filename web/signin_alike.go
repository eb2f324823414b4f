package web

import (
	"context"
	"time"
)

// alike keeps a refusal until least has passed since a person asked. A name that nobody has is refused without a question
// to a music server: how long that took would tell it.
func alike(ctx context.Context, asked time.Time, least time.Duration) {
	left := time.NewTimer(time.Until(asked.Add(least)))
	defer left.Stop()
	select {
	case <-left.C:
	case <-ctx.Done():
	}
}
