package match

import (
	"slices"
	"strings"

	"github.com/songferry/songferry/playlists"
)

// credit is the artists of a row.
type credit struct {
	text  string // folded
	main  name   // the whole credit before any "feat."
	names []name // main, its parts, guests, each once
}

// name is one artist, or several that are written as one.
type name struct {
	key   string
	words []string
	whole bool // cannot be cut into several artists
	first bool // the first artist of the credit, or all of it
	torn  bool // a later part of what may be one name: "Fire" of "Earth, Wind & Fire"
}

// nobody are credits that name no artist.
var nobody = wordSet(`variousartists various va variousartist unknown unknownartist artistunknown unk na none null diverse verschiedene diverseinterpreten
	artist multiartist multipleartists noartist vvaa aavv`)

func newName(folded string) name {
	folded = strings.TrimSpace(folded)
	if before, ok := strings.CutSuffix(folded, ", the"); ok {
		folded = before
	}
	ws := words(folded)
	if len(ws) > 1 && ws[0] == "the" {
		ws = ws[1:]
	}
	n := name{key: join(ws), words: ws}
	if nobody[n.key] {
		return name{}
	}
	return n
}

// newCredit reads a credit, and the artists that the server lists for it.
func newCredit(folded string, listed []playlists.Artist) credit {
	main, more := cutCredit(folded)
	c := credit{text: folded, main: newName(main)}
	if c.main.key == "" && len(listed) > 0 {
		main = fold(listed[0].Name)
		c.main = newName(main)
	}
	c.read(main, true)
	for _, g := range more {
		c.read(g, false)
	}
	for i, a := range listed[:min(len(listed), maxNames)] {
		c.read(fold(a.Name), i == 0)
	}
	return c
}

// with returns the credit with guests that are named in the title.
func (c credit) with(guests []string) credit {
	c.names = slices.Clip(c.names) // others use them too
	for _, g := range guests {
		c.read(g, false)
	}
	return c
}

// maxNames bounds the artists of a credit.
const maxNames = 20

// read adds an artist, and what it may be cut into.
func (c *credit) read(folded string, first bool) {
	parts := splitWeak(folded)
	c.add(folded, name{first: first, whole: len(parts) == 0})
	for i, p := range parts {
		c.add(p, name{first: first && i == 0, whole: true, torn: i > 0})
	}
}

// add adds an artist of the nature of like, unless it is there.
func (c *credit) add(folded string, like name) {
	n := newName(folded)
	if n.key == "" || len(c.names) == maxNames || slices.ContainsFunc(c.names, func(o name) bool { return o.key == n.key }) {
		return
	}
	n.first, n.whole, n.torn = like.first, like.whole, like.torn
	c.names = append(c.names, n)
}

// sameArtists reports whether two credits name the same artists, however they are joined.
func sameArtists(a, b *credit) bool {
	return a.main.key == b.main.key || a.within(b) && b.within(a)
}

// within reports whether b names every artist of c.
func (c *credit) within(b *credit) bool {
	return !slices.ContainsFunc(c.names, func(n name) bool { return n.whole && !b.has(n.key) })
}

func (c *credit) has(key string) bool {
	return slices.ContainsFunc(c.names, func(n name) bool { return n.key == key })
}

// cutCredit separates a credit at marks that always stand between artists.
func cutCredit(folded string) (main string, more []string) {
	if !strings.ContainsAny(folded, " ;") {
		return folded, nil
	}
	s := folded
	if strings.ContainsAny(s, "()[]") {
		s = brackets.Replace(s)
	}
	for _, mark := range creditMarks {
		s = strings.ReplaceAll(s, mark, "\x00")
	}
	if !strings.Contains(s, "\x00") {
		return s, nil
	}
	parts := strings.Split(s, "\x00")
	for _, p := range parts[1:] {
		if p = strings.TrimSpace(p); p != "" {
			more = append(more, p)
		}
	}
	return parts[0], more
}

var brackets = strings.NewReplacer("(", " ", ")", " ", "[", " ", "]", " ")

var creditMarks = []string{" featuring ", " feat. ", " feat ", " ft. ", " ft ", " with ", " starring ", " vs. ", " vs ", "; ", ";", " / ", " x "}

// splitWeak cuts at marks that stand between artists as often as within a name (Earth, Wind & Fire); nil when there
// is none.
func splitWeak(folded string) []string {
	s := folded
	if !strings.Contains(s, " ") {
		return nil
	}
	for _, mark := range weakMarks {
		s = strings.ReplaceAll(s, mark, "\x00")
	}
	if !strings.Contains(s, "\x00") {
		return nil
	}
	return strings.FieldsFunc(s, func(r rune) bool { return r == 0 })
}

var weakMarks = []string{" & ", " and ", ", ", " , ", " + ", " und ", " et ", " y "}

// known reports whether the row names an artist at all.
func (c *credit) known() bool { return c.main.key != "" }
