package match

import (
	"math/bits"
	"unicode/utf8"
)

// maxEditRunes bounds the texts whose distance is measured; beyond it only equal texts are near.
const maxEditRunes = 96

// distance is the number of insertions, deletions, substitutions and swaps of neighbours (optimal string alignment)
// that make a into b, or any number above limit if it is more than that.
func distance(a, b string, limit int) int {
	if a == b {
		return 0
	}
	m, n := utf8.RuneCountInString(a), utf8.RuneCountInString(b)
	if max(m, n) > maxEditRunes || abs(m-n) > limit || lettersApart(a, b) > limit {
		return limit + 1
	}
	var ra, rb [maxEditRunes]rune
	return align(runesOf(a, ra[:0]), runesOf(b, rb[:0]), limit)
}

// lettersApart is the least distance of two texts by the letters that only one of them has: an edit brings in one at most, and
// takes one away. It tells most unlike texts apart for less than their distance does.
func lettersApart(a, b string) int {
	x, y := letters(a), letters(b)
	return max(bits.OnesCount64(x&^y), bits.OnesCount64(y&^x))
}

// letters is the set of a text's characters, some of which share a place in it.
func letters(s string) (set uint64) {
	for _, r := range s {
		set |= 1 << (r % 64)
	}
	return set
}

func runesOf(s string, out []rune) []rune {
	for _, r := range s {
		out = append(out, r)
	}
	return out
}

func align(x, y []rune, limit int) int {
	var rows [3][maxEditRunes + 1]uint8
	last, row, next := rows[0][:], rows[1][:], rows[2][:]
	for j := range len(y) + 1 {
		row[j] = uint8(j)
	}
	for i := range x {
		next[0] = uint8(i + 1)
		best := next[0]
		for j := range y {
			cost := uint8(1)
			if x[i] == y[j] {
				cost = 0
			}
			d := min(row[j]+cost, row[j+1]+1, next[j]+1)
			if i > 0 && j > 0 && x[i] == y[j-1] && x[i-1] == y[j] {
				d = min(d, last[j-1]+1)
			}
			next[j+1] = d
			best = min(best, d)
		}
		if int(best) > limit {
			return limit + 1
		}
		last, row, next = row, next, last
	}
	return int(row[len(y)])
}

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}

// wordEdits is how many edits two words may be apart and still be the same word with a slip.
func wordEdits(runes int) int {
	switch {
	case runes <= 3:
		return 0
	case runes <= 7:
		return 1
	}
	return 2
}

// likeness of two words: 1 equal, 0 unlike. Numbers are equal or unlike.
func likeness(a, b string) float64 {
	if a == b {
		return 1
	}
	if isNumber(a) || isNumber(b) {
		return 0
	}
	n := max(utf8.RuneCountInString(a), utf8.RuneCountInString(b))
	limit := wordEdits(n)
	if limit == 0 {
		return 0
	}
	d := distance(a, b, limit)
	if d > limit {
		return 0
	}
	return 1 - float64(d)/float64(n)
}
