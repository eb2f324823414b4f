package subsonicbridge

import (
	"context"
	"database/sql"
	"time"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/match"
)

// Decider says who decided which song stands for a track.
type Decider string

const (
	ByMatch  Decider = "match"  // the resolver, now
	ByMemory Decider = "memory" // the resolver, earlier: the song is kept as long as the library has it
	ByPerson Decider = "person"
	Lost     Decider = "lost" // the person decided, and the library does not have that song any more
)

// ResolvedRow is a row of a wanted playlist and what stands for it in the account's library.
type ResolvedRow struct {
	Track      playlists.Track
	Decided    Decider
	Resolution match.Resolution
}

// resolveBatch is how many tracks are resolved between two reports of progress.
const resolveBatch = 500

// Previewed is what an account has of some tracks.
type Previewed struct {
	Rows    []match.Resolution // beside the tracks
	Read    time.Time          // when the library was last read
	Failure error              // why the music server did not say whether Read is too long ago; nil when it did
}

// Preview resolves tracks against an account's library and changes nothing, neither on the server nor here. When the
// server fails its last reading serves, and Failure says so; it is an error when there was none.
func (b *Bridge) Preview(ctx context.Context, account playlists.ID, tracks []playlists.Track, progress Progress) (Previewed, error) {
	conn, err := b.connect(ctx, account)
	if err != nil {
		return Previewed{}, err
	}
	lib, err := b.library(ctx, conn, progress)
	if err != nil {
		return Previewed{}, err
	}
	rows, err := b.resolve(ctx, lib, tracks, progress)
	if err != nil {
		return Previewed{}, err
	}
	out := Previewed{Rows: make([]match.Resolution, len(rows)), Read: lib.read, Failure: lib.failure}
	for i, r := range rows {
		out.Rows[i] = r.Resolution
	}
	return out, nil
}

// resolve finds a song for each track: the person's choice, else the one remembered, else the best match.
func (b *Bridge) resolve(ctx context.Context, lib *library, tracks []playlists.Track, progress Progress) ([]ResolvedRow, error) {
	remembered, err := b.decisions(ctx, lib, tracks)
	if err != nil {
		return nil, err
	}
	chosen, err := b.choices(ctx, lib, tracks)
	if err != nil {
		return nil, err
	}
	out := make([]ResolvedRow, 0, len(tracks))
	for len(out) < len(tracks) {
		progress.report(len(out), len(tracks))
		batch := tracks[len(out):min(len(out)+resolveBatch, len(tracks))]
		for i, r := range lib.index.Resolve(batch, lib.policy) {
			out = append(out, decide(batch[i], r, remembered, chosen))
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	}
	progress.report(len(tracks), len(tracks))
	return out, nil
}

// decide lets the person's choice stand above all. Then it prefers what was decided earlier, so that a list does not
// change because the library got a second copy: the resolver overrules itself only when it has become sure.
func decide(t playlists.Track, now match.Resolution, remembered map[string]decision, chosen map[string]choice) ResolvedRow {
	key := fingerprint(t)
	if c, ok := chosen[key]; ok {
		return c.row(t, now)
	}
	row := ResolvedRow{Track: t, Decided: ByMatch, Resolution: now}
	switch before := remembered[key]; {
	case before.song == "" || before.song == now.Song || now.Class == match.Exact && before.class != match.Exact:
	default:
		row.Decided = ByMemory
		row.Resolution.Song, row.Resolution.Class, row.Resolution.Score = before.song, before.class, before.score
		row.Resolution.Why = whyCandidate(now, before.song)
	}
	return row
}

// whyCandidate returns the reasons for a song that the resolver knows but did not choose.
func whyCandidate(r match.Resolution, song string) []match.Reason {
	for _, c := range r.Candidates {
		if c.Song == song {
			return c.Why
		}
	}
	return nil
}

// decision is a row of subsonic_decisions; song is "" when there is none, or when the library no longer has it.
type decision struct {
	trackKey string
	song     string
	songKey  string
	class    match.Class
	score    float64
}

func scanDecision(row playlists.Scanner) (d decision, err error) {
	err = row.Scan(&d.trackKey, &d.song, &d.songKey, &d.class, &d.score)
	return d, err
}

// decisions returns what was decided earlier about the tracks, by the rules of today, by their keys, with the songs' ids
// of today.
func (b *Bridge) decisions(ctx context.Context, lib *library, tracks []playlists.Track) (map[string]decision, error) {
	out := make(map[string]decision, len(tracks))
	for len(tracks) > 0 {
		n := min(len(tracks), playlists.MaxIn)
		args := []any{lib.account, lib.rules()}
		for _, t := range tracks[:n] {
			args = append(args, fingerprint(t))
		}
		tracks = tracks[n:]
		found, err := playlists.Collect(ctx, b.db, scanDecision, `SELECT track_key, song_id, song_key, class, score FROM subsonic_decisions
			WHERE account_id = $1 AND rules = $2 AND track_key IN (`+playlists.Placeholders(3, n)+`)`, args...)
		if err != nil {
			return nil, err
		}
		if err := b.findAgain(ctx, lib, found); err != nil {
			return nil, err
		}
		for _, d := range found {
			if d.song != "" {
				out[d.trackKey] = d
			}
		}
	}
	return out, nil
}

// findAgain sets the songs of decisions to their ids of today, "" when the library does not have them any more. An id
// counts only when the song under it is still the same one.
func (b *Bridge) findAgain(ctx context.Context, lib *library, ds []decision) error {
	ids, keys := make([]string, len(ds)), make([]string, len(ds))
	for i, d := range ds {
		ids[i], keys[i] = d.song, d.songKey
	}
	now, err := b.keysOf(ctx, lib, ids)
	if err != nil {
		return err
	}
	moved, err := b.idsOf(ctx, lib, keys)
	if err != nil {
		return err
	}
	for i, d := range ds {
		if now[d.song] != d.songKey {
			ds[i].song = moved[d.songKey]
		}
	}
	return nil
}

// remember keeps what the resolver decided, beside the song's key, so that it holds under a new id too.
func (b *Bridge) remember(ctx context.Context, tx *sql.Tx, lib *library, rows []ResolvedRow, songKeys map[string]string) error {
	keys, byKey := []string{}, map[string]match.Resolution{}
	for _, r := range rows {
		if r.Decided == ByPerson || !r.Resolution.Class.Automatic() {
			continue
		}
		key := fingerprint(r.Track)
		if _, again := byKey[key]; !again {
			keys = append(keys, key)
		}
		byKey[key] = r.Resolution
	}
	return playlists.InsertRows(ctx, tx, `INSERT INTO subsonic_decisions (account_id, track_key, song_id, song_key, class, score, rules)`, len(keys),
		func(i int) ([]any, error) {
			r := byKey[keys[i]]
			return []any{lib.account, keys[i], r.Song, songKeys[r.Song], r.Class, r.Score, lib.rules()}, nil
		}, `ON CONFLICT (account_id, track_key) DO UPDATE SET song_id = excluded.song_id, song_key = excluded.song_key, class = excluded.class,
			score = excluded.score, rules = excluded.rules
			WHERE subsonic_decisions.song_id <> excluded.song_id OR subsonic_decisions.rules <> excluded.rules`)
}
