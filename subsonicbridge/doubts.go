package subsonicbridge

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/match"
)

const (
	maxReview = 20_000 // rows of one look at what is to review
	maxFound  = 20     // songs of one search
)

// ReviewRow is a track that an account wants, what stands for it, and what else could.
type ReviewRow struct {
	Key        string // names the track to Choose and Unchoose
	Track      playlists.Track
	Decided    Decider
	Class      match.Class
	Song       *Song // that stands for it; nil when none does
	Why        []match.Reason
	Candidates []ReviewCandidate // at most five, best first
	Playlists  []string          // the names of those that want it
}

// ReviewCandidate is a file of the library that came near.
type ReviewCandidate struct {
	Song  Song
	Score float64
	Why   []match.Reason
}

// Review returns the tracks of an account's playlists that a person should look at, each once, in the playlists' order;
// all tracks when all is set, so that any can be corrected. want limits it to one playlist; "" means all.
func (b *Bridge) Review(ctx context.Context, account, want playlists.ID, all bool) ([]ReviewRow, error) {
	classes := string(match.Review)
	if all {
		classes = "%"
	}
	rows, err := b.review(ctx, account, want, classes, "%")
	if err != nil || all {
		return rows, err
	}
	return slices.DeleteFunc(rows, func(r ReviewRow) bool { return r.Class != match.Review }), nil
}

// ReviewTrack returns the tracks of an account's playlists whose keys begin so.
func (b *Bridge) ReviewTrack(ctx context.Context, account playlists.ID, key string) ([]ReviewRow, error) {
	if strings.ContainsFunc(key, func(r rune) bool { return !strings.ContainsRune("0123456789abcdef", r) }) {
		return nil, nil
	}
	return b.review(ctx, account, "", "%", key+"%")
}

func (b *Bridge) review(ctx context.Context, account, want playlists.ID, classes, keys string) ([]ReviewRow, error) {
	type located struct {
		key, list string
		source    playlists.ID
		row       ResolvedRow
	}
	found, err := playlists.Collect(ctx, b.db, func(row playlists.Scanner) (l located, err error) {
		l.row, err = scanResolved(withMore{row, []any{&l.key, &l.list, &l.source}})
		return l, err
	}, `SELECT `+resolvedColumns+`, r.track_key, m.name, m.playlist_id FROM subsonic_resolutions r JOIN subsonic_mirrors m ON m.want_id = r.want_id
		WHERE m.account_id = $1 AND m.state <> $2 AND ($3 = '' OR m.want_id = $3) AND r.class LIKE $4
		AND r.track_key <> '' AND r.track_key LIKE $5 ORDER BY m.want_id, r.place LIMIT $6`, account, Unlinked, want, classes, keys, maxReview)
	if err != nil {
		return nil, err
	}
	out, at, names := []ReviewRow{}, map[string]int{}, map[playlists.ID]string{}
	for _, l := range found {
		if l.list == "" { // there is no list yet
			if l.list, err = b.sourceName(ctx, l.source, names); err != nil {
				return nil, err
			}
		}
		i, known := at[l.key]
		if !known {
			i, at[l.key] = len(out), len(out)
			out = append(out, reviewRow(l.key, l.row))
		}
		if list := &out[i].Playlists; len(*list) == 0 || (*list)[len(*list)-1] != l.list {
			*list = append(*list, l.list)
		}
	}
	if err := b.followChoices(ctx, account, out); err != nil {
		return nil, err
	}
	return out, b.describeSongs(ctx, account, out)
}

// followChoices makes rows say what the person has decided since they were resolved: the lists follow later. A song that
// is not in the library as it was decided about is left to the resolver.
func (b *Bridge) followChoices(ctx context.Context, account playlists.ID, rows []ReviewRow) error {
	about, err := b.chosenAbout(ctx, account)
	if err != nil || len(about) == 0 {
		return err
	}
	made, songs := map[int]choice{}, []string(nil)
	for i, r := range rows {
		if !about[titleKey(r.Track)] && !about[r.Track.MBID] {
			continue
		}
		c, ok, err := choiceFor(ctx, b.db, account, r.Track)
		if err != nil {
			return err
		}
		if ok {
			made[i], songs = c, append(songs, c.songID)
		}
	}
	known, err := b.songsByID(ctx, account, songs)
	if err != nil {
		return err
	}
	for i, c := range made {
		if song, ok := known[c.songID]; ok && fingerprint(song.Track) == c.songKey {
			rows[i].Decided, rows[i].Class, rows[i].Song = ByPerson, match.Exact, &Song{ID: c.songID}
		} else if c.none {
			rows[i].Decided, rows[i].Class, rows[i].Song = ByPerson, match.Missing, nil
		}
	}
	return nil
}

