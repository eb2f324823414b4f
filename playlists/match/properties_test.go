package match

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/songferry/songferry/playlists"
)

// TestACopyOfALibraryResolvesToItself: with ids and without.
func TestACopyOfALibraryResolvesToItself(t *testing.T) {
	t.Parallel()
	songs := invented(4000, 7)
	ix := NewIndex(songs)
	bare := tracksOf(songs)
	for i := range bare {
		bare[i] = withoutID(bare[i])
	}
	for _, wanted := range [][]playlists.Track{tracksOf(songs), bare} {
		for i, r := range ix.Resolve(wanted, "") {
			if r.Class != Exact || r.Song != songs[i].ID {
				t.Errorf("%q by %q: %s, %+v", wanted[i].Title, wanted[i].Artist, r.Class, r.Candidates)
			}
		}
	}
}

func TestTheOrderOfTheLibraryDoesNotMatter(t *testing.T) {
	t.Parallel()
	songs := invented(4000, 5)
	var wanted []playlists.Track
	for i := range 200 {
		wanted = append(wanted, withSlip(songs[i*19].Track), withoutID(songs[i*20].Track))
	}
	wanted = append(wanted, tracksOf(invented(4000, 6)[:100])...)
	before := NewIndex(songs).Resolve(wanted, "")
	shuffled := slices.Clone(songs)
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	for i, r := range NewIndex(shuffled).Resolve(wanted, "") {
		if fmt.Sprint(r) != fmt.Sprint(before[i]) {
			t.Errorf("%q: %+v, then %+v", wanted[i].Title, before[i], r)
		}
	}
}

func TestUnrelatedSongsDoNotChangeAnExactAnswer(t *testing.T) {
	t.Parallel()
	songs := invented(1500, 8)
	wanted := tracksOf(songs)
	for i := range wanted {
		wanted[i] = withoutID(wanted[i])
	}
	before := NewIndex(songs).Resolve(wanted, "")
	for i, r := range NewIndex(append(invented(3000, 9), songs...)).Resolve(wanted, "") {
		if r.Class != before[i].Class || r.Song != before[i].Song {
			t.Errorf("%q: %s %s, then %s %s", wanted[i].Title, before[i].Class, before[i].Song, r.Class, r.Song)
		}
	}
}

// TestTheSameSaidInAnotherWay: what a person would not notice changes nothing.
func TestTheSameSaidInAnotherWay(t *testing.T) {
	t.Parallel()
	songs := invented(1500, 10)
	ix := NewIndex(songs)
	accents := strings.NewReplacer("a", "á", "o", "ö", "n", "ñ", "i", "ì")
	for name, change := range map[string]func(*playlists.Track){
		"capitals":  func(t *playlists.Track) { t.Title, t.Artist = strings.ToUpper(t.Title), strings.ToUpper(t.Artist) },
		"accents":   func(t *playlists.Track) { t.Title, t.Artist = accents.Replace(t.Title), accents.Replace(t.Artist) },
		"remaster":  func(t *playlists.Track) { t.Title += " - Remastered 2009" },
		"bracket":   func(t *playlists.Track) { t.Title += " [Album Version]" },
		"guest":     func(t *playlists.Track) { t.Title += " (feat. Somebody Else)" },
		"guest by":  func(t *playlists.Track) { t.Artist += " feat. Somebody Else" },
		"ampersand": func(t *playlists.Track) { t.Artist = strings.ReplaceAll(t.Artist, " & ", " and ") },
		"article":   func(t *playlists.Track) { t.Artist = strings.TrimPrefix(t.Artist, "The ") },
		"in title":  func(t *playlists.Track) { t.Title = t.Artist + " - " + t.Title },
		"spaces":    func(t *playlists.Track) { t.Title = "  " + strings.ReplaceAll(t.Title, " ", "  ") },
		"no album": func(t *playlists.Track) {
			if !strings.Contains(t.Album, "Live") { // which says what the track is
				t.Album, t.AlbumBy = "", ""
			}
		},
		"two longer": func(t *playlists.Track) { t.Duration += 2 },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wrong := 0
			for i := range songs {
				want := withoutID(songs[i].Track)
				change(&want)
				if r := ix.Resolve([]playlists.Track{want}, "")[0]; r.Song != songs[i].ID {
					if wrong++; wrong < 4 {
						t.Errorf("%q by %q on %q: %s, %+v", want.Title, want.Artist, want.Album, r.Class, r.Candidates)
					}
				}
			}
		})
	}
}

func FuzzResolve(f *testing.F) {
	f.Add("Jóga (live)", "Björk", "Homogenic", 305, 2, "Joga", "Bjork", "", 300, 2)
	f.Add("", "", "", 0, 0, "", "", "", 0, 0)
	f.Add("Pt. II - 007", "A & B, C", "Live", -5, -1, "(((", "!!!", "\xff", 1<<30, 1<<20)
	f.Add("012-", " ", "(1997)", 243, 4, "分裂", "王菲", "浮躁", 243, 4)
	f.Fuzz(func(t *testing.T, title, artist, album string, seconds, number int, title2, artist2, album2 string, seconds2, number2 int) {
		a := playlists.Track{Title: title, Artist: artist, Album: album, Duration: seconds, Number: number, MBID: album2, ISRC: []string{artist2}}
		b := playlists.Track{Title: title2, Artist: artist2, Album: album2, Duration: seconds2, Number: number2, MBID: album2, AlbumBy: title}
		c := playlists.Track{Title: title2, Artists: []playlists.Artist{{Name: artist}, {Name: artist2}}, Album: album, ISRC: []string{artist}}
		ix := NewIndex([]Song{{ID: "1", Track: b}, {ID: title, Track: a}, {ID: "0", Track: c}})
		for _, p := range []Policy{SameRelease, SameRecording, AnyVersion} {
			for _, r := range ix.Resolve([]playlists.Track{a, b, c}, p) {
				checkResolution(t, r)
			}
		}
		if s, ok := ix.Song("1"); title != "1" && title != "0" && (!ok || s.Title != title2 || s.Artist != artist2 || s.Duration != seconds2) {
			t.Errorf("kept %+v of %+v", s, b)
		}
	})
}

func checkResolution(t *testing.T, r Resolution) {
	if math.IsNaN(r.Score) || r.Score < 0 || r.Score > 1 || len(r.Candidates) > maxCandidates {
		t.Errorf("%+v", r)
	}
	if r.Song != "" && (!r.Class.Automatic() || r.Candidates[0].Song != r.Song) || len(r.Why) == 0 {
		t.Errorf("%+v", r)
	}
	for _, c := range r.Candidates {
		if strings.TrimSpace(said(c.Why)) == "" || c.Score < 0 || c.Score > 1 {
			t.Errorf("%+v", c)
		}
	}
}
