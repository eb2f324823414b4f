package subsonicbridge

import (
	"context"
	"errors"
	"slices"

	"github.com/songferry/songferry/playlists"
)

// locate returns the mirror's list as it is on the server, nil when it is not there. It is known by its id; if that is
// unknown there, by its temporary name, its mark, or by name and content.
func (w *writer) locate(ctx context.Context) (*ServerPlaylist, error) {
	var refusal error
	if w.m.ServerID != "" {
		list, err := w.conn.client.Playlist(ctx, w.m.ServerID)
		if err == nil && w.isOurs(list) {
			return &list, nil
		}
		// Servers differ in what they call an id that they do not know: 70, 50, 10, 0.
		var api *APIError
		if err != nil && (Unauthorized(err) || !errors.As(err, &api)) {
			return nil, err
		}
		refusal = err
	}
	all, err := w.conn.client.Playlists(ctx)
	if err != nil {
		return nil, err
	}
	if refusal != nil && slices.ContainsFunc(all, func(p ServerPlaylist) bool { return p.ID == w.m.ServerID }) {
		return nil, refusal
	}
	return w.recognise(ctx, all)
}

// isOurs reports whether a list under our list's id really is our list. After a server was set up anew the id may be
// another's. The person may have changed its name, its comment and its songs, but hardly all of them.
func (w *writer) isOurs(p ServerPlaylist) bool {
	if markIn(p.Comment) == w.m.Mark || p.Name == w.m.Name && p.Name != "" || isTempName(p.Name) {
		return true
	}
	ours := countIDs(append(w.m.Written, w.m.Pending...), all)
	return slices.ContainsFunc(p.Songs, func(s Song) bool { return ours[s.ID] > 0 })
}

// recognise finds the mirror's list among all lists of the server, without its id.
func (w *writer) recognise(ctx context.Context, lists []ServerPlaylist) (*ServerPlaylist, error) {
	own := slices.DeleteFunc(slices.Clone(lists), func(p ServerPlaylist) bool { return !w.conn.owns(p) })
	for _, is := range []func(ServerPlaylist) bool{
		func(p ServerPlaylist) bool { return w.m.TempName != "" && p.Name == w.m.TempName },
		func(p ServerPlaylist) bool { return markIn(p.Comment) == w.m.Mark },
	} {
		if i := slices.IndexFunc(own, is); i >= 0 {
			return w.read(ctx, own[i].ID)
		}
	}
	for _, p := range own {
		if w.m.ServerID == "" || p.Name != w.m.Name || p.SongCount != len(w.m.Written) {
			continue
		}
		list, err := w.read(ctx, p.ID)
		if err != nil || list != nil && sameKeys(list.Songs, w.m.Written) {
			return list, err
		}
	}
	if len(own) == 0 && w.m.ServerID != "" {
		return nil, w.suspectEmptiness(ctx)
	}
	return nil, nil
}

// read returns a list, nil when it is gone.
func (w *writer) read(ctx context.Context, id string) (*ServerPlaylist, error) {
	list, err := w.conn.client.Playlist(ctx, id)
	if NotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &list, nil
}

// suspectEmptiness returns an error when the server shows no playlist at all though it had others less than a day ago:
// then nothing was deleted by the person, the server is in trouble.
func (w *writer) suspectEmptiness(ctx context.Context) error {
	var others int
	err := w.b.db.QueryRowContext(ctx, `SELECT COUNT(*) FROM subsonic_playlists WHERE account_id = $1 AND (missing_since = 0 OR missing_since > $2)`,
		w.want.Account, playlists.Millis(w.b.now().Add(-missingBefore))).Scan(&others)
	if err == nil && others > 0 {
		err = playlists.Problemf(playlists.Unavailable, nil, "Your music server shows no playlists at all. Songferry waits until they are back.")
	}
	return err
}
