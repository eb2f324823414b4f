package match

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// TestSongsStandInTheOrderOfTheirIDs: whatever ids begin with, alike or the same, they stand as their text sorts, and the same ones
// as they came.
func TestSongsStandInTheOrderOfTheirIDs(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	kinds := map[string]func() string{
		"uuids": func() string {
			return fmt.Sprintf("%08x-%04x-4000-8000-%012x", r.Uint32(), r.UintN(1<<16), r.Uint64N(1<<48))
		},
		"few numbers":    func() string { return fmt.Sprint(r.UintN(50)) },
		"a long prefix":  func() string { return "navidrome-song-" + fmt.Sprint(r.UintN(1000)) },
		"zeros and none": func() string { return "x" + strings.Repeat("\x00", r.IntN(12)) },
		"any bytes":      func() string { return string([]byte{byte(r.Uint32()), byte(r.Uint32())})[:r.IntN(3)] },
	}
	for what, id := range kinds {
		for n := range 40 {
			ids := make([]string, n*n)
			for i := range ids {
				ids[i] = id()
			}
			if n%3 == 0 { // what all have in common ends late
				slices.SortFunc(ids, func(a, b string) int { return strings.Compare(b, a) })
			}
			var o order
			want := make([]uint32, len(ids))
			for i, id := range ids {
				o.add(id)
				want[i] = uint32(i)
			}
			slices.SortStableFunc(want, func(a, b uint32) int { return strings.Compare(ids[a], ids[b]) })
			var got []uint32
			for _, s := range o.sorted(func(arrival uint32, room []byte) []byte { return append(room, ids[arrival]...) }) {
				got = append(got, s.arrival)
			}
			if !slices.Equal(got, want) {
				t.Fatalf("%s: %q stand as %v, not as %v", what, ids, got, want)
			}
		}
	}
}
