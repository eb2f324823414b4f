package federation

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/songferry/songferry/playlists"
)

// moveCooldown is how long what has moved stays where it is, whatever it says (Mastodon has the same week:
// app/lib/activitypub/activity/move.rb). So two addresses that name each other cannot send us to and fro.
const moveCooldown = 7 * 24 * time.Hour

// actMove keeps where an actor that somebody here follows says to have moved; whoever reads it next looks whether the
// other side agrees. That a follower moved needs nothing from us: its new server follows anew.
func (f *Federation) actMove(ctx context.Context, e envelope) error {
	if e.ObjectID != e.Actor || e.TargetID == "" || e.TargetID == e.Actor {
		return nil
	}
	before := f.now().Add(-moveCooldown).UnixMilli()
	for _, note := range []string{`UPDATE sources SET moved_to = $1 WHERE actor = $2 AND moved < $3`,
		`UPDATE rosters SET moved_to = $1 WHERE person = $2 AND moved < $3`} {
		if _, err := f.db.ExecContext(ctx, note, e.TargetID, e.Actor, before); err != nil {
			return err
		}
	}
	return f.refreshSoon(ctx, e.Actor)
}

// listensTo reports whether somebody here follows an actor elsewhere, as a playlist or as a person.
func (f *Federation) listensTo(ctx context.Context, actor string) (bool, error) {
	return f.any(ctx, `SELECT (SELECT COUNT(*) FROM sources WHERE actor = $1) + (SELECT COUNT(*) FROM rosters WHERE person = $1)`, actor)
}

// successor returns the actor that old has become, if that says so too: anybody could claim to have become somebody else.
func (f *Federation) successor(ctx context.Context, old, target string) (RemoteActor, error) {
	if err := f.policy.AllowsActor(target); err != nil {
		return RemoteActor{}, err
	}
	a, err := f.fetchActor(ctx, target)
	if err != nil {
		return RemoteActor{}, err
	}
	if a.ID == old || !slices.Contains(a.AlsoKnownAs, old) {
		return RemoteActor{}, playlists.Problemf(playlists.Invalid, nil, "%s does not say that it was %s.", a.label(), playlists.CleanText(old, 200))
	}
	if len(a.Streams) == 0 {
		return RemoteActor{}, noPlaylist(a.label())
	}
	return a, nil
}

// formerly returns the last part of the id of our own actor that target names, if that says to have been old.
func (f *Federation) formerly(ctx context.Context, old, target string) (publicID string, err error) {
	publicID, is := f.named(target)
	if is != anActor {
		return "", errNoSuccessor
	}
	known, err := f.any(ctx, `SELECT COUNT(*) FROM aliases WHERE actor = $1 AND alias = $2`, publicID, old)
	if err == nil && !known {
		err = errNoSuccessor
	}
	return publicID, err
}

var errNoSuccessor = playlists.Problemf(playlists.Invalid, nil, "The account here does not say that it was the other one.")

// rested reports whether what last moved at that time may move again.
func (f *Federation) rested(moved time.Time) bool { return f.now().Sub(moved) >= moveCooldown }

var errMovedLately = playlists.Problemf(playlists.Forbidden, nil, "It moved within the last week, and stays where it is.")

// errAwaitsMove: a playlist that is about to be followed through its former address is not followed twice.
var errAwaitsMove = playlists.Problemf(playlists.Unavailable, nil, "The playlist has moved there from where it is followed, which is being looked into.")

// awaitsMove reports whether a playlist that stands on a person's list is one that is followed here already, under the
// address from which it has moved: the person's Move may be read before the playlist's. It then moves first. Its former
// actor must say so, since anybody could claim to have been somebody else.
func (f *Federation) awaitsMove(ctx context.Context, a RemoteActor) (bool, error) {
	for _, old := range a.AlsoKnownAs {
		known, err := f.any(ctx, `SELECT COUNT(*) FROM sources WHERE actor = $1`, old)
		if !known || err != nil {
			if err != nil {
				return false, err
			}
			continue
		}
		former, err := f.fetchActor(ctx, old)
		if err != nil && !lasting(err) {
			return false, err
		}
		if err != nil || former.MovedTo != a.ID {
			continue
		}
		told, err := f.any(ctx, `SELECT COUNT(*) FROM sources WHERE actor = $1 AND moved_to = $2`, old, a.ID)
		if told || err != nil {
			return true, err // it is due, and would only be put off
		}
		return true, f.actMove(ctx, envelope{Actor: old, ObjectID: old, TargetID: a.ID})
	}
	return false, nil
}

// passes reports whether trying again may help, for one who has tried so often.
func passes(err error, attempts int) bool {
	return err != nil && !lasting(err) && !errors.Is(err, errNoSuccessor) && attempts < inboxAttempts
}
