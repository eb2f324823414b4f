package playlists

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"regexp"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// laid is an Overlay as it is kept, with what it lies over. Its rows are in the place of Overlay.Rows.
type laid struct {
	Overlay
	rows   []laidRow
	server serverContent
}

// serverContent is what the music server said last. Its rows have the names that they have in versions.
type serverContent struct {
	Name    string
	Summary string
	Tracks  []Track
}

// laidRow is a RowOverlay, with what else helps to find its track when somebody corrects the tags.
type laidRow struct {
	Key     string `json:"key"`
	MBID    string `json:"mbid,omitempty"`
	Note    string `json:"note,omitempty"`
	LeftOut bool   `json:"leftOut,omitempty"`
}

var keyPattern = regexp.MustCompile(`^[0-9a-f]{20}$`)

// key says what a track is, by what people read. Ids are left out: a file gets them, and others, when it is tagged anew.
func (t Track) key() string {
	text := norm.NFKC.String(strings.ToLower(t.Artist + "\x00" + t.Title + "\x00" + t.Album))
	sum := sha256.Sum256([]byte(strings.Join(strings.Fields(text), " ")))
	return hex.EncodeToString(sum[:10])
}

// rowsBy returns what finds the row that lies over a track of the server's. A row whose own track is gone is found by
// the recording's id.
func (l laid) rowsBy() func(Track) laidRow {
	byKey, byMBID := make(map[string]laidRow, len(l.rows)), map[string]laidRow{}
	for _, r := range l.rows {
		byKey[r.Key] = r
	}
	present := l.server.keys()
	for _, r := range l.rows {
		if _, ok := present[r.Key]; !ok && r.MBID != "" {
			byMBID[r.MBID] = r
		}
	}
	return func(t Track) laidRow {
		if r, ok := byKey[t.key()]; ok {
			return r
		}
		return byMBID[t.MBID]
	}
}

// keys returns the keys of all tracks, each with the id of its recording where that is known.
func (c serverContent) keys() map[string]string {
	keys := make(map[string]string, len(c.Tracks))
	for _, t := range c.Tracks {
		if k := t.key(); keys[k] == "" {
			keys[k] = t.MBID
		}
	}
	return keys
}

// edited returns the rows that next makes of those of l, without those that say nothing. Of two that speak of one track,
// as a form with two copies of it has them, the one that says something new counts.
func (l laid) edited(next []RowOverlay) []laidRow {
	present := l.server.keys()
	was := map[string]RowOverlay{}
	of := l.rowsBy()
	for _, t := range l.server.Tracks {
		r := of(t)
		was[t.key()] = RowOverlay{Key: t.key(), Note: r.Note, LeftOut: r.LeftOut}
	}
	said := map[string]RowOverlay{}
	for _, r := range next {
		if old, ok := said[r.Key]; !ok || r != was[r.Key] || old == was[r.Key] {
			said[r.Key] = r
		}
	}
	var rows []laidRow
	keep := func(r laidRow) {
		if (r.Note != "" || r.LeftOut) && len(rows) < MaxTracks {
			rows = append(rows, r)
		}
	}
	for _, r := range next {
		if r, ok := said[r.Key]; ok {
			delete(said, r.Key)
			keep(laidRow{r.Key, present[r.Key], r.Note, r.LeftOut})
		}
	}
	for _, r := range l.absent(present, next) {
		keep(r)
	}
	return rows
}

// absent returns the rows of l whose tracks the server does not have, and that next does not speak of.
func (l laid) absent(present map[string]string, next []RowOverlay) (rows []laidRow) {
	spoken := make(map[string]bool, len(next))
	for _, r := range next {
		spoken[r.Key] = true
	}
	recordings := make(map[string]bool, len(l.server.Tracks))
	for _, t := range l.server.Tracks {
		recordings[t.MBID] = true
	}
	for _, r := range l.rows {
		if _, here := present[r.Key]; !here && !spoken[r.Key] && (r.MBID == "" || !recordings[r.MBID]) {
			rows = append(rows, r)
		}
	}
	return rows
}

// laidOver returns p, a version, with what the server says and what is laid over that.
func (l laid) laidOver(p Playlist) Playlist {
	p.Name, p.Summary, p.Language = l.server.Name, l.server.Summary, l.Language
	if l.Title != "" {
		p.Name = l.Title
	}
	if l.Liner != "" {
		p.Summary = l.Liner
	}
	of := l.rowsBy()
	p.Tracks = make([]Track, 0, len(l.server.Tracks))
	for _, t := range l.server.Tracks {
		r := of(t)
		if r.LeftOut {
			continue
		}
		t.Note = r.Note
		p.Tracks = append(p.Tracks, t)
	}
	return p
}

// underOverlay keeps p as what the music server says, and returns the version that it makes with what is laid over it.
func underOverlay(ctx context.Context, tx *sql.Tx, id ID, p Playlist) (Playlist, error) {
	l, err := readLaid(ctx, tx, id)
	if errors.Is(err, sql.ErrNoRows) {
		return p, nil
	}
	if err != nil {
		return p, err
	}
	nameItems(l.server.Tracks, p.Tracks)
	l.server = serverContent{p.Name, p.Summary, p.Tracks}
	return l.laidOver(p), l.keep(ctx, tx, id)
}

// readLaid returns sql.ErrNoRows when nothing lies over the playlist.
func readLaid(ctx context.Context, q Querier, id ID) (l laid, err error) {
	var rows, tracks string
	err = q.QueryRowContext(ctx, `SELECT title, liner, language, row_edits, server_name, server_summary, server_tracks FROM overlays WHERE playlist_id = $1`, id).
		Scan(&l.Title, &l.Liner, &l.Language, &rows, &l.server.Name, &l.server.Summary, &tracks)
	if err != nil {
		return l, err
	}
	return l, errors.Join(json.Unmarshal([]byte(rows), &l.rows), json.Unmarshal([]byte(tracks), &l.server.Tracks))
}

// keep keeps l, or nothing when it changes nothing.
func (l laid) keep(ctx context.Context, tx *sql.Tx, id ID) error {
	if l.Title == "" && l.Liner == "" && l.Language == "" && len(l.rows) == 0 {
		_, err := tx.ExecContext(ctx, `DELETE FROM overlays WHERE playlist_id = $1`, id)
		return err
	}
	rows, err := json.Marshal(l.rows)
	if err != nil {
		return err
	}
	tracks, err := json.Marshal(l.server.Tracks)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO overlays (playlist_id, title, liner, language, row_edits, server_name, server_summary, server_tracks)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (playlist_id) DO UPDATE SET title = excluded.title, liner = excluded.liner,
		language = excluded.language, row_edits = excluded.row_edits, server_name = excluded.server_name, server_summary = excluded.server_summary,
		server_tracks = excluded.server_tracks`, id, l.Title, l.Liner, l.Language, string(rows), l.server.Name, l.server.Summary, string(tracks))
	return err
}
