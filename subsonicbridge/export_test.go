package subsonicbridge

import (
	"context"
	"errors"
	"time"

	"github.com/songferry/songferry/playlists"
)

// NoteChange is what MirrorOnce reads the journal with.
func NoteChange(b *Bridge) func(context.Context, playlists.Change) error { return b.noteChange }

// ClaimAndDie takes a due mirror in hand and does nothing, as a process that is killed.
func ClaimAndDie(ctx context.Context, b *Bridge) error {
	_, err := b.claimMirror(ctx)
	return err
}

// ReadOnly reports whether err says that a playlist is there, but not this user's to change.
func ReadOnly(err error) bool { return errors.Is(err, errReadOnly) || refused(err) == codeForbidden }

// Leases has a bridge's leases last so long by the real clock, and be renewed so often.
func Leases(b *Bridge, last, every time.Duration) { b.leases.Last, b.leases.Every = last, every }
