package match

import (
	"math/rand/v2"
	"testing"
)

// TestNumbersAreThoseOfAMap: hashes that meet in one slot, and 0, included.
func TestNumbersAreThoseOfAMap(t *testing.T) {
	t.Parallel()
	var ns numbering
	want := make(map[uint64]uint32)
	r := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		hash := r.Uint64N(3000) << (8 * r.UintN(7)) // many agree in the bits that choose the slot
		n, fresh := ns.number(hash)
		known, ok := want[hash]
		if !ok {
			known = uint32(len(want))
			want[hash] = known
		}
		if n != known || fresh == ok {
			t.Fatalf("%x is %d, new %v, want %d, new %v", hash, n, fresh, known, !ok)
		}
	}
}
