package match

import (
	"unicode"
	"unicode/utf8"
)

// lossless reports whether short's title is long's after a program that knows only ASCII threw the other letters away:
// "Acs Ckyor" for "Acısı Çıkıyor", "gro" for "groß".
func lossless(long, short *reading) bool {
	if long.lost == 0 || short.lost != 0 {
		return false
	}
	n := runes(short.title.key)
	gone := runes(long.title.key) - n
	return n >= minLossy && gone > 0 && gone <= long.lost && within(long.title.key, short.title.key)
}

// minLossy is the least letters of a title that lost some.
const minLossy = 4

// within reports whether all letters of short are in long, in order.
func within(long, short string) bool {
	for _, r := range long {
		if s, n := utf8.DecodeRuneInString(short); n > 0 && s == r {
			short = short[n:]
		}
	}
	return short == ""
}

// lostLetters counts the letters of a key that a program which knows only ASCII and accents throws away.
func lostLetters(title string) (n int) {
	for _, r := range title {
		switch {
		case r == 'ß' || r == 'æ' || r == 'œ' || r == 'þ':
			n += 2
		case r >= utf8.RuneSelf && r < 0x180 && foldedLetters[r] != "", r >= 0x180 && (unicode.IsLetter(r) || unicode.IsNumber(r)):
			n++
		}
	}
	return n
}
