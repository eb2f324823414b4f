package subsonicbridge

import (
	"context"
)

// edits collects what the merge needs, in the ids of today.
func (w *writer) edits(ctx context.Context, list ServerPlaylist) (edits, error) {
	e := edits{Server: entriesFrom(list.Songs), Wanted: w.wanted, Order: w.m.Order}
	known, err := w.b.keysOf(ctx, w.lib, ids(e.Server))
	if err != nil {
		return edits{}, err
	}
	before := countIDs(append(w.m.Written, w.m.Pending...), all)
	for _, x := range e.Server {
		if known[x.ID] == "" && before[x.ID] == 0 && !w.lib.reread {
			return edits{}, errOutdated // a new file, or all songs were renumbered
		}
	}
	if e.Written, err = w.today(ctx, w.m.Written, e.Server); err != nil {
		return edits{}, err
	}
	if len(w.m.Pending) > 0 {
		pending, err := w.today(ctx, w.m.Pending, e.Server)
		if err != nil {
			return edits{}, err
		}
		e.Written = resume(e.Written, pending, e.Server)
	}
	if e.Refused, err = w.refusedToday(ctx); err != nil {
		return edits{}, err
	}
	has, err := w.b.keysOf(ctx, w.lib, ids(e.Written))
	e.Has = func(id string) bool { return has[id] != "" }
	return e, err
}

// today returns entries under the ids that their songs have now. Of several songs with one fingerprint the one in the
// server's list is meant.
func (w *writer) today(ctx context.Context, list, server []entry) ([]entry, error) {
	now, err := w.b.keysOf(ctx, w.lib, ids(list))
	if err != nil {
		return nil, err
	}
	moved, err := w.b.idsOf(ctx, w.lib, keys(list))
	if err != nil {
		return nil, err
	}
	inList := map[string][]string{}
	for _, x := range server {
		inList[x.Key] = append(inList[x.Key], x.ID)
	}
	out := make([]entry, len(list))
	for i, x := range list {
		switch there := inList[x.Key]; {
		case now[x.ID] == x.Key:
		case len(there) > 0:
			x.ID, inList[x.Key] = there[0], there[1:]
		case moved[x.Key] != "":
			x.ID, x.lost = moved[x.Key], true
		}
		out[i] = x
	}
	return out, nil
}
