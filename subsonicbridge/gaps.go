package subsonicbridge

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/match"
	"github.com/songferry/songferry/playlists/missing"
)

// maxGaps bounds the rows that are read for a list of what is missing.
const maxGaps = 50_000

// Gaps are what an account's copies lack, as they were last resolved.
type Gaps struct {
	Rows   []missing.Row
	Copies int  // that were looked at
	Unread int  // copies that were not resolved yet
	Cut    bool // there are more rows, of the copies that were asked for longest ago
}

// Gaps returns the rows without a song of an account's copies, newest copy first; of those of some wants only when only
// names any. A copy that is over, or that the person deleted, lacks nothing.
func (b *Bridge) Gaps(ctx context.Context, account playlists.ID, only ...playlists.ID) (Gaps, error) {
	wants, err := b.store.AccountWants(ctx, account)
	if err != nil {
		return Gaps{}, err
	}
	copies, err := b.copies(ctx, account)
	if err != nil {
		return Gaps{}, err
	}
	var out Gaps
	for _, w := range wants {
		c := copies[w.ID]
		switch {
		case !w.Ended.IsZero() || c.state == Deleted || c.state == Unlinked || len(only) > 0 && !slices.Contains(only, w.ID):
		case w.Total == 0 && (c.state == Fresh || c.state == Waiting):
			out.Unread++
		default:
			out.Copies++
			if err := b.addGaps(ctx, &out, w, c.name); err != nil {
				return Gaps{}, err
			}
		}
	}
	return out, nil
}

// addGaps adds the rows of one want, as far as there is room. name is the list's, "" when there is none.
func (b *Bridge) addGaps(ctx context.Context, g *Gaps, w playlists.Want, name string) error {
	room := maxGaps - len(g.Rows)
	rows, err := playlists.Collect(ctx, b.db, scanGap, `SELECT track, decided_by, class, why FROM subsonic_resolutions
		WHERE want_id = $1 AND class IN ($2, $3) ORDER BY place LIMIT $4`, w.ID, match.Missing, match.Review, room+1)
	if err != nil || len(rows) == 0 {
		return err
	}
	if len(rows) > room {
		rows, g.Cut = rows[:room], true
	}
	if name == "" { // nothing was found, so there is no list
		p, err := b.store.Get(ctx, w.Playlist)
		if err != nil {
			return err
		}
		name = p.Name
	}
	for i := range rows {
		rows[i].Playlist = missing.Playlist{ID: w.Playlist, Name: name}
	}
	g.Rows = append(g.Rows, rows...)
	return nil
}

func scanGap(row playlists.Scanner) (m missing.Row, err error) {
	var track, why []byte
	var by Decider
	var r match.Resolution
	if err := row.Scan(&track, &by, &r.Class, &why); err != nil {
		return missing.Row{}, err
	}
	if err := json.Unmarshal(track, &m.Track); err != nil {
		return missing.Row{}, err
	}
	if err := json.Unmarshal(why, &r.Why); err != nil {
		return missing.Row{}, err
	}
	m.Check = r.Class == match.Review
	switch by {
	case ByPerson:
		m.Why.Kind = missing.Declined
	case Lost:
		m.Why.Kind = missing.Lost
	default:
		m.Why = missing.ReasonFor(m.Track, r)
	}
	return m, nil
}

// copied is what a list of what is missing says of a copy.
type copied struct {
	want  playlists.ID
	name  string // of the list on the server, "" when there is none
	state State
}

// copies returns the copies of an account by their wants.
func (b *Bridge) copies(ctx context.Context, account playlists.ID) (map[playlists.ID]copied, error) {
	rows, err := playlists.Collect(ctx, b.db, func(row playlists.Scanner) (c copied, err error) {
		err = row.Scan(&c.want, &c.name, &c.state)
		return c, err
	}, `SELECT want_id, name, state FROM subsonic_mirrors WHERE account_id = $1`, account)
	out := make(map[playlists.ID]copied, len(rows))
	for _, c := range rows {
		out[c.want] = c
	}
	return out, err
}
