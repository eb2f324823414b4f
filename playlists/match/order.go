package match

import (
	"cmp"
	"slices"
)

// sort puts the songs in the order of their ids, so that the same library gives the same answers however the server lists
// it. It returns the numbers that they have now, in the order of arrival.
func (b *Builder) sort() []uint32 {
	ix := b.ix
	type place struct {
		prefix  uint64 // of the id, after what all ids begin with
		arrival uint32
	}
	places := make([]place, len(ix.songs))
	common := ix.commonPrefix()
	for n, h := range ix.songs {
		places[n] = place{prefixOf(ix.id(h)[common:]), uint32(n)}
	}
	slices.SortFunc(places, func(x, y place) int {
		if x.prefix != y.prefix {
			return cmp.Compare(x.prefix, y.prefix)
		}
		return cmp.Or(cmp.Compare(ix.id(ix.songs[x.arrival]), ix.id(ix.songs[y.arrival])), cmp.Compare(x.arrival, y.arrival))
	})
	numbers, songs := make([]uint32, len(places)), make([]head, len(places))
	for n, p := range places {
		numbers[p.arrival], songs[n] = uint32(n), ix.songs[p.arrival]
	}
	ix.songs = songs
	return numbers
}

// commonPrefix returns how many bytes all ids have in common at their beginning.
func (ix *Index) commonPrefix() int {
	if len(ix.songs) == 0 {
		return 0
	}
	first := ix.id(ix.songs[0])
	common := len(first)
	for _, h := range ix.songs {
		if common == 0 {
			return 0
		}
		id := ix.id(h)
		common = min(common, len(id))
		for common > 0 && id[:common] != first[:common] {
			common--
		}
	}
	return common
}

// prefixOf returns the first eight bytes of s as a number that sorts as they do.
func prefixOf(s string) (p uint64) {
	for i := range 8 {
		p <<= 8
		if i < len(s) {
			p |= uint64(s[i])
		}
	}
	return p
}
