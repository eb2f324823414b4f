package subsonicbridge

import (
	"context"
	"slices"

	"github.com/songferry/songferry/playlists"
)

// deletedHere respects that the person deleted the list. Its id is kept, to know it again should it come back.
func (w *writer) deletedHere(ctx context.Context) error {
	return w.b.settle(ctx, w.m, Deleted, playlists.Sentencef("You deleted this list on your music server, so it is not written any more."))
}

// makeList makes a private list of songs under a temporary name and returns it as the server has it. The name is kept
// first: after a crash the list is found by it.
func (w *writer) makeList(ctx context.Context, songs []entry) (ServerPlaylist, error) {
	id, err := w.leftover(ctx)
	if err != nil {
		return ServerPlaylist{}, err
	}
	if w.m.TempName == "" {
		w.m.TempName = newTempName()
	}
	w.m.Pending = songs
	if err := w.save(ctx); err != nil {
		return ServerPlaylist{}, err
	}
	if id == "" {
		id, err = w.conn.client.Create(ctx, w.m.TempName, ids(songs))
	} else {
		err = w.conn.client.Replace(ctx, id, ids(songs))
	}
	if err != nil {
		return ServerPlaylist{}, w.refused(ctx, err)
	}
	return w.conn.client.Playlist(ctx, id)
}

// leftover returns the id of the list that an interrupted attempt made, "" when there is none.
func (w *writer) leftover(ctx context.Context) (string, error) {
	if w.m.TempName == "" {
		return "", nil
	}
	lists, err := w.conn.client.Playlists(ctx)
	for _, p := range lists {
		if p.Name == w.m.TempName && w.conn.owns(p) {
			return p.ID, err
		}
	}
	return "", err
}

// adopt makes a new list the mirror's list, and then deletes the one that it replaces, if any.
func (w *writer) adopt(ctx context.Context, list ServerPlaylist, instead string) error {
	w.m.ServerID, w.m.RetiredID, w.m.TempName = list.ID, instead, ""
	if err := w.save(ctx); err != nil {
		return err
	}
	return w.removeRetired(ctx)
}

// removeRetired deletes the list that was replaced, if that has not been done yet.
func (w *writer) removeRetired(ctx context.Context) error {
	if w.m.RetiredID == "" {
		return nil
	}
	list, err := w.read(ctx, w.m.RetiredID)
	if err == nil && list != nil && w.isOurs(*list) {
		err = w.remove(ctx, list.ID)
	}
	if err != nil {
		return err
	}
	w.m.RetiredID = ""
	return w.save(ctx)
}

// discardLeftover deletes the list that an interrupted attempt made, if any.
func (w *writer) discardLeftover(ctx context.Context) error {
	id, err := w.leftover(ctx)
	if err != nil || w.m.TempName == "" {
		return err
	}
	return w.discard(ctx, id)
}

// discard deletes the new list that an attempt made; id is "" when it is not there.
func (w *writer) discard(ctx context.Context, id string) error {
	if id != "" {
		if err := w.remove(ctx, id); err != nil {
			return err
		}
	}
	w.m.TempName = ""
	return w.save(ctx)
}

// remove deletes a list of ours. That it is gone already is fine.
func (w *writer) remove(ctx context.Context, id string) error {
	if err := w.conn.client.Delete(ctx, id); err != nil && !NotFound(err) {
		return err
	}
	return nil
}

// entriesFrom returns the rows of a list; one without an id cannot be written again and is left out.
func entriesFrom(songs []Song) []entry {
	out := make([]entry, 0, len(songs))
	for _, s := range songs {
		if s.ID != "" {
			out = append(out, entry{ID: s.ID, Key: fingerprint(s.Track)})
		}
	}
	return out
}

func ids(list []entry) []string {
	out := make([]string, len(list))
	for i, x := range list {
		out[i] = x.ID
	}
	return out
}

func keys(list []entry) []string {
	out := make([]string, len(list))
	for i, x := range list {
		out[i] = x.Key
	}
	return out
}

func sameSongs(have []Song, want []entry) bool {
	return slices.EqualFunc(have, want, func(s Song, x entry) bool { return s.ID == x.ID })
}

func sameKeys(have []Song, want []entry) bool {
	return slices.EqualFunc(have, want, func(s Song, x entry) bool { return fingerprint(s.Track) == x.Key })
}

// isPart reports whether a list holds songs in order, if not all of them, and is not empty.
func isPart(have []Song, songs []entry) bool {
	return len(have) > 0 && len(onServer(have, songs)) == len(have)
}

// onServer returns the entries that stand in a list on the server, which has them in order, if not all of them.
func onServer(have []Song, songs []entry) []entry {
	var out []entry
	for _, x := range songs {
		if len(out) < len(have) && have[len(out)].ID == x.ID {
			out = append(out, x)
		}
	}
	return out
}
