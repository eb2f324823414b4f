package match

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"github.com/songferry/songferry/playlists"
)

// invented makes n songs whose words are as unevenly spread as those of real libraries: albums of twelve tracks, a
// dozen albums an artist, titles of one to five words. The same seed gives the same songs.
func invented(n int, seed uint64) []Song {
	r := rand.New(rand.NewPCG(seed, 1))
	words := rand.NewZipf(r, 1.1, 8, 60_000)
	text := func(most int) string {
		var ws []string
		for range 1 + r.IntN(most) {
			ws = append(ws, inventedWord(words.Uint64()))
		}
		return strings.Join(ws, " ")
	}
	songs := make([]Song, n)
	var artist, album string
	for i := range songs {
		if i%144 == 0 {
			artist = text(3)
		}
		if i%12 == 0 {
			album = text(4)
		}
		songs[i] = Song{ID: fmt.Sprintf("%032x", i), Track: playlists.Track{
			Title: text(5), Artist: artist, Album: album, AlbumBy: artist, Duration: 120 + r.IntN(240), Number: 1 + i%12, Year: 1960 + r.IntN(60),
		}}
	}
	return songs
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

func BenchmarkNewIndex100k(b *testing.B) {
	songs := invented(100_000, 1)
	for b.Loop() {
		NewIndex(songs)
	}
}

func BenchmarkResolve100Of100k(b *testing.B) {
	songs := invented(100_000, 1)
	ix := NewIndex(songs)
	var exact, typos []playlists.Track
	for i := range 100 {
		t := songs[i*997].Track
		exact = append(exact, t)
		typos = append(typos, withSlip(t))
	}
	for _, bench := range []struct {
		name   string
		wanted []playlists.Track
	}{{"exact", exact}, {"typos", typos}, {"absent", tracksOf(invented(100_000, 2)[:100])}} {
		b.Run(bench.name, func(b *testing.B) {
			for b.Loop() {
				ix.Resolve(bench.wanted, SameRecording)
			}
			b.ReportMetric(float64(100*b.N)/b.Elapsed().Seconds(), "tracks/s")
		})
	}
}

// withSlip swaps two letters of the title and drops one of the artist.
func withSlip(t playlists.Track) playlists.Track {
	m := len(t.Title) / 2
	t.Title = t.Title[:m-1] + t.Title[m:m+1] + t.Title[m-1:m] + t.Title[m+1:]
	t.Artist = t.Artist[:1] + t.Artist[2:]
	return t
}

// TestTheIndexIsLean: beside the songs, at most 200 bytes for each.
func TestTheIndexIsLean(t *testing.T) {
	songs := invented(50_000, 3)
	before := heap()
	ix := NewIndex(songs)
	perSong := float64(heap()-before) / float64(ix.Len())
	runtime.KeepAlive(ix)
	runtime.KeepAlive(songs)
	if perSong > 200 {
		t.Errorf("%.0f bytes a song", perSong)
	}
	t.Logf("%.0f bytes a song", perSong)
}

func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
