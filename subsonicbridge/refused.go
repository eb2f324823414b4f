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
	Track playlists.Track // as the library has it; the zero Track when it does not have it now
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
	tracks, err := b.tracksOf(ctx, m.Account, slices.Collect(maps.Keys(m.Refused)))
	if err != nil {
		return nil, err
	}
	out := make([]RefusedSong, 0, len(m.Refused))
	for key, r := range m.Refused {
		out = append(out, RefusedSong{Key: key, Track: tracks[key], Stay: r.Stay})
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

// tracksOf returns the library's tracks with the given fingerprints, those that it has.
func (b *Bridge) tracksOf(ctx context.Context, account playlists.ID, keys []string) (map[string]playlists.Track, error) {
	s, err := b.snapshot(ctx, account)
	if err != nil {
		return nil, err
	}
	found, err := b.lookUp(ctx, &library{account: account, generation: s.generation}, `SELECT track_key, track FROM subsonic_songs
		WHERE account_id = $1 AND generation = $2 AND track_key IN `, keys)
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
