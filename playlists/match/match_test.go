package match

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/songferry/songferry/playlists"
)

// resolve1 resolves one track against a library whose song ids are "0", "1", …
func resolve1(want playlists.Track, p Policy, library ...playlists.Track) Resolution {
	var songs []Song
	for i, t := range library {
		songs = append(songs, Song{ID: fmt.Sprint(i), Track: t})
	}
	return NewIndex(songs).Resolve([]playlists.Track{want}, p)[0]
}

func said(why []Reason) string {
	var out []string
	for _, r := range why {
		out = append(out, r.String())
	}
	return strings.Join(out, "; ")
}

const mbid = "0e8a1d3c-5b9a-4f0e-9d53-3a3d1a7c0001"

func TestARecordingIDFindsTheFileUnderAnotherName(t *testing.T) {
	t.Parallel()
	r := resolve1(playlists.Track{Title: "The Fifth", Artist: "Wiener Philharmoniker", MBID: mbid, Duration: 440}, "",
		playlists.Track{Title: "The Fifth: first", Artist: "Beethoven", MBID: strings.ToUpper(mbid), Duration: 441})
	if r.Class != Exact || r.Song != "0" || !strings.HasPrefix(said(r.Why), "same recording id") {
		t.Errorf("%+v", r)
	}
}

func TestARecordingIDOnAnotherSongIsAMistakenTag(t *testing.T) {
	t.Parallel()
	r := resolve1(playlists.Track{Title: "Yesterday", Artist: "The Beatles", MBID: mbid, Duration: 125}, "",
		playlists.Track{Title: "Enter Sandman", Artist: "Metallica", MBID: mbid, Duration: 331})
	if r.Class != Review || r.Song != "" || len(r.Candidates) != 1 {
		t.Errorf("%+v", r)
	}
}

func TestAnISRCNeedsASecondSignal(t *testing.T) {
	t.Parallel()
	code := []string{"GBAYE0601498"}
	want := playlists.Track{Title: "Clair de lune", Artist: "Debussy", ISRC: []string{"gb-aye-06-01498"}, Duration: 300}
	if r := resolve1(want, "", playlists.Track{Title: "Clair de lune (L. 75)", Artist: "Pascal Rogé", ISRC: code, Duration: 301}); r.Class != Exact {
		t.Errorf("similar title: %+v", r)
	}
	if r := resolve1(want, "", playlists.Track{Title: "Golliwogg's Cakewalk", Artist: "Debussy", ISRC: code, Duration: 170}); r.Class.Automatic() {
		t.Errorf("another piece: %+v", r)
	}
}

// TestOtherVersionsAreNeverChosen: the library has only the second title of each pair.
func TestOtherVersionsAreNeverChosen(t *testing.T) {
	t.Parallel()
	for _, c := range [][2]string{
		{"Wish You Were Here", "Wish You Were Here - Live"},
		{"Wish You Were Here (Live)", "Wish You Were Here"},
		{"Hurt", "Hurt (live)"},
		{"Shine On, Pt. 1", "Shine On, Pt. 2"},
		{"Symphony No. 5: I. Allegro", "Symphony No. 7: I. Allegro"},
		{"Paradise (Fedde le Grand Remix)", "Paradise (Tiësto Remix)"},
		{"Paradise", "Paradise (Tiësto Remix)"},
		{"Hello", "Hello (Karaoke Version)"},
		{"Hello", "Hello (Instrumental)"},
		{"Love Story", "Love Story (Taylor's Version)"},
		{"Song (Live at Wembley)", "Song (Live in Paris)"},
		{"Suite A", "Suite B"},
		{"Пісня (ремикс)", "Пісня"},
		{"Intro", "Outro"},
		{"Night Light", "Night Fight"},
		{"Song (Live at Wembley 1985)", "Song (Live at Wembley 1986)"},
	} {
		r := resolve1(playlists.Track{Title: c[0], Artist: "Some Artist"}, "", playlists.Track{Title: c[1], Artist: "Some Artist"})
		if r.Class.Automatic() {
			t.Errorf("%q → %q: %s, %s", c[0], c[1], r.Class, said(r.Why))
		}
	}
}

