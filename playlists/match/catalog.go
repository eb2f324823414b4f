package match

import (
	"slices"
	"sort"
)

// catalog holds each distinct credit, or album, of a library once.
type catalog struct {
	text  blob
	at    []uint32 // entry → place of its text
	words lists    // entry → its words
	songs lists    // entry → songs
	first uint32   // number of its first entry in the lists of words
}

func (c *catalog) of(n uint32) fields { return c.text.from(c.at[n]) }

// titled returns the songs with a word in their title.
func (ix *Index) titled(word uint32) []uint32 {
	all := ix.byWord.of(word)
	return all[:upTo(all, ix.credits.first)]
}

// entries returns the entries of a catalog with a word, each plus the number of the first.
func (ix *Index) entries(c *catalog, word uint32) []uint32 {
	all := ix.byWord.of(word)
	return all[upTo(all, c.first):upTo(all, c.first+uint32(len(c.at)))]
}

// upTo returns how many items are of the kinds before limit. Kinds follow each other, whatever the order within each.
func upTo(items []uint32, limit uint32) int {
	return sort.Search(len(items), func(i int) bool { return items[i] >= limit })
}

// catalogDraft numbers entries while a library is read.
type catalogDraft struct {
	catalog
	numbers numbering // by the hash of the text, which is as good: no library has so many
}

// number returns an entry's number, and whether it is new.
func (c *catalogDraft) number(text []byte, hash uint64) (n uint32, fresh bool) {
	if n, fresh = c.numbers.number(hash); fresh {
		c.at = append(c.at, c.text.add(text))
	}
	return n, fresh
}

// setWords keeps the words of the newest entry.
func (c *catalogDraft) setWords(words []uint32) {
	if c.words.starts == nil {
		c.words.starts = []uint32{0}
	}
	c.words.items = append(c.words.items, words...)
	c.words.starts = append(c.words.starts, uint32(len(c.words.items)))
}

// seal makes the catalog. of returns a song's entry. It returns also the entries in the order of their first songs, so that it
// does not matter in which order the library came.
func (c *catalogDraft) seal(songs []head, of func(*head) uint32) (sealed catalog, order []uint32) {
	c.numbers = numbering{}
	c.text.seal()
	c.at, c.words.starts, c.words.items = slices.Clip(c.at), slices.Clip(c.words.starts), slices.Clip(c.words.items)
	lengths := make([]uint32, len(c.at))
	for i := range songs {
		entry := of(&songs[i])
		if lengths[entry] == 0 {
			order = append(order, entry)
		}
		lengths[entry]++
	}
	c.songs = newLists(lengths, func(put func(entry, song uint32)) {
		for i := range songs {
			put(of(&songs[i]), uint32(i))
		}
	})
	return c.catalog, order
}
