package match

import (
	"slices"
	"strings"
)

// title is what the words of a title mean.
type title struct {
	all      []string // words of the main part, then of the subtitles
	main     int      // how many of them are of the main part
	words    []string // all, but at most maxWords
	key      string   // the words in one piece
	versions []version
	feats    []string // folded names of guests
	dropped  []string // folded text that makes no other recording: "2011 remaster"
	clean    bool     // marked as the censored cut
	explicit bool
}

// parseTitle reads folded text. own is the folded album: a bracket that restates it is no version. room is empty, and its memory
// is for the words.
func parseTitle(folded, own string, room []string) title {
	if folded == "" {
		return title{}
	}
	t := title{all: room}
	if onePart(folded) {
		t.read(folded, false, own)
	} else {
		for i, seg := range segments(folded) {
			t.read(seg, i > 0, own)
		}
	}
	if len(t.all) == 0 { // a song that is called "Live" or "(Remix)"
		t = title{all: room}
		t.add(folded)
	}
	t.seal()
	return t
}

func (t *title) read(seg string, aside bool, own string) {
	seg = strings.TrimSpace(seg)
	if seg == "" {
		return
	}
	if main, guests, ok := cutGuests(seg, aside); ok {
		t.feats = append(t.feats, guests)
		if seg = strings.TrimSpace(main); seg == "" {
			return
		}
	}
	if aside && t.putAside(seg, own) {
		return
	}
	t.add(seg)
}

// add adds a part: the main one comes first.
func (t *title) add(part string) {
	t.all = split(t.all, part, true)
	if t.main == 0 {
		t.main = len(t.all)
	}
}

// putAside recognises what is not part of the song's name.
func (t *title) putAside(seg, own string) bool {
	ws := titleWords(seg)
	if len(ws) == 0 {
		return true
	}
	if isNeutral(ws) || ws[0] == "from" && len(ws) > 1 {
		t.mark(ws)
		t.dropped = append(t.dropped, seg)
		return true
	}
	if own != "" && spelling(join(ws), join(titleWords(own))) > 0 { // it restates the album
		t.dropped = append(t.dropped, seg)
		return true
	}
	if vs := versionsOf(titleWords(phrases.Replace(seg))); vs != nil {
		t.mark(ws)
		t.versions = append(t.versions, vs...)
		return true
	}
	return false
}

func (t *title) mark(ws []string) {
	t.clean = t.clean || slices.Contains(ws, "clean") || slices.Contains(ws, "censored") || slices.Contains(ws, "edited")
	t.explicit = t.explicit || slices.Contains(ws, "explicit") || slices.Contains(ws, "dirty") || slices.Contains(ws, "uncensored")
}

func (t *title) seal() {
	t.words = t.all[:min(len(t.all), maxWords)]
	t.key = join(t.words)
	if len(t.versions) > 1 {
		slices.SortStableFunc(t.versions, func(a, b version) int { return strings.Compare(string(a.kind), string(b.kind)) })
	}
}

// parts returns the words of the main part and those of the subtitles.
func (t *title) parts() (main, rest []string) { return t.all[:t.main], t.all[t.main:] }

// join writes words in one piece, so that "now here" and "nowhere", "A. B." and "AB" are one key. Pairs of characters
// (see words) stay as they are: equal text gives equal pairs.
func join(ws []string) string { return strings.Join(ws, "") }

// segments cuts a title into its main part and what stands in brackets or after " - ". Brackets within a bracket stay
// in it; one that is never closed reaches to the end.
func segments(s string) []string {
	if onePart(s) {
		return []string{s}
	}
	var plain strings.Builder
	var asides []string
	for s != "" {
		open := strings.IndexAny(s, "([{")
		if open < 0 {
			break
		}
		inner, rest := cutBracket(s[open:])
		plain.WriteString(s[:open])
		plain.WriteByte(' ')
		asides = append(asides, inner)
		s = rest
	}
	plain.WriteString(s)
	main := splitDashes(plain.String())
	if strings.TrimSpace(main[0]) == "" { // "[untitled]", "(I Can't Get No) Satisfaction": nothing before the bracket is its name
		return leadingBracket(main, asides)
	}
	return append(main, asides...)
}

// leadingBracket: text that begins with a bracket has its name in or after it.
func leadingBracket(main, asides []string) []string {
	for i, m := range main {
		if strings.TrimSpace(m) != "" {
			return append(slices.Concat(main[i:i+1], main[i+1:]), asides...)
		}
	}
	return asides
}

// onePart reports whether text has neither brackets nor dashes.
func onePart(s string) bool {
	for i := range len(s) {
		switch s[i] {
		case '(', ')', '[', ']', '{', '}', '-':
			return false
		}
	}
	return true
}

func splitDashes(s string) []string {
	parts := strings.Split(s, " - ")
	return slices.DeleteFunc(parts, func(p string) bool { return strings.TrimSpace(p) == "" && len(parts) > 1 && p != parts[0] })
}

// cutBracket takes text that begins with a bracket, and returns what is in it and what follows.
func cutBracket(s string) (inner, rest string) {
	depth := 0
	for i := range len(s) {
		switch s[i] {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			if depth--; depth == 0 {
				return s[1:i], s[i+1:]
			}
		}
	}
	return s[1:], ""
}

// cutGuests finds "feat. X" in a segment. aside: the segment is a bracket, where "with X" means the same.
func cutGuests(seg string, aside bool) (main, guests string, ok bool) {
	if !aside && !strings.Contains(seg, " f") {
		return seg, "", false
	}
	for _, mark := range guestMarks {
		if aside && strings.HasPrefix(seg, mark[1:]) {
			return "", seg[len(mark)-1:], true
		}
		if i := strings.Index(seg, mark); i > 0 {
			return seg[:i], seg[i+len(mark):], true
		}
	}
	if aside && (strings.HasPrefix(seg, "with ") || strings.HasPrefix(seg, "w/")) {
		return "", strings.TrimPrefix(strings.TrimPrefix(seg, "with "), "w/"), true
	}
	return seg, "", false
}

// guestMarks, each with the space before it, so that no "ft" inside a word is one.
var guestMarks = []string{" feat. ", " feat ", " ft. ", " ft ", " featuring ", " feat.", " ft."}
