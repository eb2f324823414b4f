package subsonicbridge

import (
	"context"

	"github.com/songferry/songferry/playlists"
)

// What a list asks its person, and what it tells them.

// firstSongs are the songs for a list that is not there yet.
func (w *writer) firstSongs() []entry { return withoutRefused(w.wanted, w.m.Refused, nil) }

// enough reports whether so much was found that a list is made of it.
func (w *writer) enough() bool {
	return w.m.Anyway || w.found >= playlists.Enough(len(w.source.Tracks))
}

// tooFew says that there is no list because fewer than playlists.Enough tracks were found.
func tooFew(found, total int) playlists.Sentence {
	if found == 1 {
		return playlists.Sentencef("Only %d of its %d tracks is in your library, so no list was made yet. It is made by itself once %d are.",
			found, total, playlists.Enough(total))
	}
	return playlists.Sentencef("Only %d of its %d tracks are in your library, so no list was made yet. It is made by itself once %d are.",
		found, total, playlists.Enough(total))
}

// doubt returns a question to the person when so much would vanish from the list that a mistake of the source, or a
// library that was read while a disk was missing, is likelier than an edit; else it says nothing.
func (w *writer) doubt(e edits, m merged) (question playlists.Sentence) {
	if w.m.Accepted == w.source.Revision {
		return question
	}
	if before, now := w.m.SourceRows, len(w.source.Tracks); shrinks(before, now) {
		return playlists.Sentencef("The playlist went from %d tracks to %d at once. Your list stays as it is until you agree.", before, now)
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
		return playlists.Sentencef("Your library has only %d of the %d songs that this list had. The list stays as it is until you agree, or they are back.", now, before)
	}
	return question
}

// nothingLeft says why nothing is written to a list.
func (w *writer) nothingLeft(list ServerPlaylist) playlists.Sentence {
	switch {
	case len(w.source.Tracks) == 0:
		return playlists.Sentencef("The playlist is empty now. Your list stays as it is: delete it if you do not want it any more.")
	case len(list.Songs) == 0:
		return playlists.Sentencef("This list was emptied on your music server. What is new in the playlist is still added to it.")
	}
	return playlists.Sentencef("None of its tracks is in your library any more. The list stays as it is.")
}

// askOrder asks the person once when they have put the list in another order. It stays in theirs until they answer, or
// put it back.
func (w *writer) askOrder(ctx context.Context, m merged) (err error) {
	switch {
	case m.Reordered && w.m.Order == SourceOrder:
		err = w.tellOrder(ctx)
		w.m.Order = AskedOrder
		w.m.OrdersAsked++
	case !m.Reordered && w.m.Order == AskedOrder:
		err = w.b.orderAnswered(ctx, w.want)
		w.m.Order = SourceOrder
	}
	return err
}

// note is what the person should know about the list. It is zero when that is nothing.
func (w *writer) note(list ServerPlaylist, songs []entry) playlists.Sentence {
	order, shown := w.orderNote(), shownNote(list, len(songs)-len(list.Songs))
	switch {
	case order.String() == "":
		return shown
	case shown.String() == "":
		return order
	}
	return playlists.Sentencef("%s %s", order, shown)
}

func (w *writer) orderNote() (says playlists.Sentence) {
	switch w.m.Order {
	case AskedOrder:
		return playlists.Sentencef("You put this list in another order. It stays in yours until you say whether to keep it or to follow the original order.")
	case PersonOrder:
		return playlists.Sentencef("It stays in the order that you gave it.")
	}
	return says
}

func shownNote(list ServerPlaylist, missing int) (says playlists.Sentence) {
	switch {
	case list.Public:
		return playlists.Sentencef("Your music server shows this list to its other users. Make it private there if you mind.")
	case missing > 0:
		return playlists.Sentencef("Your music server did not take %d of the songs. They will be tried again.", missing)
	}
	return says
}