// TestTheSameRecordingUnderAnotherName: the library has only the second row of each pair.
func TestTheSameRecordingUnderAnotherName(t *testing.T) {
	t.Parallel()
	for _, c := range [][2]playlists.Track{
		{{Title: "Heroes - 2017 Remaster", Artist: "David Bowie", Duration: 371}, {Title: "“Heroes”", Artist: "David Bowie", Duration: 370}},
		{{Title: "Under Pressure", Artist: "Queen & David Bowie"}, {Title: "Under Pressure", Artist: "Queen, David Bowie"}},
		{{Title: "Another Brick in the Wall, Pt. 2", Artist: "Pink Floyd"}, {Title: "Another Brick in the Wall (Part II)", Artist: "Pink Floyd"}},
		{{Title: "Тёмная ночь", Artist: "Марк Бернес"}, {Title: "Темная Ночь", Artist: "Марк Бернес"}},
		{{Title: "Bohemian Rapsody", Artist: "Queen", Duration: 354}, {Title: "Bohemian Rhapsody", Artist: "Queen", Duration: 355}},
		{{Title: "Queen - Bohemian Rhapsody"}, {Title: "Bohemian Rhapsody", Artist: "Queen"}},
	} {
		if r := resolve1(c[0], "", c[1]); !r.Class.Automatic() {
			t.Errorf("%q → %q: %s, %s", c[0].Title, c[1].Title, r.Class, said(r.Candidates[0].Why))
		}
	}
}

func TestAmongReleasesTheOneAskedForThenTheAlbumIsChosen(t *testing.T) {
	t.Parallel()
	on := func(album, by string) playlists.Track {
		return playlists.Track{Title: "Jóga", Artist: "Björk", Album: album, AlbumBy: by, Duration: 305}
	}
	library := []playlists.Track{on("Live at Shepherds Bush", "Björk"), on("Now 37", "Various Artists"), on("Greatest Hits", "Björk"), on("Jóga", "Björk"), on("Homogenic", "Björk")}
	for asked, want := range map[string]string{"": "4", "Greatest Hits": "2", "Some Sampler": "4", "Now 37": "1"} {
		if r := resolve1(on(asked, ""), "", library...); r.Song != want {
			t.Errorf("asked for %q: song %q (%s), want %s", asked, r.Song, r.Class, want)
		}
	}
	if r := resolve1(on("", ""), "", library[:4]...); r.Song != "3" {
		t.Errorf("single before compilation: song %q", r.Song)
	}
}

func TestOneSongInTwoLengthsIsTakenFromTheAlbumButIsNotCertain(t *testing.T) {
	t.Parallel()
	single := playlists.Track{Title: "Jóga", Artist: "Björk", Album: "Jóga", Duration: 200}
	album := playlists.Track{Title: "Jóga", Artist: "Björk", Album: "Homogenic", Duration: 305}
	if r := resolve1(playlists.Track{Title: "Jóga", Artist: "Björk"}, "", single, album); r.Class != Likely || r.Song != "1" {
		t.Errorf("%s song %q", r.Class, r.Song)
	}
	if r := resolve1(playlists.Track{Title: "Jóga", Artist: "Björk", Duration: 201}, "", single, album); r.Class != Exact || r.Song != "0" {
		t.Errorf("%s song %q", r.Class, r.Song)
	}
}

// TestOtherArtistsAreNeverChosen: the library has the same title by the second.
func TestOtherArtistsAreNeverChosen(t *testing.T) {
	t.Parallel()
	for _, c := range [][2]string{
		{"Fire", "Earth, Wind & Fire"}, {"Prince", "Prince Royce"}, {"Nirvana", "Nirvana Tribute Band"}, {"Abba", "Björn Again"},
		{"U2", "UB40"}, {"", "Abba"}, {"Various Artists", "Abba"}, {"久石譲", "Joe Hisaishi"},
	} {
		r := resolve1(playlists.Track{Title: "Fantasy", Artist: c[0]}, "", playlists.Track{Title: "Fantasy", Artist: c[1]})
		if r.Class.Automatic() {
			t.Errorf("%q → %q: %s, %s", c[0], c[1], r.Class, said(r.Why))
		}
	}
}

