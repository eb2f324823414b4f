package match

import (
	"cmp"
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

type entry struct {
	hash  uint64
	value uint32
}

func newTable(entries []entry) table {
	slices.SortFunc(entries, func(a, b entry) int {
		return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.value, b.value))
	})
	size := bits.Len(uint(len(entries) / 4)) // about four entries a bucket
	t := table{
		shift: 64 - size, starts: make([]uint32, 1<<size+1),
		tags: make([]uint32, len(entries)), values: make([]uint32, len(entries)),
	}
	for i, e := range entries {
		t.tags[i], t.values[i] = uint32(e.hash), e.value
		t.starts[t.bucket(e.hash)+1]++
	}
	for i := range len(t.starts) - 1 {
		t.starts[i+1] += t.starts[i]
	}
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

func (l *lists) add(items []uint32) {
	if l.starts == nil {
		l.starts = []uint32{0}
	}
	l.items = append(l.items, items...)
	l.starts = append(l.starts, uint32(len(l.items)))
}

// invert returns, for each item below size, the lists that hold it, in order.
func (l *lists) invert(size int) lists {
	inv := lists{starts: make([]uint32, size+1), items: make([]uint32, len(l.items))}
	for _, it := range l.items {
		inv.starts[it+1]++
	}
	for i := range size {
		inv.starts[i+1] += inv.starts[i]
	}
	next := slices.Clone(inv.starts)
	for n := range uint32(max(len(l.starts), 1) - 1) {
		for _, it := range l.of(n) {
			inv.items[next[it]] = n
			next[it]++
		}
	}
	return inv
}
