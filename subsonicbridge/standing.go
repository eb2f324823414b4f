package subsonicbridge

import (
	"context"
	"database/sql"
	"errors"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/match"
)

// resolveAll is how long rows may be left alone. How rare a word is changes with the library, and so, by a little, how
// near a song comes, whatever it is that was added.
const resolveAll = 7 * 24 * time.Hour

// resolution is what stands for the tracks of a want.
type resolution struct {
	rows  []ResolvedRow
	whole bool // none was left as it was
	same  bool // all were, and none came, went or moved
}

// resolveFor is resolve for a want whose rows may have been resolved before: of these only those are resolved again that
// can have changed.
func (b *Bridge) resolveFor(ctx context.Context, lib *library, want playlists.ID, tracks []playlists.Track, progress Progress) (r resolution, err error) {
	out, same, err := b.standing(ctx, lib, want, tracks)
	if err != nil {
		return r, err
	}
	var open []playlists.Track
	for i := range out {
		if out[i] == nil {
			open = append(open, tracks[i])
		}
	}
	resolved, err := b.resolve(ctx, lib, open, progress)
	if err != nil {
		return r, err
	}
	r.whole, r.same, r.rows = len(open) == len(tracks), same && len(open) == 0, make([]ResolvedRow, len(tracks))
	for i := range out {
		if out[i] == nil {
			out[i], resolved = &resolved[0], resolved[1:]
		}
		r.rows[i] = *out[i]
	}
	return r, nil
}

// standing returns, beside each track, the row that was resolved earlier and holds still; nil when there is none. same:
// the tracks are those that the rows were for. A row is resolved again when
//
//   - it is new, or a person's decision is about it;
//   - its song, or one that was thought of, is gone or changed;
//   - one of the library's new songs comes near to it;
//   - one of these is true of another row of the same album, since the rows of an album are found together.
func (b *Bridge) standing(ctx context.Context, lib *library, want playlists.ID, tracks []playlists.Track) (out []*ResolvedRow, same bool, err error) {
	out = make([]*ResolvedRow, len(tracks))
	since, err := b.sinceLast(ctx, lib, want)
	if !since.known || err != nil {
		return out, false, err
	}
	rows, err := b.Rows(ctx, want)
	if err != nil {
		return nil, false, err
	}
	open := pair(out, tracks, rows)
	if err := b.openChosen(ctx, lib, out, open); err != nil {
		return nil, false, err
	}
	openChanged(out, since, open)
	openNear(out, since.index(), lib.policy, open)
	for i := range out {
		if open[albumOf(tracks[i])] {
			out[i] = nil
		}
	}
	same = slices.EqualFunc(rows, tracks, func(r ResolvedRow, t playlists.Track) bool { return reflect.DeepEqual(r.Track, t) })
	return out, same, nil
}

// sinceLast returns what changed in the library since a want's rows were resolved; not known when that was never, by
// other rules, or too long ago.
func (b *Bridge) sinceLast(ctx context.Context, lib *library, want playlists.ID) (step, error) {
	var rules, generation string
	var resolved int64
	err := b.db.QueryRowContext(ctx, `SELECT rules, generation, resolved FROM subsonic_mirrors WHERE want_id = $1`, want).Scan(&rules, &generation, &resolved)
	if errors.Is(err, sql.ErrNoRows) || err == nil && (rules != lib.rules() || b.now().Sub(playlists.FromMillis(resolved)) > resolveAll) {
		return step{}, nil
	}
	if err != nil {
		return step{}, err
	}
	return b.stepsSince(ctx, lib, generation)
}

// keepBasis keeps by which rules, in which reading and when a want's rows were resolved.
func (b *Bridge) keepBasis(ctx context.Context, tx *sql.Tx, want playlists.ID, lib *library, r resolution) error {
	_, err := tx.ExecContext(ctx, `UPDATE subsonic_mirrors SET rules = $1, generation = $2 WHERE want_id = $3`, lib.rules(), lib.generation, want)
	if err == nil && r.whole {
		_, err = tx.ExecContext(ctx, `UPDATE subsonic_mirrors SET resolved = $1 WHERE want_id = $2`, playlists.Millis(b.now()), want)
	}
	return err
}

// pair sets beside each track the earlier row of the same description, and returns the albums of tracks and rows that
// have no counterpart.
func pair(out []*ResolvedRow, tracks []playlists.Track, rows []ResolvedRow) (open map[string]bool) {
	earlier := map[string][]*ResolvedRow{}
	for i := range rows {
		key := described(rows[i].Track)
		earlier[key] = append(earlier[key], &rows[i])
	}
	open = map[string]bool{}
	for i, t := range tracks {
		key := described(t)
		if left := earlier[key]; len(left) > 0 {
			earlier[key] = left[1:]
			row := *left[0]
			row.Track = t
			out[i] = &row
		} else {
			open[albumOf(t)] = true
		}
	}
	for _, left := range earlier {
		for _, r := range left {
			open[albumOf(r.Track)] = true
		}
	}
	return open
}

// described is equal for tracks that resolve in the same way.
func described(t playlists.Track) string {
	t.Item, t.Note = "", ""
	text, _ := asJSON(t) // plain values always can be encoded
	return text
}

// albumOf names the rows that are resolved together. A track without an album stands alone.
func albumOf(t playlists.Track) string {
	if t.Album == "" {
		return "\x00" + described(t)
	}
	return strings.ToLower(t.Album)
}

// openChosen opens the rows that a person has decided about, and those about which they took a decision back.
func (b *Bridge) openChosen(ctx context.Context, lib *library, rows []*ResolvedRow, open map[string]bool) error {
	chosen, err := b.chosenTracks(ctx, lib.account)
	for _, r := range rows {
		if r != nil && (r.Decided == ByPerson || r.Decided == Lost || chosen.has(r.Track)) {
			open[albumOf(r.Track)] = true
		}
	}
	return err
}

// openChanged opens the rows that lean on a song which is not what it was.
func openChanged(rows []*ResolvedRow, since step, open map[string]bool) {
	for _, r := range rows {
		if r == nil {
			continue
		}
		leans := since.gone[r.Resolution.Song]
		for _, c := range r.Resolution.Candidates {
			leans = leans || since.gone[c.Song]
		}
		if leans {
			open[albumOf(r.Track)] = true
		}
	}
}

// openNear opens the rows to which one of the new songs comes near: those for which a library of just these songs would
// have a candidate, or an artist that the library had nothing by.
func openNear(rows []*ResolvedRow, fresh *match.Index, p match.Policy, open map[string]bool) {
	if fresh == nil {
		return
	}
	var still []*ResolvedRow
	for _, r := range rows {
		if r != nil && !open[albumOf(r.Track)] {
			still = append(still, r)
		}
	}
	tracks := make([]playlists.Track, len(still))
	for i, r := range still {
		tracks[i] = r.Track
	}
	for i, r := range fresh.Resolve(tracks, p) {
		if len(r.Candidates) > 0 || r.Class != match.Missing || says(r, match.Similar) && says(still[i].Resolution, match.Absent) {
			open[albumOf(tracks[i])] = true
		}
	}
}

// says reports whether a resolution found this about the whole library: Absent, nothing by the artist; Similar, the artist
// and not the song.
func says(r match.Resolution, what match.What) bool {
	return slices.Contains(r.Why, match.Reason{Field: "library", What: what})
}
