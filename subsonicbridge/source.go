package subsonicbridge

import (
	"context"

	"github.com/songferry/songferry/playlists"
)

// source is what a want asks for.
type source struct {
	playlists.Playlist
	unread bool // nothing of it was read yet
	gone   bool // withdrawn, or not for this account's eyes any more
}

// source returns the revision that a want asks for: the newest for Sync, the pinned one for Once.
func (b *Bridge) source(ctx context.Context, w playlists.Want) (source, error) {
	now, err := b.store.Get(ctx, w.Playlist)
	if playlists.CodeOf(err) == playlists.NotFound {
		return source{unread: true}, nil
	}
	if err != nil {
		return source{}, err
	}
	gone, err := b.gone(ctx, w, now)
	if err != nil {
		return source{}, err
	}
	if w.Mode == playlists.Once && w.Pinned > 0 && w.Pinned != now.Revision {
		if now, err = b.store.Version(ctx, w.Playlist, w.Pinned); err != nil {
			return source{}, err
		}
	}
	return source{Playlist: now, gone: gone}, nil
}

// gone reports whether a playlist was withdrawn, or its owner no longer lets the account see it.
func (b *Bridge) gone(ctx context.Context, w playlists.Want, p playlists.Playlist) (bool, error) {
	switch {
	case p.Origin == playlists.Remote:
		return !p.Withdrawn.IsZero(), nil
	case p.Origin == playlists.File, p.Owner == w.Account:
		return false, nil
	}
	pub, err := b.store.Publication(ctx, p.ID)
	if err != nil {
		return false, err
	}
	return !pub.Live() || pub.Audience == playlists.Followers && !w.Granted, nil
}
