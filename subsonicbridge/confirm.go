package subsonicbridge

import (
	"context"
	"errors"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/lease"
)

// Confirm answers a mirror's question with yes, and makes it due: a source that shrank may shrink the list, a list that
// the person deleted is made again, one is made of however few songs.
func (b *Bridge) Confirm(ctx context.Context, want playlists.ID) error {
	return b.answer(ctx, want, func(w playlists.Want, m *mirror) error {
		switch m.State {
		case Asks:
			src, err := b.source(ctx, w)
			if err != nil {
				return err
			}
			m.Accepted = src.Revision
		case Few:
			m.Anyway = true
		case Deleted:
			m.ServerID, m.Name, m.Comment, m.Written, m.Pending, m.Refused = "", "", "", nil, nil, nil
			m.Order, m.Anyway = SourceOrder, true
		default:
			return nil // there is no question
		}
		m.State, m.Note = Fresh, playlists.Sentence{}
		return nil
	})
}

// SetOrder says for good whose order a list is in, and makes it due: the person's own, or the source's. When they put it
// in another order again after that, the source's is asked about anew.
func (b *Bridge) SetOrder(ctx context.Context, want playlists.ID, own bool) error {
	return b.answer(ctx, want, func(w playlists.Want, m *mirror) error {
		if m.Order = SourceOrder; own {
			m.Order = PersonOrder
		}
		if m.State == Reordered || m.State == OwnOrder {
			m.State, m.Note = Fresh, playlists.Sentence{}
		}
		return b.orderAnswered(ctx, w)
	})
}

// answer lets a person's answer change a mirror that nobody else has in hand, and makes it due.
func (b *Bridge) answer(ctx context.Context, want playlists.ID, change func(playlists.Want, *mirror) error) error {
	w, err := b.store.Want(ctx, want)
	if err != nil {
		return err
	}
	if err := b.scheduleMirror(ctx, w); err != nil {
		return err
	}
	c, err := b.awaitMirror(ctx, want)
	if err != nil {
		return err
	}
	return errors.Join(b.change(ctx, c, w, change), b.handBackMirror(context.WithoutCancel(ctx), c))
}

func (b *Bridge) change(ctx context.Context, c *lease.Lease, w playlists.Want, change func(playlists.Want, *mirror) error) error {
	m, err := b.claimed(ctx, c)
	if err != nil {
		return err
	}
	if m.State == Unlinked {
		return over()
	}
	if err := change(w, m); err != nil {
		return err
	}
	return b.saveMirror(ctx, m)
}
