package subsonicbridge

import (
	"context"
	"database/sql"
	"encoding/json"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/match"
)

// choice is what a person decided about a track. It holds whatever the track's playlist, and under any ids.
type choice struct {
	id      string
	track   playlists.Track // as it was when they decided
	none    bool            // no song of the library is right
	song    playlists.Track // the right one, as it was then, or as it was tagged anew since
	songID  string          // its last known id; after attach its id of today, "" when the library does not have it
	songKey string          // fingerprint of the song that had the id
}

const choiceColumns = `id, track, song, song_id, song_key`

func scanChoice(row playlists.Scanner) (c choice, err error) {
	var track, song []byte
	if err := row.Scan(&c.id, &track, &song, &c.songID, &c.songKey); err != nil {
		return choice{}, err
	}
	if err := json.Unmarshal(track, &c.track); err != nil {
		return choice{}, err
	}
	if c.none = len(song) == 0; c.none {
		return c, nil
	}
	return c, json.Unmarshal(song, &c.song)
}

// choices returns what the account's person decided about the tracks, by their fingerprints.
func (b *Bridge) choices(ctx context.Context, lib *library, tracks []playlists.Track) (map[string]choice, error) {
	chosen, err := b.chosenTracks(ctx, lib.account)
	if err != nil {
		return nil, err
	}
	out := map[string]choice{}
	for _, t := range tracks {
		key := fingerprint(t)
		if _, done := out[key]; done || !chosen.has(t) {
			continue
		}
		c, ok, err := choiceFor(ctx, b.db, lib.account, t)
		if err != nil {
			return nil, err
		}
		if ok {
			out[key] = c
		}
	}
	return out, b.attach(ctx, lib, out)
}

// chosenTracks tells, without a query each, which tracks the person may have decided about.
type chosenTracks struct{ titles, mbids map[string]bool }

func (c chosenTracks) has(t playlists.Track) bool {
	return len(c.titles) > 0 && (c.titles[titleKey(t)] || t.MBID != "" && c.mbids[t.MBID])
}

// chosenTracks reads them. Decisions that an older version of the program kept get the keys by which this one looks.
func (b *Bridge) chosenTracks(ctx context.Context, account playlists.ID) (chosenTracks, error) {
	if err := b.keyAnew(ctx, account); err != nil {
		return chosenTracks{}, err
	}
	pairs, err := playlists.Collect(ctx, b.db, scanPair, `SELECT title_key, mbid FROM subsonic_choices WHERE account_id = $1`, account)
	if err != nil {
		return chosenTracks{}, err
	}
	c := chosenTracks{titles: map[string]bool{}, mbids: map[string]bool{}}
	for _, p := range pairs {
		c.titles[p[0]], c.mbids[p[1]] = true, true
	}
	return c, nil
}

func (b *Bridge) keyAnew(ctx context.Context, account playlists.ID) error {
	var old int
	err := b.db.QueryRowContext(ctx, `SELECT COUNT(*) FROM subsonic_choices WHERE account_id = $1 AND keyed <> $2`, account, match.Version).Scan(&old)
	if old == 0 || err != nil {
		return err
	}
	return playlists.InTx(ctx, b.db, func(tx *sql.Tx) error {
		old, err := playlists.Collect(ctx, tx, scanChoice, `SELECT `+choiceColumns+` FROM subsonic_choices WHERE account_id = $1 AND keyed <> $2`,
			account, match.Version)
		if err != nil {
			return err
		}
		for _, c := range old {
			_, err := tx.ExecContext(ctx, `UPDATE subsonic_choices SET title_key = $1, keyed = $2 WHERE id = $3`, titleKey(c.track), match.Version, c.id)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// choiceFor returns the decision about a track: of several that may be meant the one about the track most like it.
func choiceFor(ctx context.Context, q playlists.Querier, account playlists.ID, t playlists.Track) (best choice, ok bool, err error) {
	found, err := playlists.Collect(ctx, q, scanChoice, `SELECT `+choiceColumns+` FROM subsonic_choices
		WHERE account_id = $1 AND (title_key = $2 OR mbid = $3 AND mbid <> '') ORDER BY at DESC, id`, account, titleKey(t), t.MBID)
	if err != nil {
		return choice{}, false, err
	}
	most := 0
	for _, c := range found {
		if n := likeness(c.track, t); n > most {
			best, most = c, n
		}
	}
	return best, most > 0, nil
}

// row is what the choice makes of a track. Whoever chose a song that the library lost is asked again, since another one
// was not what they wanted.
func (c choice) row(t playlists.Track, now match.Resolution) ResolvedRow {
	r := ResolvedRow{Track: t, Decided: ByPerson, Resolution: now}
	switch {
	case c.none:
		r.Resolution.Class, r.Resolution.Song = match.Missing, ""
	case c.songID == "":
		r.Decided = Lost
		r.Resolution.Class, r.Resolution.Song = match.Review, ""
	default:
		r.Resolution.Class, r.Resolution.Song = match.Exact, c.songID
		r.Resolution.Why = whyCandidate(now, c.songID)
	}
	return r
}
