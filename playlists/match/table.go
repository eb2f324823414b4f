package match

import (
	"math/bits"
	"slices"
)

// table maps 64-bit hashes to numbers, several per hash, in eight and a half bytes an entry. It is built once. Two hashes that
// agree in their upper bits and in their lower half are taken for one, so what is found must be checked or be harmless.
type table struct {
	starts  []uint32 // per bucket: where it begins; one more at the end
	entries []entry
}

// entry stands in the bucket of its hash. The two halves lie together, so that to find one is to wait for memory once.
type entry struct {
	tag   uint32 // lower half of the hash
	value uint32
}

// bucketSize is how many entries share a bucket, on the average. Eight are a line of the processor's cache.
const bucketSize = 8

// bucket uses the upper bits of the hash: it is the hash, read as a fraction of 1, of the number of buckets.
func (t *table) bucket(hash uint64) uint64 {
	b, _ := bits.Mul64(hash, uint64(len(t.starts)-1))
	return b
}

// find appends the numbers of hash to out.
func (t *table) find(hash uint64, out []uint32) []uint32 {
	if len(t.entries) == 0 {
		return out
	}
	b := t.bucket(hash)
	for _, e := range t.entries[t.starts[b]:t.starts[b+1]] {
		if e.tag == uint32(hash) {
			out = append(out, e.value)
		}
	}
	return out
}

// tableDraft is what a table will hold.
type tableDraft struct{ pieces[hashed] }

// hashed is a value and the halves of its hash, which take less room than the whole.
type hashed struct{ upper, lower, value uint32 }

func (h *hashed) hash() uint64 { return uint64(h.upper)<<32 | uint64(h.lower) }

func (d *tableDraft) put(hash uint64, value uint32) {
	d.add(hashed{uint32(hash >> 32), uint32(hash), value})
}

// seal makes the table. Numbers of one hash keep the order in which they came.
func (d *tableDraft) seal() table {
	n := d.len()
	t := table{starts: make([]uint32, n/bucketSize+2), entries: make([]entry, n)}
	for h := range d.all() {
		t.starts[t.bucket(h.hash())+1]++
	}
	for i := range len(t.starts) - 1 {
		t.starts[i+1] += t.starts[i]
	}
	for h := range d.all() { // a bucket's start moves to its end while it is filled
		at := &t.starts[t.bucket(h.hash())]
		t.entries[*at] = entry{tag: h.lower, value: h.value}
		*at++
	}
	copy(t.starts[1:], t.starts)
	t.starts[0] = 0
	*d = tableDraft{}
	return t
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
