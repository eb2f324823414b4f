package match

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxField bounds the bytes of a field that are looked at; longer text is cut.
const maxField = 1024

// fold makes text comparable: lower case, compatibility forms and accents of alphabets resolved, quotes, dashes and
// brackets unified, apostrophes gone. Letters of every script stay, and so does punctuation, which words and parseTitle
// still read.
func fold(s string) string {
	if len(s) > maxField {
		s = strings.ToValidUTF8(s[:maxField], "")
	}
	if isASCII(s) {
		return foldASCII(s)
	}
	return foldUnicode(s)
}

func foldUnicode(s string) string {
	decomposed := norm.NFKD.String(strings.Map(unify, s))
	var b strings.Builder
	b.Grow(len(decomposed))
	for _, r := range decomposed {
		foldRune(&b, r)
	}
	return norm.NFC.String(b.String()) // kana and hangul back in one piece
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// foldASCII is fold for text that is ASCII, which most is.
func foldASCII(s string) string {
	plain := 0
	for plain < len(s) && foldedASCII[s[plain]] == s[plain] {
		plain++
	}
	if plain == len(s) {
		return s
	}
	var buf [64]byte // most texts are shorter, so that the string is the only memory to get
	out := append(buf[:0], s[:plain]...)
	for i := plain; i < len(s); i++ {
		if c := foldedASCII[s[i]]; c != 0 {
			out = append(out, c)
		}
	}
	return string(out)
}

// foldedASCII is what becomes of a character, 0 for nothing.
var foldedASCII = func() (folded [utf8.RuneSelf]byte) {
	for c := range byte(utf8.RuneSelf) {
		switch {
		case c < ' ' || c == 0x7f || c == '_':
			folded[c] = ' '
		case 'A' <= c && c <= 'Z':
			folded[c] = c + 'a' - 'A'
		case c != '\'' && c != '`':
			folded[c] = c
		}
	}
	return folded
}()

// unify runs before the decomposition, which would tear some of these apart ("´" becomes a space and an accent).
func unify(r rune) rune {
	switch r {
	case '‘', '’', '‛', 'ʼ', '′', '`', '´', 'ʻ', 'ʹ', '＇':
		return '\''
	case '“', '”', '„', '‟', '″', '«', '»':
		return '"'
	case '‐', '‑', '‒', '–', '—', '―', '−', '〜', '～', '﹣', '－':
		return '-'
	case '【', '〔', '〖':
		return '['
	case '】', '〕', '〗':
		return ']'
	case '_':
		return ' '
	case '×':
		return 'x'
	}
	return r
}

func foldRune(b *strings.Builder, r rune) {
	switch r = unicode.ToLower(r); {
	case r == '\'', r == utf8.RuneError, isAccent(r), unicode.Is(unicode.Cf, r):
	case r == 'ς':
		b.WriteRune('σ')
	case r >= utf8.RuneSelf && r < 0x180 && foldedLetters[r] != "":
		b.WriteString(foldedLetters[r])
	case unicode.IsSpace(r), unicode.IsControl(r):
		b.WriteByte(' ')
	default:
		b.WriteRune(r)
	}
}

// isAccent: marks that alphabets are also written without. Marks of other scripts carry the word (Thai and Indic
// vowels, the voicing of kana) and stay.
func isAccent(r rune) bool {
	return r >= 0x0300 && r <= 0x036f || // Latin, Greek, Cyrillic
		r >= 0x0591 && r <= 0x05c7 && r != 0x05be || // Hebrew points
		r >= 0x064b && r <= 0x065f || r == 0x0670 || r == 0x0640 // Arabic vowels, tatweel
}

// foldedLetters are Latin letters that Unicode does not decompose.
var foldedLetters = map[rune]string{
	'ø': "o", 'ł': "l", 'đ': "d", 'ð': "d", 'þ': "th", 'ß': "ss", 'æ': "ae", 'œ': "oe", 'ı': "i", 'ħ': "h", 'ŧ': "t", 'ŋ': "ng",
}
