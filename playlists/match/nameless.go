package match

// A nameless row has no title, no artist and no album: its tags were lost, or written in letters that a program on the way did
// not know. If few songs have its number and its exact length, a person may know which it is.

const (
	maxNameless      = 1000   // songs without a name that are looked at
	maxNamelessSongs = 50_000 // songs of a library in which a number and a length may still tell one
)

// nameless reports whether no field of a row has a word that could be found.
func (r *row) nameless() bool {
	first := &r.readings[0]
	return !first.by.known() && (first.album.key == "" || isDigits(first.album.key)) && first.title.says(r.track) == ""
}

// byPlace finds songs of the same number and length, if either they or the wanted row are nameless.
func (ix *Index) byPlace(w *row, s *scratch) []uint32 {
	found := s.found[:0]
	if w.track.Number <= 0 || w.track.Duration <= 0 || s.pairs.anyToSee() {
		return found
	}
	if w.nameless() {
		if ix.Len() > maxNamelessSongs {
			return found
		}
		for n := range ix.songs {
			found = ix.appendInPlace(found, w, uint32(n))
		}
	} else {
		for _, n := range ix.nameless {
			found = ix.appendInPlace(found, w, n)
		}
	}
	if len(found) > maxCandidates { // none of so many is likely to be it
		return found[:0]
	}
	return found
}

// appendInPlace appends a song if it has the number and the length of the wanted row.
func (ix *Index) appendInPlace(found []uint32, w *row, n uint32) []uint32 {
	h := &ix.songs[n]
	if int(h.number) != w.track.Number || h.length == 0 || abs(int(h.length)-w.track.Duration) > 1 {
		return found
	}
	if year := ix.song(n).Year; year > 0 && w.track.Year > 0 && abs(year-w.track.Year) > 1 {
		return found
	}
	return append(found, n)
}
