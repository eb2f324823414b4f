package match

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"github.com/songferry/songferry/playlists"
)

// says returns the title's key, "" where it is only a placeholder, the track's number or a length.
func (t *title) says(of *playlists.Track) string {
	if nobody[t.key] || !hasLetters(t.key) || t.key == strconv.Itoa(of.Number) || isTrackNumber(of.Title) || isLength(of.Title) {
		return ""
	}
	return t.key
}

// hasLetters reports whether text has a letter or a digit.
func hasLetters(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) >= 0
}

// isTrackNumber: a title of digits that begin with a nought, as "007" and "012-".
func isTrackNumber(title string) bool {
	title = strings.TrimRight(title, " -.")
	return len(title) > 1 && title[0] == '0' && isDigits(title)
}

// length is how taggers write the length of a track that they put in its title's place.
var length = regexp.MustCompile(`^(\d{1,3}:\d\d|\d{1,3}m ?\d{1,2}s(ec)?|\d{1,2}\.\d{3})$`)

func isLength(title string) bool {
	return title != "" && isDigit(title[0]) && len(title) < 12 && length.MatchString(title)
}

// isGeneric: titles that say nothing, such as "Intro" and "Track 7". A number of three digits says something.
func isGeneric(ws []string) bool {
	for _, w := range ws {
		if !genericWords[w] && !(isNumber(w) && len(w) < 3) {
			return false
		}
	}
	return true
}

var genericWords = wordSet(`untitled intro outro introduction interlude prelude overture skit track silence unknown hidden bonus finale opening ending
	theme main title titel piste pista chapter kapitel part medley credits end instrumental live reprise dialogue applause`)
