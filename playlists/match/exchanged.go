package match

import "github.com/songferry/songferry/playlists"

// exchanged looks for a row whose title and artist stand in each other's place, as in playlists made from names of files.
// It counts only when the library has nothing by the artist as given, and the text agrees letter by letter the other way
// round.
func (ix *Index) exchanged(t *playlists.Track, p Policy, s *scratch) (Resolution, bool) {
	if t.Title == "" || t.Artist == "" || ix.hasArtist(&s.wanted) {
		return Resolution{}, false
	}
	other := *t
	other.Title, other.Artist, other.Artists, other.AlbumBy = t.Artist, t.Title, nil, ""
	s.reader.read(&other, &s.wanted)
	s.pairs, s.filesUsed = s.pairs[:0], 0
	for _, n := range ix.byKey(&s.wanted, s) {
		s.pairs = append(s.pairs, ix.compare(n, p, s))
	}
	if !s.pairs.anyExact() {
		return Resolution{}, false
	}
	r := ix.choose(&s.wanted, s.pairs)
	if r.Class == Exact {
		r.Class = Likely
	}
	r.Why = append([]Reason{{Field: "order", What: Differs}}, r.Why...)
	return r, true
}
