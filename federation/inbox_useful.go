package federation

import "context"

// useful reports whether somebody here may have to act on an activity.
func (f *Federation) useful(ctx context.Context, e envelope) (bool, error) {
	asks := []func(context.Context, envelope) (bool, error){f.isReaction}
	switch e.Type {
	case "Follow", "Block", "Accept", "Reject":
		return true, nil
	case "QuoteRequest", "FeatureRequest":
		return f.addr().Ours(e.ObjectID), nil
	case "Undo":
		if e.ObjectType == "" || e.ObjectType == "Follow" || e.ObjectType == "Block" {
			return true, nil
		}
	case "Flag":
		asks = append(asks, f.isReport)
	case "Create":
		asks = append(asks, f.isAwaited, f.usefulMessage)
	case "Move":
		asks = append(asks, f.isAwaited, f.isProven)
	case "Update":
		asks = append(asks, f.isAwaited, f.isRenewal)
	case "Announce", "Add", "Remove", "Delete":
		asks = append(asks, f.isAwaited)
	}
	for _, ask := range asks {
		if yes, err := ask(ctx, e); yes || err != nil {
			return yes, err
		}
	}
	return false, nil
}

// isReport reports whether a Flag is about something of ours.
func (f *Federation) isReport(ctx context.Context, e envelope) (bool, error) {
	ids, err := f.reported(ctx, e)
	return len(ids) > 0, err
}

// isAwaited reports whether the actor is one that somebody here follows: its news make us read it again.
func (f *Federation) isAwaited(ctx context.Context, e envelope) (bool, error) {
	return f.listensTo(ctx, e.Actor)
}

// isProven reports whether the actor is the proven account of somebody here.
func (f *Federation) isProven(ctx context.Context, e envelope) (bool, error) {
	return f.any(ctx, `SELECT COUNT(*) FROM proven WHERE actor = $1`, e.Actor)
}

// isRenewal reports whether a follower tells of another key or inbox of its own.
func (f *Federation) isRenewal(ctx context.Context, e envelope) (bool, error) {
	if e.ObjectID != e.Actor {
		return false, nil
	}
	return f.any(ctx, `SELECT COUNT(*) FROM followers WHERE follower = $1`, e.Actor)
}
