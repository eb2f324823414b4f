package subsonicbridge

import (
	"context"
	"errors"
	"fmt"

	"github.com/songferry/songferry/playlists"
)

// replace writes songs over a list and returns what the server made of it. A list that cannot be written to gets a
// successor.
func (w *writer) replace(ctx context.Context, list ServerPlaylist, songs []entry) (ServerPlaylist, error) {
	if list.ReadOnly || !w.conn.owns(list) {
		fresh, err := w.makeList(ctx, songs)
		if err != nil {
			return ServerPlaylist{}, err
		}
		if !isPart(fresh.Songs, songs) {
			return ServerPlaylist{}, w.giveUp(ctx, fresh.ID)
		}
		return fresh, w.adopt(ctx, fresh, "")
	}
	w.m.Pending = songs
	if err := w.save(ctx); err != nil {
		return ServerPlaylist{}, err
	}
	if err := w.conn.client.Replace(ctx, list.ID, ids(songs)); err != nil {
		return ServerPlaylist{}, w.refused(ctx, err)
	}
	now, err := w.conn.client.Playlist(ctx, list.ID)
	if err != nil || sameSongs(now.Songs, songs) {
		return now, err
	}
	return w.replaceByNew(ctx, list, now, songs)
}

// replaceByNew handles a server that made something else of a list than it was told: now instead of songs. Some append
// instead of replacing (Funkwhale), some drop songs that they do not know.
func (w *writer) replaceByNew(ctx context.Context, before, now ServerPlaylist, songs []entry) (ServerPlaylist, error) {
	if err := w.b.doubtLibrary(ctx, w.want.Account); err != nil {
		return ServerPlaylist{}, err
	}
	fresh, err := w.makeList(ctx, songs)
	if err != nil {
		return ServerPlaylist{}, err
	}
	switch {
	case isPart(fresh.Songs, songs) && !sameSongs(fresh.Songs, entriesFrom(now.Songs)):
		return fresh, w.adopt(ctx, fresh, now.ID)
	case isPart(fresh.Songs, songs): // it does not have the others
		return now, w.discard(ctx, fresh.ID)
	}
	if len(now.Songs) == 0 {
		err = w.conn.client.Replace(ctx, before.ID, ids(entriesFrom(before.Songs)))
	}
	return ServerPlaylist{}, errors.Join(w.giveUp(ctx, fresh.ID), err)
}

// refused passes on an error of a write. After one about a song that is gone the library is read anew before the next
// try.
func (w *writer) refused(ctx context.Context, err error) error {
	err = fmt.Errorf("write the list: %w", err)
	if UnknownSong(err) {
		return errors.Join(err, w.b.doubtLibrary(ctx, w.want.Account))
	}
	return err
}

// giveUp deletes a new list that does not hold what it should.
func (w *writer) giveUp(ctx context.Context, id string) error {
	return errors.Join(playlists.Problemf(playlists.Unavailable, nil, "Your music server did not keep the list as it was written. It will be tried again."),
		w.b.doubtLibrary(ctx, w.want.Account), w.discard(ctx, id))
}