func TestPolicies(t *testing.T) {
	t.Parallel()
	want := playlists.Track{Title: "Jóga", Artist: "Björk", Album: "Homogenic", Duration: 305}
	elsewhere := playlists.Track{Title: "Jóga", Artist: "Björk", Album: "Greatest Hits", Duration: 305}
	concert := playlists.Track{Title: "Jóga (live)", Artist: "Björk", Album: "Vespertine Live", Duration: 340}
	for _, c := range []struct {
		policy Policy
		file   playlists.Track
		class  Class
	}{
		{"", elsewhere, Exact}, {SameRecording, elsewhere, Exact}, {SameRelease, elsewhere, Review}, {AnyVersion, elsewhere, Exact},
		{SameRelease, want, Exact}, {"", concert, Review}, {AnyVersion, concert, Likely},
	} {
		if r := resolve1(want, c.policy, c.file); r.Class != c.class {
			t.Errorf("%q, %q: %s, want %s; %s", c.policy, c.file.Title, r.Class, c.class, said(r.Why))
		}
	}
	if r := resolve1(want, AnyVersion, concert, elsewhere); r.Song != "1" {
		t.Errorf("AnyVersion takes song %s although the recording itself is there", r.Song)
	}
	if r := resolve1(want, AnyVersion, concert); !strings.Contains(said(r.Why), "live, which was not asked for") {
		t.Errorf("AnyVersion says %q", said(r.Why))
	}
}

func TestReasonsAreWordsForAPerson(t *testing.T) {
	t.Parallel()
	want := playlists.Track{Title: "Jóga", Artist: "Björk", Album: "Homogenic", Duration: 305}
	for _, c := range []struct {
		file playlists.Track
		say  string
	}{
		{playlists.Track{Title: "Jóga - 2011 Remaster", Artist: "Björk", Album: "Best of", Duration: 307}, "title same after dropping “2011 Remaster”; artist same; 2 s longer; other album"},
		{playlists.Track{Title: "Jóga (Alec Empire mix)", Artist: "Björk"}, "title same; artist same; not chosen: remix"},
	} {
		if got := said(resolve1(want, "", c.file).Candidates[0].Why); got != c.say {
			t.Errorf("got %q, want %q", got, c.say)
		}
	}
	for say, file := range map[string]playlists.Track{
		"nothing like it is here":           {Title: "Smells Like", Artist: "Nirvana"},
		"the artist is here, not this song": {Title: "Hunter", Artist: "Björk"},
	} {
		if got := said(resolve1(want, "", file).Why); got != say {
			t.Errorf("got %q, want %q", got, say)
		}
	}
}

// TestAMissingRowSaysWhatTheLibraryHasInstead: beside hundreds of songs of other artists.
func TestAMissingRowSaysWhatTheLibraryHasInstead(t *testing.T) {
	t.Parallel()
	want := playlists.Track{Title: "Jóga (live at Shepherds Bush)", Artist: "Björk feat. Dagný", Album: "Live Box", Duration: 305}
	for say, file := range map[string]playlists.Track{
		"nothing like it is here":                        {Title: "Army of Me", Artist: "Dagný"},
		"the artist is here, not this song":              {Title: "Generous Palmstroke of a Hunter", Artist: "BJORK", Album: "Army of Me", Duration: 71},
		"only another version is here: another live":     {Title: "Jóga (live in Paris)", Artist: "Björk"},
		"only another version is here: karaoke or cover": {Title: "Jóga (karaoke version)", Artist: "Björk"},
	} {
		r := resolve1(want, "", append(tracksOf(invented(500, 4)), file)...)
		if got := said(r.Why); r.Class != Missing || got != say {
			t.Errorf("%s – %s: %s, %q, want %q", file.Artist, file.Title, r.Class, got, say)
		}
	}
}

