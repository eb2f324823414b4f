package subsonicbridge

import (
	"context"

	"github.com/songferry/songferry/playlists"
)

// source is what a want asks for.
type source struct {
	playlists.Playlist
	unread bool // nothing of it was read yet
	gone   bool // withdrawn
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
	gone := now.Origin == playlists.Remote && !now.Withdrawn.IsZero()
	page := now.Page
	if now.Origin == playlists.Local {
		pub, err := b.store.Publication(ctx, now.ID)
		if err != nil {
			return source{}, err
		}
		// What is shared again in the meantime is not what was wanted.
		if gone, page = !pub.Live() || !w.Ended.IsZero() && !pub.Since.Before(w.Ended), ""; w.Knows(pub) {
			page = b.pageOf(pub)
		}
	}
	if w.Mode == playlists.Once && w.Pinned > 0 && w.Pinned != now.Revision {
		pinned, err := b.store.Version(ctx, w.Playlist, w.Pinned)
		switch {
		case err == nil:
			now = pinned
		case !gone || playlists.CodeOf(err) != playlists.NotFound: // else its owner was deleted, and the version with them
			return source{}, err
		}
	}
	now.Page = page
	return source{Playlist: now, gone: gone}, nil
}

// pageOf is where people look at a publication of this bridge, "" while it has no address.
func (b *Bridge) pageOf(pub playlists.Publication) string {
	base := b.baseURL()
	switch {
	case base == nil || !pub.Live():
		return ""
	case pub.Token != "":
		return base.JoinPath("s", pub.Token).String()
	}
	return base.JoinPath("@" + pub.Handle).String()
}
