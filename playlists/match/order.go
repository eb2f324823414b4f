package match

import (
	"cmp"
	"slices"
	"strings"
)

// sort puts the songs in the order of their ids, so that the same library gives the same answers however the server lists
// it. It returns the numbers that they have now, in the order of arrival.
func (b *Builder) sort() []uint32 {
	ix := b.ix
	type place struct {
		prefix  uint64 // of the id, after what all ids begin with
		arrival uint32
	}
	places := make([]place, 0, b.heads.len())
	var id []byte
	for h := range b.heads.all() {
		id = ix.appendIDOf(id[:0], *h)
		places = append(places, place{prefixOf(id[len(b.sharedID):]), uint32(len(places))})
	}
	slices.SortFunc(places, func(x, y place) int {
		if x.prefix != y.prefix {
			return cmp.Compare(x.prefix, y.prefix)
		}
		return cmp.Or(cmp.Compare(ix.id(*b.heads.at(int(x.arrival))), ix.id(*b.heads.at(int(y.arrival)))), cmp.Compare(x.arrival, y.arrival))
	})
	numbers := make([]uint32, len(places))
	ix.songs = make([]head, len(places))
	for n, p := range places {
		numbers[p.arrival], ix.songs[n] = uint32(n), *b.heads.at(int(p.arrival))
	}
	b.heads = pieces[head]{}
	return numbers
}

// shareID keeps what this id has in common with those before, at their beginning.
func (b *Builder) shareID(id string) {
	if b.heads.len() == 1 {
		b.sharedID = strings.Clone(id)
	}
	for !strings.HasPrefix(id, b.sharedID) {
		b.sharedID = b.sharedID[:len(b.sharedID)-1]
	}
}

// prefixOf returns the first eight bytes of s as a number that sorts as they do.
func prefixOf(s []byte) (p uint64) {
	for i := range 8 {
		p <<= 8
		if i < len(s) {
			p |= uint64(s[i])
		}
	}
	return p
}