func TestTitleAndArtistMayBeExchanged(t *testing.T) {
	t.Parallel()
	joga := playlists.Track{Title: "Jóga", Artist: "Björk", Album: "Homogenic", Duration: 305}
	for _, want := range []playlists.Track{{Title: "Bjork", Artist: "Joga"}, {Title: "Björk", Artist: "Jóga", Duration: 306}} {
		if r := resolve1(want, "", joga); r.Class != Likely || r.Song == "" || !strings.Contains(said(r.Why), "title and artist exchanged") {
			t.Errorf("%+v: %s %q", want, r.Class, said(r.Why))
		}
	}
	for _, want := range []playlists.Track{{Title: "Björk", Artist: "Hunter"}, {Title: "Björk", Artist: "Joga (live)"}, {Title: "Bjorn", Artist: "Joga"}} {
		if r := resolve1(want, "", joga); r.Class.Automatic() {
			t.Errorf("%+v: %s %q", want, r.Class, said(r.Why))
		}
	}
	// An artist that the library knows is one, whatever the other word.
	if r := resolve1(playlists.Track{Title: "Björk", Artist: "Jóga"}, "", joga, playlists.Track{Title: "Other", Artist: "Joga"}); r.Class.Automatic() {
		t.Errorf("two artists: %s %q", r.Class, said(r.Why))
	}
}

func TestTwoFilesThatFitEquallyAreForAPersonToChoose(t *testing.T) {
	t.Parallel()
	r := resolve1(playlists.Track{Title: "Intro", Artist: "The xx", Album: "xx", Duration: 127}, "",
		playlists.Track{Title: "Intro", Artist: "The xx", Album: "xx", Duration: 126},
		playlists.Track{Title: "Intro", Artist: "The xx", Album: "xx", Duration: 129})
	if r.Class != Review || !strings.Contains(said(r.Why), "another file fits as well") {
		t.Errorf("%s: %s", r.Class, said(r.Why))
	}
}

func TestOneAnswerPerRowInOrderAndAtMostFiveCandidates(t *testing.T) {
	t.Parallel()
	var songs []Song
	for i := range 30 {
		songs = append(songs, Song{ID: fmt.Sprint(i), Track: playlists.Track{Title: "Same Song", Artist: "A", Duration: 100 + 20*i}})
	}
	wanted := []playlists.Track{{Title: "Same Song", Artist: "A"}, {}, {Title: "Same Song", Artist: "A", Duration: 140}, {Title: "Same Song", Artist: "A"}}
	out := NewIndex(songs).Resolve(wanted, "")
	if len(out) != len(wanted) {
		t.Fatalf("%d answers", len(out))
	}
	for i, r := range out {
		if len(r.Candidates) > maxCandidates || (r.Song != "") != r.Class.Automatic() {
			t.Errorf("row %d: %+v", i, r)
		}
	}
	if out[1].Class != Missing || out[2].Song != "2" || fmt.Sprint(out[0]) != fmt.Sprint(out[3]) {
		t.Errorf("%v", out)
	}
}

func TestAnIndexServesManyAtOnce(t *testing.T) {
	t.Parallel()
	songs := invented(1000, 6)
	ix := NewIndex(songs)
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			for j, r := range ix.Resolve(tracksOf(songs[i*100:][:100]), "") {
				if !r.Class.Automatic() {
					t.Errorf("song %d is %s", i*100+j, r.Class)
				}
			}
		})
	}
	wg.Wait()
}

func TestSongsAreFoundByID(t *testing.T) {
	t.Parallel()
	ix := NewIndex([]Song{{ID: "b"}, {ID: "a", Track: playlists.Track{Title: "T"}}})
	if s, ok := ix.Song("a"); !ok || s.Title != "T" || ix.Len() != 2 {
		t.Errorf("%v %v", s, ok)
	}
	if _, ok := ix.Song("c"); ok {
		t.Error("found what is not there")
	}
	if r := NewIndex(nil).Resolve([]playlists.Track{{Title: "X"}}, ""); r[0].Class != Missing {
		t.Errorf("an empty library has %+v", r)
	}
}

