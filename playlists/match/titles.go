package match

import (
	"slices"
	"strings"
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
	main, rest := long.title.parts()
	if _, more := short.title.parts(); len(rest) == 0 || len(more) > 0 {
		return "", nil, false
	}
	return join(rest), main, contains(short.album.words, rest) || contains(long.album.words, rest)
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
