package missing_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/missing"
)

func want(playlist string, t playlists.Track) missing.Row {
	return missing.Row{Track: t, Playlist: missing.Playlist{ID: playlists.ID("id of " + playlist), Name: playlist}, Why: missing.Reason{Kind: missing.NoArtist}}
}

// on makes a track of an album, with its number there.
func on(album, artist, title string, number int) playlists.Track {
	return playlists.Track{Title: title, Artist: artist, Album: album, Number: number}
}

// drawn writes albums down, one a line: name, tracks, who wants it.
func drawn(albums []missing.Album) string {
	var b strings.Builder
	for _, a := range albums {
		fmt.Fprintf(&b, "%s/%s:", a.Artist, a.Name)
		for _, t := range a.Tracks {
			fmt.Fprintf(&b, " %s (%s)", t.Title, strings.Join(t.Wanted(), "+"))
		}
		fmt.Fprintf(&b, " = %d\n", len(a.Playlists))
	}
	return b.String()
}

func TestWhatMostPlaylistsWantStandsFirst(t *testing.T) {
	t.Parallel()
	rows := []missing.Row{
		want("A", on("Debut", "Björk", "Human Behaviour", 1)), // three tracks, one playlist
		want("A", on("Debut", "Björk", "Crying", 2)),
		want("A", on("Debut", "Björk", "Venus as a Boy", 3)),
		want("A", on("Homogenic", "Björk", "Jóga", 2)), // two tracks, two playlists
		want("B", on("Homogenic", "Björk", "Hunter", 1)),
		want("C", playlists.Track{Title: "Bright Lights", Artist: "Zoe"}), // no album
		want("B", playlists.Track{Title: "Bright Lights", Artist: "Zoe"}),
		want("A", playlists.Track{Title: "bright lights", Artist: "Zoe"}),
		want("B", playlists.Track{Title: "Alone", Artist: "Zoe", Album: "Unknown Album"}),
		want("B", on("Post", "Björk", "Hyperballad", 3)),
		want("B", on("Anthem", "Björk", "Play Dead", 0)),
	}
	const drawing = `Zoe/: Bright Lights (A+B+C) = 3
Björk/Homogenic: Hunter (B) Jóga (A) = 2
Björk/Debut: Human Behaviour (A) Crying (A) Venus as a Boy (A) = 1
Björk/Anthem: Play Dead (B) = 1
Björk/Post: Hyperballad (B) = 1
Zoe/: Alone (B) = 1
`
	list := missing.Group(rows)
	if got := drawn(list.Get); got != drawing || len(list.Check) != 0 {
		t.Errorf("got\n%swant\n%s", got, drawing)
	}
}

func TestARecordingThatSeveralPlaylistsWantIsOneRow(t *testing.T) {
	t.Parallel()
	mbid := "aaaaaaaa-0000-4000-8000-000000000001"
	for _, c := range []struct {
		name, drawing string
		rows          []missing.Row
	}{
		{"editions and spellings", "Björk/Homogenic: Jóga (A+B+C) = 3\n", []missing.Row{
			want("A", playlists.Track{Title: "Jóga", Artist: "Björk", Album: "Homogenic", MBID: mbid}),
			want("B", playlists.Track{Title: "Joga - 2011 Remaster", Artist: "BJORK", Album: "Homogenic (Deluxe Edition)"}),
			want("C", playlists.Track{Title: "Jóga", Artist: "Björk"}),
		}},
		{"twice in one playlist", "Björk/Homogenic: Jóga (A) = 1\n", []missing.Row{
			want("A", on("Homogenic", "Björk", "Jóga", 2)), want("A", on("Homogenic", "Björk", "Jóga", 2)),
		}},
		{"two copies of one playlist", "Björk/Homogenic: Jóga (Sunday · bob) = 1\n", []missing.Row{
			{Track: on("Homogenic", "Björk", "Jóga", 2), Playlist: missing.Playlist{ID: "1", Name: "Sunday · bob"}},
			{Track: on("Homogenic", "Björk", "Jóga", 2), Playlist: missing.Playlist{ID: "1", Name: "Sunday · bob"}},
		}},
		{"two playlists of one name", "Björk/Homogenic: Jóga (Sunday+Sunday) = 2\n", []missing.Row{
			{Track: on("Homogenic", "Björk", "Jóga", 2), Playlist: missing.Playlist{ID: "1", Name: "Sunday"}},
			{Track: on("Homogenic", "Björk", "Jóga", 2), Playlist: missing.Playlist{ID: "2", Name: "Sunday"}},
		}},
		{"the album that most name", "Björk/Homogenic: Jóga (A+B+C) = 3\n", []missing.Row{
			want("A", on("Greatest Hits", "Björk", "Jóga", 4)), want("B", on("Homogenic", "Björk", "Jóga", 2)), want("C", on("Homogenic", "Björk", "Jóga", 2)),
		}},
		{"a live take is another", "Björk/Homogenic: Jóga (A) Jóga (live) (B) = 2\n", []missing.Row{
			want("A", on("Homogenic", "Björk", "Jóga", 2)), want("B", on("Homogenic", "Björk", "Jóga (live)", 0)),
		}},
		{"an intro is one on each album", "The xx/Coexist: Intro (A) = 1\nThe xx/xx: Intro (B) = 1\n", []missing.Row{
			want("A", on("Coexist", "The xx", "Intro", 1)), want("B", on("xx", "The xx", "Intro", 1)),
		}},
		{"rows without a name are not one", "/: Track 01 (A) = 1\n/: Track 01 (B) = 1\n", []missing.Row{
			want("A", playlists.Track{Title: "Track 01"}), want("B", playlists.Track{Title: "Track 01"}),
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := drawn(missing.Group(c.rows).Get); got != c.drawing {
				t.Errorf("got\n%swant\n%s", got, c.drawing)
			}
		})
	}
}

