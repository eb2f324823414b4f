package match

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxWords bounds the words of a field.
const maxWords = 48

// words cuts folded text at everything that is neither letter, digit nor mark. "&" is "and", initials are one word
// (R.E.M.), a "$" or "!" inside a word belongs to it (A$AP, P!nk), leading zeros go. Text in scripts without spaces is
// cut into pairs of characters. A text of symbols only (!!!) is one word.
func words(folded string) []string { return split(nil, folded, false) }

// titleWords is words, with numbers in one notation: "Pt. II", "Part Two" and "part 2" are the same words.
func titleWords(folded string) []string { return split(nil, folded, true) }

// split appends the words of s to those of other text.
func split(others []string, s string, title bool) []string {
	others = slices.Grow(others, usualWords/2)
	out := others[len(others):]
	initial := false // the last word is initials, and only a full stop followed
	for i := 0; i < len(s) && len(out) < maxWords; {
		n := wordLen(s[i:])
		if n == 0 {
			switch {
			case s[i] == '&':
				out = append(out, "and")
				initial = false
			case s[i] != '.':
				initial = false
			}
			i += max(1, runeLen(s[i:]))
			continue
		}
		w, rest := s[i:i+n], s[i+n:]
		i += n
		one := n == 1 && strings.HasPrefix(rest, ".") && w[0] >= 'a'
		if initial && n == 1 {
			out[len(out)-1] += w
			continue
		}
		initial = one
		if title {
			if isDigit(w[n-1]) {
				out, w = cutCounter(out, w)
			}
			w = numeral(w, rest, out)
		}
		out = appendWord(out, w)
	}
	if len(out) == 0 {
		if s = strings.TrimSpace(s); s != "" {
			out = append(out, s)
		}
	}
	return append(others, out...) // where they already stand, as a rule
}

// usualWords are as many as most fields have at most.
const usualWords = 8

// cutCounter parts "no1", as "№1" is after folding.
func cutCounter(out []string, w string) ([]string, string) {
	p := strings.TrimRight(w, "0123456789")
	if !numbered[p] {
		return out, w
	}
	return append(out, numeral(p, "", out)), w[len(p):]
}

// numbered are words that are also written in one with the number that follows.
var numbered = wordSet("no nr op vol pt part bwv kv")

func runeLen(s string) int {
	_, n := utf8.DecodeRuneInString(s)
	return n
}

// wordLen returns how many bytes of s, from its start, are one word.
func wordLen(s string) int {
	for i, r := range s {
		switch {
		case r < utf8.RuneSelf && isAlnum(byte(r)):
		case r >= utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)):
		case (r == '$' || r == '!') && i+1 < len(s) && isLetter(s[i+1]) && (i > 0 || r == '$'):
		default:
			return i
		}
	}
	return len(s)
}

func isAlnum(c byte) bool  { return isLetter(c) || isDigit(c) }
func isLetter(c byte) bool { return c >= 'a' && c <= 'z' }
func isDigit(c byte) bool  { return c >= '0' && c <= '9' }

func appendWord(out []string, w string) []string {
	if w[0] == '0' {
		if w = strings.TrimLeft(w, "0"); w == "" {
			w = "0"
		}
	}
	if r, _ := utf8.DecodeRuneInString(w); !spaceless(r) {
		return append(out, w)
	}
	return appendPairs(out, []rune(w))
}

// spaceless: scripts that write words without spaces between them.
func spaceless(r rune) bool {
	return r >= 0x0e00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer)
}

func appendPairs(out []string, rs []rune) []string {
	if len(rs) < 3 {
		return append(out, string(rs))
	}
	for i := 0; i+2 <= len(rs) && len(out) < maxWords; i++ {
		out = append(out, string(rs[i:i+2]))
	}
	return out
}

// numeral rewrites a word of a title that stands for a number. rest is the text after it, before the words so far.
func numeral(w, rest string, before []string) string {
	switch w {
	case "pt", "pts":
		return "part"
	case "vol":
		return "volume"
	case "nr":
		return "no"
	}
	if n := roman(w); n != "" && (len(w) > 1 || romanPlace(rest, before)) {
		return n
	}
	if n := spelled(w); n != "" && len(before) > 0 && counted(before[len(before)-1]) {
		return n
	}
	return w
}

// romanPlace: "I", "V" and "X" are numbers at the end of a title or before a full stop or colon, but not as its first word
// unless a full stop follows ("I. Allegro").
func romanPlace(rest string, before []string) bool {
	if strings.HasPrefix(rest, ". ") {
		return true
	}
	end := strings.TrimLeft(rest, " ")
	return len(before) > 0 && (end == "" || end[0] == ':')
}

// roman returns the number that a word is in Roman numerals, up to twenty.
func roman(w string) string {
	if c := w[0]; c != 'i' && c != 'v' && c != 'x' {
		return ""
	}
	return romans[w]
}

var romans = map[string]string{
	"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8", "ix": "9", "x": "10",
	"xi": "11", "xii": "12", "xiii": "13", "xiv": "14", "xv": "15", "xvi": "16", "xvii": "17", "xviii": "18", "xix": "19", "xx": "20",
}

// counted: words after which a spelled number is a number.
func counted(w string) bool {
	switch w {
	case "part", "volume", "no", "number", "chapter", "act", "book", "side", "disc":
		return true
	}
	return false
}

func spelled(w string) string {
	switch w {
	case "one":
		return "1"
	case "two":
		return "2"
	case "three":
		return "3"
	case "four":
		return "4"
	case "five":
		return "5"
	case "six":
		return "6"
	case "seven":
		return "7"
	case "eight":
		return "8"
	case "nine":
		return "9"
	case "ten":
		return "10"
	}
	return ""
}

// isNumber: words that begin with a digit. They match only their equals.
func isNumber(w string) bool { return isDigit(w[0]) }

// isDigits: text of digits only, which is not empty.
func isDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
