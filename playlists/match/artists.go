package match

import (
	"maps"
	"slices"
)

// artistSet is the artists of a library, as sorted hashes of their keys.
type artistSet []uint64

func newArtistSet(hashes map[uint64]struct{}) artistSet {
	s := slices.AppendSeq(make(artistSet, 0, len(hashes)), maps.Keys(hashes))
	slices.Sort(s)
	return s
}

// hasArtist reports whether the library names a first artist of the wanted row, with any song and in any role.
func (ix *Index) hasArtist(w *row) bool {
	for i := range w.readings {
		for _, by := range w.readings[i].by.names {
			if _, found := slices.BinarySearch(ix.artists, ix.hash(by.key)); found && by.first {
				return true
			}
		}
	}
	return false
}
