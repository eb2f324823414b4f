package match

import (
	"math/rand/v2"
	"testing"
)

// TestTheShortWayToFoldIsTheLongOne: text that is ASCII is folded as any text is.
func TestTheShortWayToFoldIsTheLongOne(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	for range 20_000 {
		s := make([]byte, r.IntN(100))
		for i := range s {
			s[i] = byte(r.IntN(128))
		}
		if short, long := fold(string(s)), foldUnicode(string(s)); short != long {
			t.Errorf("%q is %q, want %q", s, short, long)
		}
	}
}
