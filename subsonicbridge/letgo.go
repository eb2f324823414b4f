package subsonicbridge

import (
	"context"

	"github.com/songferry/songferry/playlists"
)

// letGo ends a mirror whose want is over. A withdrawn source takes its list along when the person chose Drop; else the
// list stays, as an ordinary playlist that says so, unless the person wants it to go.
func (b *Bridge) letGo(ctx context.Context, w playlists.Want, m *mirror, src source) error {
	note := playlists.Sentencef("You stopped this. The list is an ordinary playlist now.")
	if m.ServerID != "" || m.TempName != "" {
		stays, err := b.letListGo(ctx, w, m, src)
		if err != nil {
			return err
		}
		if m.Discard {
			note = playlists.Sentencef("You stopped this, and the list is no longer on your music server.")
		}
		if m.Discard && stays {
			note = playlists.Sentencef("You stopped this. The list has changed so much that it may be another one of yours, so it was left where it is.")
		}
	}
	if src.gone && !m.Discard {
		note = playlists.Sentencef("Its owner withdrew the playlist.")
		if err := b.tellEnded(ctx, w); err != nil {
			return err
		}
	}
	m.ServerID, m.TempName, m.Written, m.Pending = "", "", nil, nil
	if err := b.settle(ctx, m, Unlinked, note); err != nil {
		return err
	}
	return b.store.EndWant(ctx, w)
}

// letListGo reports whether there is a list that stays.
func (b *Bridge) letListGo(ctx context.Context, w playlists.Want, m *mirror, src source) (stays bool, err error) {
	conn, err := b.connect(ctx, w.Account)
	if err != nil {
		return false, err
	}
	wr := &writer{b: b, conn: conn, want: w, m: m, source: src.Playlist}
	list, err := wr.locate(ctx)
	if err != nil || list == nil {
		return false, err
	}
	unfinished := isTempName(list.Name)
	dropped := src.gone && w.Mode == playlists.Sync && w.OnWithdraw == playlists.Drop
	if unfinished || dropped || m.Discard && wr.isSurelyOurs(*list) {
		return false, wr.remove(ctx, list.ID)
	}
	if list.ReadOnly {
		return true, nil
	}
	return true, conn.client.Describe(ctx, list.ID, list.Name, farewell(src))
}

// isSurelyOurs reports whether a list is ours beyond doubt, so that it may be deleted though its source is still there: it
// has our mark or, on a server that shows no comments, our name and just the songs that were written last.
func (w *writer) isSurelyOurs(p ServerPlaylist) bool {
	if !w.conn.owns(p) {
		return false
	}
	return markIn(p.Comment) == w.m.Mark || p.Comment == "" && p.Name == w.m.Name && sameSongs(p.Songs, w.m.Written)
}
