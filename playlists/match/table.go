package match

import (
	"math/bits"
	"slices"
)

// table maps 64-bit hashes to numbers, several per hash, in nine bytes an entry. It is built once. Two hashes that
// agree in their upper bits and in their lower half are taken for one, so what is found must be checked or be harmless.
type table struct {
	shift  int
	starts []uint32 // per bucket: where it begins; one more at the end
	tags   []uint32 // lower half of the hash
	values []uint32
}

// newTable makes a table of the entries that each calls its argument with. It is preceded by a call of count, for which their
// order does not matter, so that they need not be held in memory. Numbers of one hash keep the order in which they come.
func newTable(n int, count func(func(hash uint64)), each func(func(hash uint64, value uint32))) table {
	size := bits.Len(uint(n / 4)) // about four entries a bucket
	t := table{shift: 64 - size, starts: make([]uint32, 1<<size+1), tags: make([]uint32, n), values: make([]uint32, n)}
	count(func(hash uint64) { t.starts[t.bucket(hash)+1]++ })
	for i := range len(t.starts) - 1 {
		t.starts[i+1] += t.starts[i]
	}
	each(func(hash uint64, value uint32) { // a bucket's start moves to its end while it is filled
		at := &t.starts[t.bucket(hash)]
		t.tags[*at], t.values[*at] = uint32(hash), value
		*at++
	})
	copy(t.starts[1:], t.starts)
	t.starts[0] = 0
	return t
}

func (t *table) bucket(hash uint64) uint64 { return hash >> t.shift } // a shift of 64 gives 0

// find appends the numbers of hash to out.
func (t *table) find(hash uint64, out []uint32) []uint32 {
	if len(t.tags) == 0 {
		return out
	}
	b := t.bucket(hash)
	for i := t.starts[b]; i < t.starts[b+1]; i++ {
		if t.tags[i] == uint32(hash) {
			out = append(out, t.values[i])
		}
	}
	return out
}

// lists are many short lists of numbers in one piece.
type lists struct {
	starts []uint32
	items  []uint32
}

func (l *lists) of(n uint32) []uint32 { return l.items[l.starts[n]:l.starts[n+1]] }

// newLists makes a list of each of the given lengths. each calls its argument with every item and its list. Within a list items
// keep the order in which they come.
func newLists(lengths []uint32, each func(func(list, item uint32))) lists {
	l := lists{starts: make([]uint32, len(lengths)+1)}
	for i, n := range lengths {
		l.starts[i+1] = l.starts[i] + n
	}
	l.items = make([]uint32, l.starts[len(lengths)])
	each(func(list, item uint32) { // a list's start moves to its end while it is filled
		l.items[l.starts[list]] = item
		l.starts[list]++
	})
	copy(l.starts[1:], l.starts)
	l.starts[0] = 0
	return l
}

// compacted sorts numbers and drops repetitions.
func compacted(ns []uint32) []uint32 {
	slices.Sort(ns)
	return slices.Compact(ns)
}
