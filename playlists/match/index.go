package match

import (
	"cmp"
	"hash/maphash"
	"slices"
	"strings"
)

// Index is a library, ready to be asked. It never changes and may be used by many goroutines. It holds all that it needs of
// the songs, without a pointer for each: about 150 bytes a song.
type Index struct {
	text  blob
	songs []head // in the order of the songs' ids; a place in here is a song's number

	credits, albums catalog

	seed       maphash.Seed
	recordings table // recording id → songs
	codes      table // ISRC → songs
	keys       table // artist and title → songs
	artists    artistSet

	vocabulary table     // word, or word with a letter missing → numbers of words
	weights    []float32 // word → the rarer, the heavier
	ranks      []uint32  // word → its place in an order that is the same however the library came
	unknown    float32   // weight of a word that the library does not have
	byWord     lists     // word → songs with it in their title, credits, albums: see titled and entries
	nameless   []uint32  // songs without any, at most maxNameless

	scratch pool
}

// NewIndex makes the index of a library that is in memory.
func NewIndex(songs []Song) *Index {
	b := NewBuilder()
	for i := range songs {
		b.Add(&songs[i])
	}
	return b.Index()
}

// Len returns the number of songs.
func (ix *Index) Len() int { return len(ix.songs) }

// Song returns the song of an id.
func (ix *Index) Song(id string) (Song, bool) {
	n, ok := slices.BinarySearchFunc(ix.songs, id, func(h head, id string) int { return cmp.Compare(ix.id(h), id) })
	if !ok {
		return Song{}, false
	}
	return ix.song(uint32(n)), true
}

func (ix *Index) record(n uint32) fields { return ix.text.from(ix.songs[n].at) }

func (ix *Index) id(h head) string { return string(ix.appendIDOf(nil, h)) }

func (ix *Index) appendIDOf(out []byte, h head) []byte {
	f := ix.text.from(h.at)
	f.skipWords()
	return f.appendSecondID(out)
}

func (ix *Index) song(n uint32) Song {
	s := readSong(ix.record(n), ix.songs[n])
	readCredit(ix.credits.of(ix.songs[n].credit), &s.Track)
	readAlbum(ix.albums.of(ix.songs[n].album), &s.Track)
	return s
}

func (ix *Index) hash(s string) uint64 { return maphash.String(ix.seed, s) }

func (ix *Index) hashBytes(s []byte) uint64 { return maphash.Bytes(ix.seed, s) }

func (ix *Index) keyHash(artist, title string) uint64 {
	return ix.hash(artist)*31 ^ ix.hash(title)
}

func plainISRC(s string) string { return strings.ToUpper(strings.ReplaceAll(s, "-", "")) }