func TestTracksOfSeveralPlaylistsAreToldApartByWhatTheirTextSays(t *testing.T) {
	t.Parallel()
	joga := playlists.Track{Title: "Jóga", Artist: "Björk", Album: "Homogenic", AlbumBy: "Björk"}
	intro := playlists.Track{Title: "Intro", Artist: "The xx", Album: "xx"}
	for _, c := range []struct {
		name                string
		a, b                playlists.Track
		sameSong, sameAlbum bool
	}{
		{"an edition is no other album", joga, playlists.Track{Title: "Joga - 2011 Remaster", Artist: "BJÖRK", Album: "Homogenic (Deluxe Edition)"}, true, true},
		{"a compilation is", joga, playlists.Track{Title: "Jóga", Artist: "Björk", Album: "Now 37", AlbumBy: "Various Artists"}, true, false},
		{"a live take is another song", joga, playlists.Track{Title: "Jóga (live)", Artist: "Björk", Album: "Homogenic"}, false, true},
		{"guests of a track do not make another album", playlists.Track{Title: "A", Artist: "Gorillaz feat. De La Soul", Album: "Plastic Beach"},
			playlists.Track{Title: "B", Artist: "Gorillaz", Album: "Plastic Beach"}, false, true},
		{"one name, two artists", playlists.Track{Title: "One", Artist: "U2", Album: "Best of"}, playlists.Track{Title: "One", Artist: "Metallica", Album: "Best of"}, false, false},
		{"a sampler's tracks are of many artists", playlists.Track{Title: "One", Artist: "U2", Album: "Now 37", AlbumBy: "Various"},
			playlists.Track{Title: "Jóga", Artist: "Björk", Album: "Now 37", AlbumBy: "Various Artists"}, false, true},
		{"an intro belongs to its album", intro, playlists.Track{Title: "Intro", Artist: "The xx", Album: "Coexist"}, false, false},
	} {
		a, b := Identify(c.a), Identify(c.b)
		if (a.Recording == b.Recording) != c.sameSong || (a.Album == b.Album) != c.sameAlbum {
			t.Errorf("%s: %+v, %+v", c.name, a, b)
		}
	}
	for _, nameless := range []playlists.Track{{}, {Title: "Track 01"}, {Artist: "Björk"}, {Title: "Untitled", Artist: "Unknown Artist", Album: "Unknown Album"}} {
		if id := Identify(nameless); id != (Identity{}) {
			t.Errorf("%+v says who it is: %+v", nameless, id)
		}
	}
}

func TestTheTracksOfOneAlbumAreTakenFromOneRelease(t *testing.T) {
	t.Parallel()
	on := func(title, album string, seconds int) playlists.Track {
		return playlists.Track{Title: title, Artist: "Björk", Album: album, Duration: seconds}
	}
	var songs []Song
	for i, track := range []playlists.Track{
		on("Hunter", "Alarm Call", 255), on("Jóga", "Alarm Call", 305), on("Unravel", "Alarm Call", 201),
		on("Jóga", "Altogether", 305),
	} {
		songs = append(songs, Song{ID: fmt.Sprint(9 - i), Track: track})
	}
	ix := NewIndex(songs)
	alone := ix.Resolve([]playlists.Track{on("Jóga", "Homogenic", 305)}, "")[0]
	if alone.Song != "6" {
		t.Errorf("alone: song %q, want the one with the lowest id", alone.Song)
	}
	together := ix.Resolve([]playlists.Track{on("Hunter", "Homogenic", 255), on("Jóga", "Homogenic", 305), on("Unravel", "Homogenic", 201)}, "")
	if r := together[1]; r.Song != "8" || r.Candidates[0].Song != "8" || r.Candidates[1].Song != "6" || !strings.Contains(said(r.Why), "other tracks of its album") {
		t.Errorf("beside two of its album: %+v", r)
	}
}

func TestTheRunnerUpSaysWhyItIsNotChosen(t *testing.T) {
	t.Parallel()
	want := playlists.Track{Title: "Jóga", Artist: "Björk", Album: "Homogenic", Duration: 305}
	for _, c := range []struct {
		other playlists.Track
		say   string
	}{
		{playlists.Track{Title: "Jóga", Artist: "Björk", Album: "Volumen", Duration: 305}, "not chosen: on another album than the one chosen"},
		{playlists.Track{Title: "Jóga", Artist: "Björk", Album: "Homogenic", Duration: 308}, "not chosen: the one chosen is nearer in length"},
		{playlists.Track{Title: "Jóga (live)", Artist: "Björk", Album: "Homogenic", Duration: 340}, "not chosen: live"},
		{playlists.Track{Title: "Jóga", Artist: "Björk", Album: "Homogenic", Duration: 305}, "not chosen: as good as the one chosen"},
	} {
		r := resolve1(want, "", want, c.other)
		if r.Song != "0" || len(r.Candidates) != 2 || !strings.Contains(said(r.Candidates[1].Why), c.say) {
			t.Errorf("%q: %s %q, %+v", c.say, r.Class, r.Song, r.Candidates)
		}
	}
}
