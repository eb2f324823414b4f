package match

import (
	"slices"
	"strings"

	"github.com/songferry/songferry/playlists"
)

// pair is a wanted row compared with one song.
type pair struct {
	song uint32
	s    *Song
	w, f *reading // of the wanted row and of the file
	evidence
	gates gates
	score int // of 1000
	class Class
}

// evidence is what the fields of two rows say about each other. Unknown speaks neither for nor against.
type evidence struct {
	sameID, otherID     bool // recording ids: equal; both there and different
	sameISRC, otherISRC bool
	title               float64 // likeness
	titleSame           bool
	titleNote           string // what was left out of the comparison so that the titles were the same
	words               alignment
	lossy               bool // one of the titles lost the letters that ASCII does not have
	version             agreement
	versionKind         kind // the first that differs
	versionWanted       bool // the wanted row has it
	vague               bool // one row says which live take or edit, the other does not
	artistInTitle       bool // one row has it only there
	artist              float64
	artistKnown         bool
	artistSame          bool
	artistSlip          slip
	album               float64
	albumKnown          bool
	delta               int // seconds the file is longer
	durationKnown       bool
	nameless            bool      // one of the rows says nothing but its number and length
	untitled            bool      // one of the rows has no title to compare
	generic             bool      // a title that many recordings have
	number              agreement // of the tracks on their albums; agrees only if both are known
}

type pairs []pair

func (ps pairs) has(song uint32) bool {
	return slices.ContainsFunc(ps, func(p pair) bool { return p.song == song })
}

// anyToSee reports whether any of them is more than missing.
func (ps pairs) anyToSee() bool {
	return slices.ContainsFunc(ps, func(p pair) bool { return p.class != Missing })
}

func (ps pairs) anyExact() bool {
	return slices.ContainsFunc(ps, func(p pair) bool { return p.class == Exact })
}

// compare compares every reading of the wanted row with every reading of a song and keeps the best.
func (ix *Index) compare(song uint32, policy Policy, s *scratch) pair {
	w := &s.wanted
	file, readings := s.file(ix, song)
	nameless := w.nameless() || (&row{track: &file.Track, readings: readings}).nameless()
	var best pair
	for i := range w.readings {
		for j := range readings {
			p := pair{song: song, s: file, w: &w.readings[i], f: &readings[j]}
			p.evidence = ix.evidence(w.track, p.s, p.w, p.f)
			p.nameless = nameless
			p.judge(policy)
			if best.s == nil || p.better(&best) {
				best = p
			}
		}
	}
	return best
}

func (p *pair) better(q *pair) bool {
	if a, b := classRank(p.class), classRank(q.class); a != b {
		return a < b
	}
	return p.score > q.score
}

func classRank(c Class) int { return slices.Index([]Class{Exact, Likely, Review, Missing}, c) }

func (ix *Index) evidence(t *playlists.Track, s *Song, w, f *reading) evidence {
	var e evidence
	e.ids(t, &s.Track)
	if t.Duration > 0 && s.Duration > 0 {
		e.durationKnown, e.delta = true, s.Duration-t.Duration
	}
	e.compareAlbums(ix, t, &s.Track, &w.album, &f.album)
	e.compareTitles(ix, w, f)
	e.compareArtists(ix, &w.by, &f.by)
	e.compareVersions(w, f)
	e.generic = isGeneric(w.title.words)
	e.untitled = !e.titleSame && (w.title.says(t) == "" || f.title.says(&s.Track) == "")
	e.number = trackNumbers(t, &s.Track)
	return e
}

func trackNumbers(a, b *playlists.Track) agreement {
	switch {
	case a.Number == 0 || b.Number == 0:
		return oneSided
	case a.Number != b.Number, a.Disc > 0 && b.Disc > 0 && a.Disc != b.Disc:
		return differs
	}
	return agrees
}

func (e *evidence) ids(t, s *playlists.Track) {
	if t.MBID != "" && s.MBID != "" {
		e.sameID = strings.EqualFold(t.MBID, s.MBID)
		e.otherID = !e.sameID
	}
	for _, a := range t.ISRC {
		for _, b := range s.ISRC {
			e.sameISRC = e.sameISRC || plainISRC(a) == plainISRC(b)
		}
	}
	e.otherISRC = len(t.ISRC) > 0 && len(s.ISRC) > 0 && !e.sameISRC
}

func (e *evidence) compareAlbums(ix *Index, t, s *playlists.Track, w, f *album) {
	if t.AlbumID != "" && strings.EqualFold(t.AlbumID, s.AlbumID) {
		e.albumKnown, e.album = true, 1
		return
	}
	if w.key == "" || f.key == "" {
		return
	}
	e.albumKnown = true
	if w.key == f.key {
		e.album = 1
		return
	}
	a := ix.align(w.words, f.words)
	e.album = a.likeness
	if a.numbers == differs || a.version != "" || !slices.Equal(w.takes, f.takes) {
		e.album = min(e.album, 0.5) // another volume, or the live album of that name
	}
}