func TestAJoinedRowKeepsTheIdsThatAnyPlaylistKnows(t *testing.T) {
	t.Parallel()
	with := on("Greatest Hits", "Björk", "Jóga", 4)
	with.MBID, with.ISRC = "aaaaaaaa-0000-4000-8000-000000000001", []string{"GBAYE9700001"}
	plain := on("Homogenic", "Björk", "Jóga", 2)
	plain.AlbumID = "cccccccc-0000-4000-8000-000000000001"
	a := missing.Group([]missing.Row{want("A", plain), want("B", with), want("C", plain)}).Get[0]
	if tr := a.Tracks[0]; a.Name != "Homogenic" || a.Release != plain.AlbumID || tr.MBID != with.MBID || !reflect.DeepEqual(tr.ISRC, with.ISRC) {
		t.Errorf("%+v", a)
	}
}

func TestASamplerIsOneAlbumOfManyArtists(t *testing.T) {
	t.Parallel()
	one, two := on("Now 37", "Björk", "Jóga", 2), on("Now 37", "U2", "One", 1)
	one.AlbumBy, two.AlbumBy = "Various Artists", "various artists"
	if got := drawn(missing.Group([]missing.Row{want("A", one), want("B", two)}).Get); got != "various artists/Now 37: One (B) Jóga (A) = 2\n" {
		t.Error(got)
	}
}

func TestTracksWithoutAPlaceStandByTheNumbersInTheirTitles(t *testing.T) {
	t.Parallel()
	var rows []missing.Row
	for _, title := range []string{"Song 10", "Song 7", "Song 1", "Song 4b", "Song 4", "Song", "7", "Sóng 2", "Song 00000000000000000000000000012"} {
		rows = append(rows, want("A", on("Songs", "Ida", title, 0)))
	}
	rows = append(rows, want("A", on("Songs", "Ida", "Zebra", 2)), want("A", on("Songs", "Ida", "Yak", 10)))
	const drawing = "Ida/Songs: Zebra (A) Yak (A) 7 (A) Song (A) Song 1 (A) Song 4 (A) Song 4b (A) Song 7 (A) Song 10 (A) " +
		"Song 00000000000000000000000000012 (A) Sóng 2 (A) = 1\n"
	if got := drawn(missing.Group(rows).Get); got != drawing {
		t.Errorf("got\n%swant\n%s", got, drawing)
	}
}

func TestWhatIsToBeLookedAtStandsApartAndTheNearestReasonCounts(t *testing.T) {
	t.Parallel()
	row := func(playlist string, kind missing.Kind, check bool) missing.Row {
		r := want(playlist, on("Homogenic", "Björk", "Jóga", 2))
		r.Why.Kind, r.Check = kind, check
		return r
	}
	for _, c := range []struct {
		rows  []missing.Row
		why   missing.Kind
		check bool
	}{
		{[]missing.Row{row("A", missing.NoArtist, false), row("B", missing.NoSong, false)}, missing.NoSong, false},
		{[]missing.Row{row("A", missing.NoSong, false), row("B", missing.OtherVersion, false)}, missing.OtherVersion, false},
		{[]missing.Row{row("A", missing.OtherVersion, false), row("B", missing.Declined, false)}, missing.Declined, false},
		{[]missing.Row{row("A", missing.Declined, false), row("B", missing.OtherVersion, true)}, missing.OtherVersion, true},
		{[]missing.Row{row("A", missing.Near, true), row("B", missing.NoArtist, false)}, missing.Near, true},
	} {
		list := missing.Group(c.rows)
		here, other := list.Get, list.Check
		if c.check {
			here, other = other, here
		}
		if len(here) != 1 || len(other) != 0 || here[0].Tracks[0].Why.Kind != c.why || len(here[0].Playlists) != 2 {
			t.Errorf("%+v: %+v", c, list)
		}
	}
}

// library makes rows of n wanted tracks: albums of twelve, every track in one to four playlists.
func library(n int) (rows []missing.Row) {
	r := rand.New(rand.NewPCG(1, 2))
	for i := range n {
		t := on(fmt.Sprintf("Album %c%d", 'a'+i/12%26, i/12), fmt.Sprintf("Artist %d", i/60), fmt.Sprintf("Song about %d", i), 1+i%12)
		for range 1 + r.IntN(4) {
			rows = append(rows, want(fmt.Sprintf("Playlist %d", r.IntN(50)), t))
		}
	}
	return rows
}

func TestTheOrderOfTheRowsDoesNotMatter(t *testing.T) {
	t.Parallel()
	rows := library(500)
	first := missing.Group(rows)
	for seed := range uint64(5) {
		rand.New(rand.NewPCG(seed, 3)).Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		if !reflect.DeepEqual(missing.Group(rows), first) {
			t.Fatalf("shuffle %d gives another list", seed)
		}
	}
}

func TestEveryWantedTrackIsInTheListOnce(t *testing.T) {
	t.Parallel()
	rows := library(20_000)
	rows = rows[:20_000]
	titles := map[string]bool{}
	for _, r := range rows {
		titles[r.Track.Title] = true
	}
	list := missing.Group(rows)
	n, playlists := missing.Count(list.Get)
	if n != len(titles) || playlists != 50 {
		t.Errorf("%d tracks of %d, wanted by %d playlists", n, len(titles), playlists)
	}
	for _, tr := range list.Tracks() {
		delete(titles, tr.Title)
	}
	if len(titles) > 0 {
		t.Errorf("%d tracks were lost", len(titles))
	}
}

func BenchmarkGroup20k(b *testing.B) {
	rows := library(20_000)[:20_000]
	for b.Loop() {
		missing.Group(rows)
	}
}
