package match

import (
	"strings"
	"unicode"
)

func (e *evidence) compareArtists(ix *Index, w, f *credit) {
	if e.artistInTitle {
		e.artistKnown, e.artist = true, 0.95
	}
	if !w.known() || !f.known() {
		return
	}
	if e.artistSame = sameArtists(w, f); e.artistSame {
		e.artistKnown, e.artist = true, 1
		return
	}
	for i := range w.names {
		for j := range f.names {
			if like, slip := ix.artistLikeness(&w.names[i], &f.names[j]); like > e.artist {
				e.artist, e.artistSlip = like, slip
			}
		}
	}
	// 久石譲 and Joe Hisaishi are no evidence against each other.
	e.artistKnown = e.artist > 0 || isLatin(w.main.key) == isLatin(f.main.key)
}

// artistLikeness of two names. A guest counts for less than who comes first, and a name with a word more than the other
// (The Amazing Bongo Hop) is never near enough alone.
func (ix *Index) artistLikeness(a, b *name) (like float64, slip slip) {
	like = 1
	switch {
	case a.key == b.key:
	case lettered.Replace(a.key) == lettered.Replace(b.key):
		like = 0.98
	default:
		words := ix.align(a.words, b.words)
		slip = words.slip
		like = min(max(words.likeness, spelling(a.key, b.key)), 0.98)
		if words.extra && len(a.words) != len(b.words) {
			like = min(like, 0.84)
		}
	}
	switch {
	case a.first && b.first:
		return like, slip
	case a.torn || b.torn:
		return 0.8 * like, slip
	case a.first || b.first:
		return 0.95 * like, slip
	}
	return 0.85 * like, slip
}

// lettered replaces signs that stand for letters: A$AP, P!nk.
var lettered = strings.NewReplacer("$", "s", "!", "i")

// slipInBoth: neither title nor artist is written alike. Two slips in one row are rare, two songs of similar names are not.
func (p *pair) slipInBoth() bool {
	return !p.titleSame && p.titleNote == "" && !p.artistSame && p.artistSlip != (slip{})
}

// sameSlip: one word stands for another in both title and artist. Nobody mistypes twice alike: The Ember Players' "Ember"
// is not The Amber Players' "Amber".
func (e *evidence) sameSlip() bool { return e.words.slip != (slip{}) && e.words.slip == e.artistSlip }

// spelling is the likeness of two keys by their letters, 0 where they are clearly two words.
func spelling(a, b string) float64 {
	n := max(runes(a), runes(b))
	limit := n / 5
	d := distance(a, b, limit)
	if d > limit {
		return 0
	}
	return 1 - float64(d)/float64(n)
}

// isLatin reports whether the letters of a key are Latin; a key without letters is.
func isLatin(key string) bool {
	return strings.IndexFunc(key, func(r rune) bool { return unicode.IsLetter(r) && !unicode.Is(unicode.Latin, r) }) < 0
}
