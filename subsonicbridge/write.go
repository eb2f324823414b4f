package subsonicbridge

import (
	"context"
	"errors"
	"fmt"
	"strings"

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
		return w.b.settle(ctx, w.m, Nothing, "The playlist is empty, so there is no list yet.")
	}
	if len(songs) == 0 {
		return w.b.settle(ctx, w.m, Nothing, "None of its tracks was found in your library, so there is no list yet. It appears when you get some of them.")
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

// firstSongs are the songs for a list that is not there yet.
func (w *writer) firstSongs() []entry { return withoutRefused(w.wanted, w.m.Refused, nil) }

// enough reports whether so much was found that a list is made of it.
func (w *writer) enough() bool {
	return w.m.Anyway || w.found >= playlists.Enough(len(w.source.Tracks))
}

// tooFew says that there is no list because fewer than playlists.Enough tracks were found.
func tooFew(found, total int) string {
	are, need := "are", playlists.Enough(total)
	if found == 1 {
		are = "is"
	}
	return fmt.Sprintf("Only %d of its %d tracks %s in your library, so no list was made yet. It is made by itself once %d are.", found, total, are, need)
}

// update brings an existing list in line: what the person did to it is kept.
func (w *writer) update(ctx context.Context, list ServerPlaylist) error {
	e, err := w.edits(ctx, list)
	if err != nil {
		return err
	}
	m := merge(e)
	if note := w.doubt(e, m); note != "" {
		if err := w.tellAsks(ctx, note); err != nil {
			return err
		}
		return w.b.settle(ctx, w.m, Asks, note)
	}
	if len(m.List) == 0 {
		return w.b.settle(ctx, w.m, Nothing, "None of its tracks is in your library any more. The list stays as it is.")
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

// doubt returns a question to the person when so much would vanish from the list that a mistake of the source, or a
// library that was read while a disk was missing, is likelier than an edit; else "".
func (w *writer) doubt(e edits, m merged) string {
	if w.m.Accepted == w.source.Revision {
		return ""
	}
	if before, now := w.m.SourceRows, len(w.source.Tracks); shrinks(before, now) {
		return fmt.Sprintf("The playlist went from %d tracks to %d at once. Your list stays as it is until you agree.", before, now)
	}
	server := countIDs(e.Server, all)
	before, now := 0, 0
	for _, x := range e.Written {
		if !x.Theirs && server[x.ID] > 0 {
			before++
		}
	}
	for _, x := range m.List {
		if !x.Theirs {
			now++
		}
	}
	if shrinks(before, now) {
		return fmt.Sprintf("Your library has only %d of the %d songs that this list had. The list stays as it is until you agree, or they are back.", now, before)
	}
	return ""
}

// finish keeps what was written and updates name and comment.
func (w *writer) finish(ctx context.Context, list ServerPlaylist, songs []entry) error {
	written := onServer(list.Songs, songs)
	if err := w.tellWritten(ctx, written); err != nil {
		return err
	}
	w.m.Written, w.m.Pending = written, nil
	w.m.Revision, w.m.SourceRows = w.source.Revision, len(w.source.Tracks)
	w.m.Note = w.note(list, songs)
	if err := w.save(ctx); err != nil {
		return err
	}
	if err := w.discardLeftover(ctx); err != nil {
		return err
	}
	return w.describe(ctx, list)
}

// askOrder asks the person once when they have put the list in another order. It stays in theirs until they answer.
func (w *writer) askOrder(ctx context.Context, m merged) error {
	if !m.Reordered || w.m.Order != SourceOrder {
		return nil
	}
	if err := w.tellOrder(ctx); err != nil {
		return err
	}
	w.m.Order = AskedOrder
	w.m.OrdersAsked++
	return nil
}

// note is what the person should know about the list, "" when it is nothing.
func (w *writer) note(list ServerPlaylist, songs []entry) string {
	var says []string
	switch w.m.Order {
	case AskedOrder:
		says = append(says, "You put this list in another order. It stays in yours until you say whether to keep it or to follow the original order.")
	case PersonOrder:
		says = append(says, "It stays in the order that you gave it.")
	}
	switch missing := len(songs) - len(list.Songs); {
	case list.Public:
		says = append(says, "Your music server shows this list to its other users. Make it private there if you mind.")
	case missing > 0:
		says = append(says, fmt.Sprintf("Your music server did not take %d of the songs. They will be tried again.", missing))
	}
	return strings.Join(says, " ")
}
