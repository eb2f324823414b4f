package match

import "slices"

// artistSet is the artists of a library, as sorted hashes of their keys.
type artistSet []uint64

// newArtistSet takes the hashes in any order, several times the same.
func newArtistSet(hashes []uint64) artistSet {
	slices.Sort(hashes)
	return slices.Clone(slices.Compact(hashes))
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
