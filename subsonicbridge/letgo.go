package subsonicbridge

import (
	"context"

	"github.com/songferry/songferry/playlists"
)

// letGo ends a mirror whose want is over. A withdrawn source takes its list along when the person chose Drop; else the
// list stays, as an ordinary playlist that says so.
func (b *Bridge) letGo(ctx context.Context, w playlists.Want, m *mirror, src source) error {
	if m.ServerID != "" || m.TempName != "" {
		if err := b.letListGo(ctx, w, m, src); err != nil {
			return err
		}
	}
	note := playlists.Sentencef("You stopped this. The list is an ordinary playlist now.")
	if src.gone {
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

func (b *Bridge) letListGo(ctx context.Context, w playlists.Want, m *mirror, src source) error {
	conn, err := b.connect(ctx, w.Account)
	if err != nil {
		return err
	}
	wr := &writer{b: b, conn: conn, want: w, m: m, source: src.Playlist}
	list, err := wr.locate(ctx)
	if err != nil || list == nil {
		return err
	}
	unfinished := isTempName(list.Name)
	if unfinished || src.gone && w.Mode == playlists.Sync && w.OnWithdraw == playlists.Drop {
		return wr.remove(ctx, list.ID)
	}
	if list.ReadOnly {
		return nil
	}
	return conn.client.Describe(ctx, list.ID, list.Name, farewell(src))
}
