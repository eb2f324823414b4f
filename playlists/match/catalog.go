package match

import "slices"

// catalog holds each distinct credit, or album, of a library once.
type catalog struct {
	text   blob
	at     []uint32 // entry → place of its text
	words  lists    // entry → its words
	byWord lists    // word → entries
	songs  lists    // entry → songs
}

func (c *catalog) of(n uint32) fields { return c.text.from(c.at[n]) }

// catalogDraft numbers entries while a library is read.
type catalogDraft struct {
	catalog
	numbers map[string]uint32
}

// number returns an entry's number, and whether it is new.
func (c *catalogDraft) number(text []byte) (n uint32, fresh bool) {
	if n, ok := c.numbers[string(text)]; ok {
		return n, false
	}
	n = uint32(len(c.at))
	c.numbers[string(text)] = n
	c.at = append(c.at, c.text.add(text))
	return n, true
}

// setWords keeps the words of the newest entry.
func (c *catalogDraft) setWords(words []uint32) {
	if c.words.starts == nil {
		c.words.starts = []uint32{0}
	}
	c.words.items = append(c.words.items, words...)
	c.words.starts = append(c.words.starts, uint32(len(c.words.items)))
}

// seal makes the catalog. each calls its argument with the entry of every song, in the order of songs; words is how many the
// library has.
func (c *catalogDraft) seal(words int, each func(func(entry, song uint32))) catalog {
	c.numbers = nil
	c.text.seal()
	c.at, c.words.items = slices.Clip(c.at), slices.Clip(c.words.items)
	c.songs = newLists(len(c.at), each)
	// In the order of each entry's first song, so that it does not matter in which order the library came.
	order := make([]uint32, 0, len(c.at))
	each(func(entry, song uint32) {
		if c.songs.of(entry)[0] == song {
			order = append(order, entry)
		}
	})
	c.byWord = newLists(words, func(put func(word, entry uint32)) {
		for _, entry := range order {
			for _, w := range c.words.of(entry) {
				put(w, entry)
			}
		}
	})
	return c.catalog
}
