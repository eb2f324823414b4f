package missing

import (
	"cmp"
	"slices"
	"strings"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/match"
)

// Group makes a list of rows. The order of the rows does not matter.
func Group(rows []Row) List {
	wishes := make([]wish, len(rows))
	for i, r := range rows {
		wishes[i] = wish{r, match.Identify(r.Track)}
	}
	slices.SortFunc(wishes, compareWishes)
	var get, check shelf
	for len(wishes) > 0 {
		n := sameRecording(wishes)
		t, album, unsure := gather(wishes[:n])
		wishes = wishes[n:]
		if unsure {
			check.add(t, album)
		} else {
			get.add(t, album)
		}
	}
	return List{Get: get.sorted(), Check: check.sorted()}
}

// wish is a row and what its text says it is.
type wish struct {
	Row
	match.Identity
}

// compareWishes brings the rows of a recording together, those first that say most.
func compareWishes(a, b wish) int {
	return cmp.Or(
		cmp.Compare(a.Recording, b.Recording),
		cmp.Compare(b.Track.MBID, a.Track.MBID),
		cmp.Compare(len(b.Track.ISRC), len(a.Track.ISRC)),
		cmp.Compare(a.Album, b.Album),
		cmp.Compare(a.Track.Artist, b.Track.Artist),
		cmp.Compare(a.Track.Title, b.Track.Title),
		cmp.Compare(a.Playlist.ID, b.Playlist.ID),
		cmp.Compare(a.Track.Item, b.Track.Item),
	)
}

// sameRecording counts the rows at the start that are one recording.
func sameRecording(ws []wish) int {
	if ws[0].Recording == "" {
		return 1
	}
	n := slices.IndexFunc(ws, func(w wish) bool { return w.Recording != ws[0].Recording })
	if n < 0 {
		return len(ws)
	}
	return n
}

// gather makes one track of the rows of a recording, and returns the key of the album that it stands under. check: a song
// comes near to one of the rows.
func gather(ws []wish) (t Track, album string, check bool) {
	album = likeliestAlbum(ws)
	t.Track = ws[slices.IndexFunc(ws, func(w wish) bool { return w.Album == album })].Track
	if album == "" {
		t.Album = "" // "Unknown Album"
	}
	nearest := ws[0].Row
	for _, w := range ws {
		t.MBID = cmp.Or(t.MBID, w.Track.MBID)
		if len(t.ISRC) == 0 {
			t.ISRC = w.Track.ISRC
		}
		if w.nearer(nearest) {
			nearest = w.Row
		}
		t.Playlists = append(t.Playlists, w.Playlist)
	}
	t.Playlists = distinct(t.Playlists)
	t.Why = nearest.Why
	return t, album, nearest.Check
}

// nearer reports whether r knows of something nearer to the track than other.
func (r Row) nearer(other Row) bool {
	if r.Check != other.Check {
		return r.Check
	}
	return r.Why.rank() > other.Why.rank()
}

// likeliestAlbum is the album that most rows name, "" only when none names one.
func likeliestAlbum(ws []wish) string {
	votes := map[string]int{}
	best := ""
	for _, w := range ws {
		votes[w.Album]++
	}
	for key, n := range votes {
		if key != "" && (best == "" || n > votes[best] || n == votes[best] && key < best) {
			best = key
		}
	}
	return best
}

// shelf collects albums. The zero value is empty.
type shelf struct {
	albums []Album
	places map[string]int // by the album's key
}

// add puts a track under its album; each one without an album stands alone.
func (s *shelf) add(t Track, key string) {
	i, known := s.places[key]
	if known && key != "" {
		s.albums[i].Tracks = append(s.albums[i].Tracks, t)
		return
	}
	if s.places == nil {
		s.places = map[string]int{}
	}
	s.places[key] = len(s.albums)
	s.albums = append(s.albums, Album{Tracks: []Track{t}})
}

func (s *shelf) sorted() []Album {
	for i := range s.albums {
		s.albums[i].finish()
	}
	slices.SortStableFunc(s.albums, func(a, b Album) int {
		return cmp.Or(
			cmp.Compare(len(b.Playlists), len(a.Playlists)),
			cmp.Compare(len(b.Tracks), len(a.Tracks)),
			cmp.Compare(strings.ToLower(a.Artist), strings.ToLower(b.Artist)),
			cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)),
		)
	})
	return s.albums
}

// finish puts the tracks in order, and sets what is said of the album from what they say.
func (a *Album) finish() {
	slices.SortStableFunc(a.Tracks, func(x, y Track) int {
		return cmp.Or(
			cmp.Compare(place(x.Track), place(y.Track)),
			cmp.Compare(len(y.Playlists), len(x.Playlists)),
			byValue(x.Title, y.Title),
			cmp.Compare(x.Title, y.Title),
		)
	})
	for _, t := range a.Tracks {
		a.Name, a.Artist = cmp.Or(a.Name, t.Album), cmp.Or(a.Artist, t.AlbumBy)
		a.Release = cmp.Or(a.Release, t.AlbumID)
		a.Playlists = append(a.Playlists, t.Playlists...)
	}
	a.Artist = cmp.Or(a.Artist, a.Tracks[0].Artist)
	a.Playlists = distinct(a.Playlists)
}

// place is where a track stands on its album; those whose place is unknown come last.
func place(t playlists.Track) int64 {
	if t.Number == 0 {
		return 1 << 62
	}
	return int64(t.Disc)<<32 + int64(t.Number)
}

// byValue compares texts, the numbers in them by their value: "Song 4" stands before "Song 10".
func byValue(a, b string) int {
	for a != "" && b != "" {
		m, n := digits(a), digits(b)
		if m == 0 || n == 0 {
			if a[0] != b[0] {
				return cmp.Compare(a[0], b[0])
			}
			a, b = a[1:], b[1:]
			continue
		}
		x, y := strings.TrimLeft(a[:m], "0"), strings.TrimLeft(b[:n], "0")
		if c := cmp.Or(cmp.Compare(len(x), len(y)), cmp.Compare(x, y)); c != 0 {
			return c
		}
		a, b = a[m:], b[n:]
	}
	return cmp.Compare(len(a), len(b))
}

// digits counts the digits that a text begins with.
func digits(s string) int { return len(s) - len(strings.TrimLeft(s, "0123456789")) }

// distinct returns each playlist once, in the order of their names.
func distinct(ps []Playlist) []Playlist {
	slices.SortFunc(ps, func(a, b Playlist) int { return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Name, b.Name)) })
	ps = slices.CompactFunc(ps, func(a, b Playlist) bool { return a.ID == b.ID })
	slices.SortStableFunc(ps, func(a, b Playlist) int { return cmp.Compare(a.Name, b.Name) })
	return ps
}
