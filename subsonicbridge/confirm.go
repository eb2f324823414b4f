package subsonicbridge

import (
	"context"
	"errors"

	"github.com/songferry/songferry/playlists"
)

// Confirm answers a mirror's question with yes, and makes it due: a source that shrank may shrink the list, a list that
// the person deleted is made again, a list in the person's order follows the source's order again.
func (b *Bridge) Confirm(ctx context.Context, want playlists.ID) error {
	w, err := b.store.Want(ctx, want)
	if err != nil {
		return err
	}
	if err := b.scheduleMirror(ctx, w); err != nil {
		return err
	}
	if err := b.awaitMirror(ctx, want); err != nil {
		return err
	}
	m, err := b.mirror(ctx, want)
	if err != nil {
		return errors.Join(err, b.handBackMirror(context.WithoutCancel(ctx), want))
	}
	return errors.Join(b.confirm(ctx, w, m), b.handBackMirror(context.WithoutCancel(ctx), want))
}

func (b *Bridge) confirm(ctx context.Context, w playlists.Want, m *mirror) error {
	switch m.State {
	case Asks:
		src, err := b.source(ctx, w)
		if err != nil {
			return err
		}
		m.Accepted = src.Revision
	case Deleted:
		m.ServerID, m.Name, m.Comment, m.Written, m.Pending, m.Refused = "", "", "", nil, nil, nil
	case Unlinked:
		return playlists.Problemf(playlists.Gone, nil, "This import is over. Import the playlist again if you want it.")
	}
	m.State, m.Note = Fresh, ""
	return b.saveMirror(ctx, m)
}
