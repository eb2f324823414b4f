package match

import (
	"cmp"
	"slices"
	"unicode/utf8"
)

// The vocabulary is a table of the library's words, by their hashes, and of their slips: each word of usual length is there once
// more for each of its letters, by the hash of what is left without that letter. Two words that are one edit apart, or have two
// neighbours swapped, share a slip or one is the other's.

// entire marks the number of a word that stands there with all its letters.
const entire = 1 << 31

// Words shorter or longer than this have no slips, nor have numbers.
const minSlip, maxSlip = 4, 24

// maxSlipWords bounds the words one slip away from a wanted word.
const maxSlipWords = 12

// eachSlip calls fn with the hash of each slip of w.
func (ix *Index) eachSlip(w string, fn func(hash uint64)) {
	if n := utf8.RuneCountInString(w); n < minSlip || n > maxSlip || isNumber(w) {
		return
	}
	var buf [maxSlip * utf8.UTFMax]byte
	for i, r := range w {
		rest := append(append(buf[:0], w[:i]...), w[i+utf8.RuneLen(r):]...)
		fn(ix.hashBytes(rest))
	}
}

// word returns the number of a word.
func (ix *Index) word(w string) (n uint32, known bool) {
	var buf [8]uint32
	for _, n := range ix.vocabulary.find(ix.hash(w), buf[:0]) {
		if n&entire != 0 {
			return n &^ entire, true
		}
	}
	return 0, false
}

// neighbours appends the words that are one slip away from w, and may append w.
func (ix *Index) neighbours(w string, out []uint32) []uint32 {
	from := len(out)
	out = ix.vocabulary.find(ix.hash(w), out)
	out = append(out[:from], slices.DeleteFunc(out[from:], func(n uint32) bool { return n&entire != 0 })...)
	ix.eachSlip(w, func(hash uint64) { out = ix.vocabulary.find(hash, out) })
	found := out[from:]
	for i := range found {
		found[i] &^= entire
	}
	slices.SortFunc(found, func(a, b uint32) int { return cmp.Compare(ix.ranks[a], ix.ranks[b]) })
	found = slices.Compact(found)
	return out[:from+min(len(found), maxSlipWords)]
}
