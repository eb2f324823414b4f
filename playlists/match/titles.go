package match

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/songferry/songferry/playlists"
)

// compareTitles compares the songs' names, versions aside.
func (e *evidence) compareTitles(ix *Index, w, f *reading) {
	a, b := &w.title, &f.title
	if a.key == "" || b.key == "" {
		return
	}
	if a.key == b.key {
		e.title, e.titleSame = 1, true
		return
	}
	e.compareNames(ix, a.words, b.words, a.key, b.key)
	for _, p := range [][2]*reading{{w, f}, {f, w}} {
		e.compareWithout(ix, p[0], p[1])
	}
	if lossless(w, f) || lossless(f, w) {
		e.lossy, e.title, e.words = true, 0.9, alignment{likeness: 0.9}
	}
}

// compareNames compares two titles that are not the same.
func (e *evidence) compareNames(ix *Index, a, b []string, keyA, keyB string) {
	e.words = ix.align(a, b)
	e.title = e.words.likeness
	e.compareSpelling(keyA, keyB, len(a) != len(b))
}

// compareWithout compares two titles without what the long one has beyond its name: an album, or the name in another script.
func (e *evidence) compareWithout(ix *Index, long, short *reading) {
	note, main, ok := subtitleOf(long, short)
	switch {
	case ok && join(main) != short.title.key:
		e.compareNames(ix, main, short.title.words, join(main), short.title.key)
		return
	case !ok:
		note, ok = albumAppended(long, short)
	}
	if !ok && artistGlued(long, short) {
		e.artistInTitle = true
		note, ok = short.by.text, true
	}
	if !ok {
		note, ok = long.title.key, otherScript(long, short)
	}
	if ok {
		e.title, e.titleNote, e.words = 0.95, note, alignment{likeness: 0.95}
	}
}

// compareSpelling looks at titles by their letters, which finds words joined or torn apart and slips in words too short to be
// paired. torn: the titles have different numbers of words.
func (e *evidence) compareSpelling(a, b string, torn bool) {
	if e.words.numbers != agrees {
		return
	}
	if s := spelling(a, b); s > e.title {
		e.title = s
		e.words.clash = e.words.clash && !torn
	}
	if n := max(runes(a), runes(b)); n > 8 && !e.words.letters && distance(a, b, slipsIn(n)) <= slipsIn(n) {
		e.words.clash = false
	}
}

// otherScript reports whether long's title is short's, and the same once more in another script ("쌍둥이자리 (Gemini)").
func otherScript(long, short *reading) bool {
	var ws []string
	for _, w := range long.title.words {
		if isLatin(w) == isLatin(short.title.key) {
			ws = append(ws, w)
		}
	}
	return len(ws) < len(long.title.words) && runes(short.title.key) > 2 && join(ws) == short.title.key
}

// subtitleOf reports whether long's title has a subtitle that restates an album, and short's none. It returns the subtitle's
// words in one piece, and the words before it.
func subtitleOf(long, short *reading) (subtitle string, main []string, ok bool) {
	parts := long.title.parts
	if len(parts) < 2 || len(short.title.parts) > 1 {
		return "", nil, false
	}
	rest := slices.Concat(parts[1:]...)
	return join(rest), parts[0], contains(short.album.words, rest) || contains(long.album.words, rest)
}

// albumAppended reports whether long's title is short's with short's album after it, and returns the album.
func albumAppended(long, short *reading) (string, bool) {
	rest, ok := strings.CutPrefix(long.title.key, short.title.key)
	return rest, ok && short.album.key != "" && rest == short.album.key
}

// artistGlued reports whether long, which has no artist, has short's artist and title in one piece ("RogerManningTheDrivingBlues").
func artistGlued(long, short *reading) bool {
	if long.by.known() || !short.by.known() || isGeneric(short.title.words) {
		return false
	}
	rest, ok := strings.CutPrefix(long.title.key, short.by.main.key)
	return ok && rest == short.title.key
}

// contains reports whether ws has all of some, which is not empty.
func contains(ws, some []string) bool {
	return len(some) > 0 && !slices.ContainsFunc(some, func(w string) bool { return !slices.Contains(ws, w) })
}

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

// compareVersions compares what makes another recording of the same song: live, remix by whom, and so on. Titles and,
// for rows from different albums, the albums' names say so.
func (e *evidence) compareVersions(w, f *reading) {
	a, b := w.kinds(), f.kinds()
	if e.albumSame() || !e.albumKnown && (w.album.key == f.album.key) {
		a, b = w.title.kinds(), f.title.kinds()
	}
	for _, k := range a {
		if !slices.Contains(b, k) {
			e.versionDiffers(k, true, len(b) > 0)
			return
		}
	}
	for _, k := range b {
		if !slices.Contains(a, k) {
			e.versionDiffers(k, false, len(a) > 0)
			return
		}
	}
	e.compareWho(&w.title, &f.title)
}

func (e *evidence) versionDiffers(k kind, wanted, both bool) {
	e.versionKind, e.versionWanted, e.version = k, wanted, oneSided
	if both {
		e.version = differs
	}
}

// compareWho compares the words that say which remix, which concert.
func (e *evidence) compareWho(w, f *title) {
	a, b := who(w), who(f)
	if len(w.versions) == 0 || len(f.versions) == 0 || sameWords(a, b) {
		return
	}
	k := w.versions[0].kind
	switch {
	case len(a) > 0 && len(b) > 0:
		e.versionDiffers(k, true, true)
	case k == remix || k == variant:
		e.versionDiffers(k, len(a) > 0, false)
	default:
		e.vague = true
	}
}

func who(t *title) (ws []string) {
	for _, v := range t.versions {
		ws = append(ws, v.who...)
	}
	return ws
}

// sameWords reports whether three quarters of the words agree, slips allowed.
func sameWords(a, b []string) bool {
	if len(a) == 0 || len(b) == 0 {
		return len(a) == len(b)
	}
	if numbersDiffer(a, b) { // Wembley 1985 and 1986
		return false
	}
	if spelling(join(a), join(b)) > 0.85 {
		return true
	}
	common := 0
	for _, x := range a {
		if slices.ContainsFunc(b, func(y string) bool { return likeness(x, y) > 0 }) {
			common++
		}
	}
	return 4*2*common >= 3*(len(a)+len(b))
}

func numbersDiffer(a, b []string) bool {
	lone := func(x, y []string) bool {
		return slices.ContainsFunc(x, func(w string) bool { return isNumber(w) && !slices.Contains(y, w) })
	}
	return lone(a, b) && lone(b, a)
}

func (t *title) kinds() (ks []kind) {
	for _, v := range t.versions {
		ks = append(ks, v.kind)
	}
	return ks
}

func (r *reading) kinds() []kind { return append(r.title.kinds(), r.album.takes...) }