// chosenAbout are the titles and recordings that an account's decisions are about.
func (b *Bridge) chosenAbout(ctx context.Context, account playlists.ID) (map[string]bool, error) {
	keys, err := playlists.Texts(ctx, b.db, `SELECT title_key FROM subsonic_choices WHERE account_id = $1
		UNION SELECT mbid FROM subsonic_choices WHERE account_id = $1 AND mbid <> ''`, account)
	about := make(map[string]bool, len(keys))
	for _, key := range keys {
		about[key] = key != ""
	}
	return about, err
}

// sourceName returns the name of a playlist, and keeps it in known.
func (b *Bridge) sourceName(ctx context.Context, id playlists.ID, known map[playlists.ID]string) (string, error) {
	if name, ok := known[id]; ok {
		return name, nil
	}
	p, err := b.store.Get(ctx, id)
	if err == nil {
		known[id] = p.Name
	}
	return p.Name, err
}

// withMore scans a row that has further columns behind those that Scan asks for.
type withMore struct {
	playlists.Scanner
	more []any
}

func (w withMore) Scan(into ...any) error { return w.Scanner.Scan(append(into, w.more...)...) }

func reviewRow(key string, r ResolvedRow) ReviewRow {
	out := ReviewRow{Key: key, Track: r.Track, Decided: r.Decided, Class: r.Resolution.Class, Why: r.Resolution.Why}
	if r.Resolution.Song != "" {
		out.Song = &Song{ID: r.Resolution.Song}
	}
	for _, c := range r.Resolution.Candidates {
		out.Candidates = append(out.Candidates, ReviewCandidate{Song: Song{ID: c.Song}, Score: c.Score, Why: c.Why})
	}
	return out
}

// describeSongs fills in what the library says of the songs in rows, and leaves out candidates that it lost.
func (b *Bridge) describeSongs(ctx context.Context, account playlists.ID, rows []ReviewRow) error {
	var ids []string
	for _, r := range rows {
		if r.Song != nil {
			ids = append(ids, r.Song.ID)
		}
		for _, c := range r.Candidates {
			ids = append(ids, c.Song.ID)
		}
	}
	known, err := b.songsByID(ctx, account, ids)
	if err != nil {
		return err
	}
	for i := range rows {
		r := &rows[i]
		if r.Song != nil {
			r.Song.Track = known[r.Song.ID].Track
		}
		still := r.Candidates[:0]
		for _, c := range r.Candidates {
			if song, ok := known[c.Song.ID]; ok {
				c.Song = song
				still = append(still, c)
			}
		}
		r.Candidates = still
	}
	return nil
}

// songsByID returns songs of the newest reading of an account's library.
func (b *Bridge) songsByID(ctx context.Context, account playlists.ID, ids []string) (map[string]Song, error) {
	out := map[string]Song{}
	for len(ids) > 0 {
		n := min(len(ids), playlists.MaxIn)
		args := []any{account}
		for _, id := range ids[:n] {
			args = append(args, id)
		}
		ids = ids[n:]
		songs, err := playlists.Collect(ctx, b.db, scanSong, `SELECT s.song_id, s.track FROM subsonic_songs s JOIN subsonic_libraries l
			ON l.account_id = s.account_id AND l.generation = s.generation WHERE s.account_id = $1 AND s.song_id IN (`+playlists.Placeholders(2, n)+`)`, args...)
		if err != nil {
			return nil, err
		}
		for _, s := range songs {
			out[s.ID] = s
		}
	}
	return out, nil
}

// FindSongs asks the account's music server for songs, for a person who misses the right one among the candidates.
func (b *Bridge) FindSongs(ctx context.Context, account playlists.ID, text string) ([]Song, error) {
	conn, err := b.connect(ctx, account)
	if err != nil {
		return nil, err
	}
	a, err := conn.client.read(ctx, "search3", url.Values{"query": {text}, "songCount": {strconv.Itoa(maxFound)}, "artistCount": {"0"}, "albumCount": {"0"}}, pageBytes)
	if err != nil {
		return nil, err
	}
	found := songs(a.Search.value.Song)
	return found[:min(len(found), maxFound)], nil
}
