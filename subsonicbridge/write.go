package subsonicbridge

import (
	"context"
	"errors"

	"github.com/songferry/songferry/playlists"
)

// errOutdated: the server's list shows that the last reading of the library no longer describes the server.
var errOutdated = errors.New("the library reading is outdated")

// writer is one attempt to bring one list in line. Its rules:
//
//   - what is about to be done is kept before it is done, so that a crash leaves no second and no emptied list;
//   - a list is read before it is written, and read back after;
//   - nothing empty is written over something filled;
//   - only lists that we made are written or deleted.
type writer struct {
	b      *Bridge
	conn   connection
	lib    *library
	want   playlists.Want
	m      *mirror
	source playlists.Playlist
	wanted []entry // the source's tracks that were found, in its order
	found  int     // how many tracks that were
}

func (w *writer) save(ctx context.Context) error { return w.b.saveMirror(ctx, w.m) }

func (w *writer) write(ctx context.Context) error {
	if err := w.tellBegun(ctx); err != nil {
		return err
	}
	if err := w.removeRetired(ctx); err != nil {
		return err
	}
	had := w.m.ServerID
	list, err := w.locate(ctx)
	switch {
	case err != nil:
		return err
	case list == nil && had != "":
		return w.deletedHere(ctx)
	case list == nil:
		return w.begin(ctx)
	case had != "" && had != list.ID && !w.lib.reread:
		return errOutdated // a server that renumbers lists renumbers songs
	}
	w.m.ServerID = list.ID
	if list.Name == w.m.TempName {
		w.m.TempName = "" // an interrupted attempt got as far as making it
	}
	return w.update(ctx, *list)
}

// begin makes the list.
func (w *writer) begin(ctx context.Context) error {
	songs := w.firstSongs()
	if len(w.source.Tracks) == 0 {
		return w.b.settle(ctx, w.m, Nothing, playlists.Sentencef("The playlist is empty, so there is no list yet."))
	}
	if len(songs) == 0 {
		return w.b.settle(ctx, w.m, Nothing,
			playlists.Sentencef("None of its tracks was found in your library, so there is no list yet. It appears when you get some of them."))
	}
	if !w.enough() {
		return w.b.settle(ctx, w.m, Few, tooFew(w.found, len(w.source.Tracks)))
	}
	w.m.State = w.m.Order.state()
	list, err := w.makeList(ctx, songs)
	if err != nil {
		return err
	}
	if !isPart(list.Songs, songs) {
		return w.giveUp(ctx, list.ID)
	}
	if err := w.adopt(ctx, list, ""); err != nil {
		return err
	}
	return w.finish(ctx, list, songs)
}

// update brings an existing list in line: what the person did to it is kept.
func (w *writer) update(ctx context.Context, list ServerPlaylist) error {
	e, err := w.edits(ctx, list)
	if err != nil {
		return err
	}
	m := merge(e)
	if note := w.doubt(e, m); note.String() != "" {
		if err := w.tellAsks(ctx, note); err != nil {
			return err
		}
		return w.b.settle(ctx, w.m, Asks, note)
	}
	if len(m.List) == 0 {
		return w.b.settle(ctx, w.m, Nothing, w.nothingLeft(list))
	}
	if err := w.askOrder(ctx, m); err != nil {
		return err
	}
	w.m.State = w.m.Order.state()
	if w.m.Refused, err = w.described(ctx, m.Refused); err != nil {
		return err
	}
	if !sameSongs(list.Songs, m.List) {
		if list, err = w.replace(ctx, list, m.List); err != nil {
			return err
		}
	}
	return w.finish(ctx, list, m.List)
}

// finish keeps what was written and updates name and comment.
func (w *writer) finish(ctx context.Context, list ServerPlaylist, songs []entry) error {
	written := onServer(list.Songs, songs)
	if err := w.tellWritten(ctx, written); err != nil {
		return err
	}
	w.m.Written, w.m.Pending = written, nil
	w.m.Revision, w.m.SourceRows, w.m.Accepted = w.source.Revision, len(w.source.Tracks), 0
	w.m.Note = w.note(list, songs)
	if err := w.save(ctx); err != nil {
		return err
	}
	if err := w.discardLeftover(ctx); err != nil {
		return err
	}
	return w.describe(ctx, list)
}
