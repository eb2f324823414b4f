package match

import (
	"math/rand/v2"
	"testing"
	"testing/quick"
)

// TestDistanceIsWhatItsDefinitionSays: what is told apart early is apart, and nothing is counted wrongly.
func TestDistanceIsWhatItsDefinitionSays(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	same := func() bool {
		a := randomWord(r)
		b := randomWord(r)
		if r.IntN(2) == 0 { // most words are far apart, and the near ones matter
			b = slipped(r, slipped(r, a))
		}
		for limit := range 4 {
			if min(distance(string(a), string(b), limit), limit+1) != min(plainDistance(a, b), limit+1) {
				t.Logf("%q and %q within %d", string(a), string(b), limit)
				return false
			}
		}
		return true
	}
	if err := quick.Check(same, &quick.Config{MaxCount: 20_000}); err != nil {
		t.Error(err)
	}
}

// randomWord has letters of several scripts, some of which are 64 apart.
func randomWord(r *rand.Rand) []rune {
	const letters = "aeirtsn\u00e1\u0121\u0161жц夜\U0001F3B5"
	all := []rune(letters)
	word := make([]rune, r.IntN(9))
	for i := range word {
		word[i] = all[r.IntN(len(all))]
	}
	return word
}

// slipped is a word with one letter less, or changed, or swapped with the next.
func slipped(r *rand.Rand, word []rune) []rune {
	out := append([]rune{}, word...)
	if len(out) < 2 {
		return out
	}
	i := r.IntN(len(out) - 1)
	switch r.IntN(3) {
	case 0:
		return append(out[:i], out[i+1:]...)
	case 1:
		out[i] = 'x'
	default:
		out[i], out[i+1] = out[i+1], out[i]
	}
	return out
}

// plainDistance is the optimal string alignment of two words, as it is defined.
func plainDistance(a, b []rune) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		for j := range rows[i] {
			switch {
			case i == 0 || j == 0:
				rows[i][j] = i + j
				continue
			case a[i-1] == b[j-1]:
				rows[i][j] = rows[i-1][j-1]
			default:
				rows[i][j] = 1 + min(rows[i-1][j-1], rows[i-1][j], rows[i][j-1])
			}
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}
