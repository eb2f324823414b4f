package match

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/songferry/songferry/playlists"
)

// inventor makes libraries that are as uneven as real ones: words and artists by Zipf's law, titles that many artists have,
// guests, live takes, editions, compilations, singles and albums of up to twenty tracks, other scripts.
type inventor struct {
	*rand.Rand
	words, names, titles *rand.Zipf
	artists              []string
	favourites           *rand.Zipf // among artists
}

// invented makes n songs. The same seed gives the same songs; another seed gives others, of the same words.
func invented(n int, seed uint64) []Song {
	r := rand.New(rand.NewPCG(seed, 1))
	v := inventor{
		Rand: r, words: rand.NewZipf(r, 1.1, 8, 250_000), names: rand.NewZipf(r, 1.05, 40, 150_000), titles: rand.NewZipf(r, 1.2, 4, 3_000),
	}
	for range 2 + n/30 {
		v.artists = append(v.artists, v.artist())
	}
	v.favourites = rand.NewZipf(r, 1.05, 20, uint64(len(v.artists)-1))
	songs := make([]Song, 0, n)
	for len(songs) < n {
		songs = v.album(songs, n)
	}
	return songs
}

func (v *inventor) album(songs []Song, n int) []Song {
	by := v.artists[v.favourites.Uint64()]
	various := v.IntN(12) == 0
	name, year, live := v.text(v.words, 4), 1955+v.IntN(70), v.IntN(15) == 0
	if live {
		name += " (Live)"
	}
	tracks := 8 + v.IntN(8)
	if v.IntN(4) == 0 {
		tracks = 1 + v.IntN(4)
	}
	for i := range min(tracks, n-len(songs)) {
		t := playlists.Track{Title: v.title(), Artist: by, Album: name, AlbumBy: by, Duration: 150 + v.IntN(90) + v.IntN(90), Number: 1 + i, Disc: 1, Year: year}
		if various {
			t.Artist, t.AlbumBy = v.artists[v.favourites.Uint64()], "Various Artists"
		}
		t.MBID = fmt.Sprintf("%08x-%04x-4%03x-8%03x-%012x", v.Uint32(), v.IntN(1<<16), v.IntN(1<<12), v.IntN(1<<12), v.Int64N(1<<48))
		songs = append(songs, Song{ID: fmt.Sprintf("%016x%016x", v.Uint64(), v.Uint64()), Track: t})
	}
	return songs
}

// title is sometimes one that others have too, and sometimes says more than the song's name.
func (v *inventor) title() string {
	title := v.text(v.words, 5)
	if v.IntN(8) == 0 {
		title = inventedTitle(v.titles.Uint64())
	}
	switch v.IntN(40) {
	case 0:
		title += " (feat. " + v.artists[v.favourites.Uint64()] + ")"
	case 1:
		title += " - 2011 Remaster"
	case 2:
		title += " (live)"
	case 3:
		title += fmt.Sprintf(", Pt. %d", 1+v.IntN(4))
	case 4:
		title += " (" + inventedWord(v.names.Uint64()) + " Remix)"
	}
	return title
}

func (v *inventor) artist() string {
	switch v.IntN(12) {
	case 0:
		return "The " + v.text(v.names, 2)
	case 1:
		return v.text(v.names, 2) + " & " + v.text(v.names, 2)
	case 2:
		return strings.Map(func(r rune) rune { return 'а' + r%32 }, v.text(v.names, 2)) // Cyrillic
	}
	return v.text(v.names, 2) + "s" // so that none is called Va, which is nobody
}

func (v *inventor) text(words *rand.Zipf, most int) string {
	var ws []string
	for range 1 + v.IntN(most) {
		ws = append(ws, inventedWord(words.Uint64()))
	}
	return strings.Join(ws, " ")
}

func inventedTitle(n uint64) string {
	return inventedWord(n*7) + " " + inventedWord(n*n%900)
}

func inventedWord(n uint64) string {
	const consonants, vowels = "bcdfghjklmnprstvwz", "aeiou"
	var b strings.Builder
	for n += 7; n > 0; n /= 90 {
		b.WriteByte(consonants[n%18])
		b.WriteByte(vowels[n/18%5])
	}
	return b.String()
}

func tracksOf(songs []Song) (ts []playlists.Track) {
	for _, s := range songs {
		ts = append(ts, s.Track)
	}
	return ts
}

// withoutID leaves only what a playlist from elsewhere has.
func withoutID(t playlists.Track) playlists.Track {
	t.MBID = ""
	return t
}

// withSlip swaps two letters of the title and drops one of the artist.
func withSlip(t playlists.Track) playlists.Track {
	title, artist := []rune(t.Title), []rune(t.Artist)
	m := len(title) / 2
	title[m-1], title[m] = title[m], title[m-1]
	t.Title, t.Artist = string(title), string(append(artist[:1:1], artist[2:]...))
	return withoutID(t)
}
