package subsonicbridge

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"maps"
	"slices"

	"github.com/songferry/songferry/playlists"
)

// RefusedSong is a song that a person took out of a copy, and that therefore stays out of it.
type RefusedSong struct {
	Key   string          // to name it by
	Track playlists.Track // as their library had it
	Stay  int             // how many copies of it they left in the list
}

// Refused returns what the person took out of a want's list, by artist and title.
func (b *Bridge) Refused(ctx context.Context, want playlists.ID) ([]RefusedSong, error) {
	m, err := b.mirror(ctx, want)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	out := make([]RefusedSong, 0, len(m.Refused))
	for key, r := range m.Refused {
		out = append(out, RefusedSong{Key: key, Track: r.Track, Stay: r.Stay})
	}
	slices.SortFunc(out, func(x, y RefusedSong) int {
		return cmp.Or(cmp.Compare(x.Track.Artist, y.Track.Artist), cmp.Compare(x.Track.Title, y.Track.Title), cmp.Compare(x.Key, y.Key))
	})
	return out, nil
}

// Restore forgets that the person took a song out of a want's list, and makes the list due: the song comes back where the
// source has it. It returns a NotFound problem for a song that was not refused.
func (b *Bridge) Restore(ctx context.Context, want playlists.ID, key string) error {
	return b.answer(ctx, want, func(_ playlists.Want, m *mirror) error {
		if _, ok := m.Refused[key]; !ok {
			return playlists.Problemf(playlists.NotFound, nil, "This song is not kept out of the list.")
		}
		delete(m.Refused, key)
		return nil
	})
}

// described adds to refusals what their songs are: a key alone tells a person nothing, and changes with the tags.
func (w *writer) described(ctx context.Context, refused map[string]refusal) (map[string]refusal, error) {
	var unknown []string
	for key, r := range refused {
		if r.Track.Title == "" {
			unknown = append(unknown, key)
		}
	}
	tracks, err := w.b.tracksOf(ctx, w.lib, unknown)
	for key, t := range tracks {
		refused[key] = refusal{Stay: refused[key].Stay, Track: t}
	}
	return refused, err
}

// refusedToday returns the refusals under the keys that their songs have now. A song that the library does not have any
// more under its key has other tags, or another file stands for it.
func (w *writer) refusedToday(ctx context.Context) (map[string]refusal, error) {
	there, err := w.b.idsOf(ctx, w.lib, slices.Collect(maps.Keys(w.m.Refused)))
	if err != nil || len(there) == len(w.m.Refused) {
		return w.m.Refused, err
	}
	inList := countIDs(w.m.Written, all)
	absent := slices.DeleteFunc(slices.Clone(w.wanted), func(x entry) bool { return inList[x.ID] > 0 })
	fresh, err := w.b.tracksOf(ctx, w.lib, keys(absent))
	if err != nil {
		return nil, err
	}
	out := maps.Clone(w.m.Refused)
	for key, r := range w.m.Refused {
		if now := likest(r.Track, fresh); there[key] == "" && now != "" {
			delete(out, key)
			out[now] = r
		}
	}
	return out, nil
}

// likest returns the key of the track that is most surely t, "" when none is.
func likest(t playlists.Track, among map[string]playlists.Track) (key string) {
	best := 0
	for _, k := range slices.Sorted(maps.Keys(among)) {
		if n := likeness(t, among[k]); n > best {
			key, best = k, n
		}
	}
	return key
}

// tracksOf returns the library's tracks with the given fingerprints, those that it has.
func (b *Bridge) tracksOf(ctx context.Context, lib *library, keys []string) (map[string]playlists.Track, error) {
	found, err := b.lookUp(ctx, lib, `SELECT track_key, track FROM subsonic_songs WHERE account_id = $1 AND generation = $2 AND track_key IN `, keys)
	if err != nil {
		return nil, err
	}
	out := make(map[string]playlists.Track, len(found))
	for key, text := range found {
		var t playlists.Track
		if err := json.Unmarshal([]byte(text), &t); err != nil {
			return nil, err
		}
		out[key] = t
	}
	return out, nil
}
