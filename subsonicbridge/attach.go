package subsonicbridge

import (
	"context"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/match"
)

// attach finds the chosen songs in the library of today: by id if the song under it is still the same, by fingerprint
// after a renumbering, by id if its tags were corrected, and last as any track is found, since another server describes a
// file in other words.
func (b *Bridge) attach(ctx context.Context, lib *library, choices map[string]choice) error {
	var ids, keys []string
	for _, c := range choices {
		if !c.none {
			ids, keys = append(ids, c.songID), append(keys, c.songKey, fingerprint(c.song))
		}
	}
	now, err := b.keysOf(ctx, lib, ids)
	if err != nil {
		return err
	}
	moved, err := b.idsOf(ctx, lib, keys)
	if err != nil {
		return err
	}
	there, err := b.songsByID(ctx, lib.account, ids)
	if err != nil {
		return err
	}
	for track, c := range choices {
		at := c.songID
		switch first := moved[fingerprint(c.song)]; {
		case c.none || now[at] == fingerprint(c.song):
			continue
		case first != "":
			c.songID = first // it is back, if another was found for it meanwhile
		case now[at] == c.songKey:
			continue
		case moved[c.songKey] != "":
			c.songID = moved[c.songKey]
		case now[at] != "" && likeness(c.song, there[at].Track) > 0:
			c.song = there[at].Track // its tags were corrected
		default:
			c.songID = c.foundAnew(lib)
		}
		if c.songID != "" {
			if err := b.keepAttached(ctx, lib, c); err != nil {
				return err
			}
		}
		choices[track] = c
	}
	return nil
}

// foundAnew returns the song that surely is the chosen one, "" when there is none. The recording on another album is a file
// that the person could have chosen, and did not.
func (c choice) foundAnew(lib *library) string {
	policy := match.SameRelease
	if c.song.Album == "" {
		policy = match.SameRecording
	}
	if r := lib.index.Resolve([]playlists.Track{c.song}, policy)[0]; r.Class == match.Exact {
		return r.Song
	}
	return ""
}

// keepAttached keeps under which id a chosen song is now.
func (b *Bridge) keepAttached(ctx context.Context, lib *library, c choice) error {
	keys, err := b.keysOf(ctx, lib, []string{c.songID})
	if err != nil {
		return err
	}
	song, err := asJSON(c.song)
	if err != nil {
		return err
	}
	_, err = b.db.ExecContext(ctx, `UPDATE subsonic_choices SET song = $1, song_id = $2, song_key = $3 WHERE id = $4`, song, c.songID, keys[c.songID], c.id)
	return err
}
