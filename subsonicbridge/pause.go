package subsonicbridge

import (
	"context"
	"slices"

	"github.com/songferry/songferry/playlists"
)

// Pause leaves a want's list as it is until Resume, whatever its source or its person does. That the want ends is still
// heard.
func (b *Bridge) Pause(ctx context.Context, want playlists.ID) error {
	return b.sayOf(ctx, want, `UPDATE subsonic_mirrors SET paused = TRUE WHERE want_id = $1`)
}

// Resume goes on with a want's list, at once.
func (b *Bridge) Resume(ctx context.Context, want playlists.ID) error {
	return b.sayOf(ctx, want, `UPDATE subsonic_mirrors SET paused = FALSE WHERE want_id = $1`)
}

// Again makes a want's list due now.
func (b *Bridge) Again(ctx context.Context, want playlists.ID) error {
	w, err := b.liveWant(ctx, want)
	if err != nil {
		return err
	}
	return b.scheduleMirror(ctx, w)
}

// GiveUp ends a want and has its list deleted on the music server, unless that may be another of the person's lists.
func (b *Bridge) GiveUp(ctx context.Context, want playlists.ID) error {
	if err := b.discard(ctx, want); err != nil {
		return err
	}
	w, err := b.store.Want(ctx, want)
	if err != nil {
		return err
	}
	return b.store.EndWant(ctx, w)
}

// GiveUpPerson ends that an account follows a person, and has their lists deleted on the music server as GiveUp does. It
// returns the wants that this ended. A list that the account follows by itself stays.
func (b *Bridge) GiveUpPerson(ctx context.Context, person playlists.PersonWant) (ended []playlists.Want, err error) {
	ended, err = b.store.AccountWants(ctx, person.Account)
	if err != nil {
		return nil, err
	}
	ended = slices.DeleteFunc(ended, func(w playlists.Want) bool { return w.Person != person.ID || !w.Ended.IsZero() })
	for _, w := range ended { // all before any ends: what breaks off in between is said again
		if err := b.discard(ctx, w.ID); err != nil {
			return nil, err
		}
	}
	return ended, b.store.EndPersonWant(ctx, person.ID)
}

// discard keeps that a list goes when its want ends.
func (b *Bridge) discard(ctx context.Context, want playlists.ID) error {
	return b.sayOf(ctx, want, `UPDATE subsonic_mirrors SET discard = TRUE WHERE want_id = $1`)
}

// sayOf keeps what a person says of a list, and makes it due.
func (b *Bridge) sayOf(ctx context.Context, want playlists.ID, update string) error {
	w, err := b.liveWant(ctx, want)
	if err != nil {
		return err
	}
	if err := b.scheduleMirror(ctx, w); err != nil { // there must be a row
		return err
	}
	if _, err := b.db.ExecContext(ctx, update, want); err != nil {
		return err
	}
	return b.scheduleMirror(ctx, w) // whoever took it meanwhile may not have seen what was said
}

func (b *Bridge) liveWant(ctx context.Context, want playlists.ID) (playlists.Want, error) {
	w, err := b.store.Want(ctx, want)
	if err == nil && !w.Ended.IsZero() {
		err = over()
	}
	return w, err
}

func over() error {
	return playlists.Problemf(playlists.Gone, nil, "This import is over. Import the playlist again if you want it.")
}
