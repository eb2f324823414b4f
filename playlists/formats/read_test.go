package formats_test

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/formats"
)

func TestFilesOfOtherProgramsAreRead(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]playlists.Playlist{
		"listenbrainz.jspf": {Name: "Daily Jams", Summary: "<p>Songs for the road</p>", Curator: playlists.Curator{Name: "roadie"},
			Page: "https://listenbrainz.org/playlist/11111111-2222-4333-8444-555555555555", Tracks: []playlists.Track{
				{Title: "Jóga", Artist: "Björk", Album: "Homogenic", Duration: 305, ISRC: []string{"GBAYE9700001"},
					MBID: "aaaaaaaa-0000-4000-8000-000000000001", AlbumID: "cccccccc-0000-4000-8000-000000000001",
					Artists: []playlists.Artist{{Name: "Björk", MBID: "bbbbbbbb-0000-4000-8000-000000000001"}}},
				{Title: "For Whom the Bell Tolls", Artist: "Metallica", MBID: "aaaaaaaa-0000-4000-8000-000000000002"},
			}},
		"latin1.xspf": {Name: "Café", Tracks: []playlists.Track{{Title: "José & friends", Artist: "Los Cafés", Number: 2, Duration: 245}}},
		"navidrome.m3u8": {Name: "Road trip", Tracks: []playlists.Track{
			{Title: "For Whom the Bell Tolls", Artist: "Metallica", Duration: 309},
			{Title: "T.N.T.", Artist: "AC/DC"},
			{Title: "Sinnerman", Artist: "Nina Simone"},
		}},
		"exportify.csv": {Name: "exportify", Tracks: []playlists.Track{{Title: "Get Lucky", Artist: "Daft Punk, Pharrell Williams", Album: "Random Access Memories",
			AlbumBy: "Daft Punk", Year: 2013, Disc: 1, Number: 8, Duration: 370, ISRC: []string{"USQX91300108"}}}},
		"soundiiz.csv":    {Name: "soundiiz", Tracks: []playlists.Track{{Title: "One; or Two", Artist: "Kult", Album: "Spokojnie", ISRC: []string{"PLA508700123"}}}},
		"tunemymusic.csv": {Name: "Evening", Tracks: []playlists.Track{{Title: "Sinnerman", Artist: "Nina Simone", Album: "Pastel Blues", ISRC: []string{"USPR36500058"}}}},
		"excel.csv":       {Name: "excel", Tracks: []playlists.Track{{Title: "Jóga", Artist: "Björk", Duration: 305}}},
	} {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			data, err := os.ReadFile(filepath.Join("testdata", file))
			if err != nil {
				t.Fatal(err)
			}
			got, err := formats.Read("/some/where/"+file, data)
			want.Origin = playlists.File
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("read %v\n got %+v\nwant %+v", err, got, want)
			}
		})
	}
}

func TestTheContentDecidesNotTheName(t *testing.T) {
	t.Parallel()
	p, err := formats.Read("list.csv", []byte(`{"playlist":{"title":"T","track":[{"title":"One"}]}}`))
	if err != nil || p.Name != "T" || len(p.Tracks) != 1 {
		t.Errorf("a JSPF file called .csv: %+v, %v", p, err)
	}
}

func TestWhatIsNoPlaylistIsRefusedInPlainWords(t *testing.T) {
	t.Parallel()
	for what, c := range map[string]struct{ data, say string }{
		"empty":          {"", "names the columns"},
		"prose":          {"Dear Alice,\nhow are you?\n", "names the columns"},
		"half a JSPF":    {`{"playlist":{"tr`, "damaged"},
		"other JSON":     {`{"type":"OrderedCollection"}`, `no "playlist"`},
		"other XML":      {`<rss><channel/></rss>`, "damaged"},
		"entity bomb":    {`<!DOCTYPE p [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><playlist><title>&b;</title></playlist>`, "damaged"},
		"deep JSON":      {`{"playlist":` + strings.Repeat(`[`, 100_000), "damaged"},
		"a web page":     {"\n<!doctype html><html>", "web page"},
		"too many lines": {"#EXTM3U\n" + strings.Repeat("a.mp3\n", playlists.MaxTracks+1), "20000 tracks"},
		"too many rows":  {"title\n" + strings.Repeat("a\n", playlists.MaxTracks+1), "20000 tracks"},
		"too many items": {`{"playlist":{"track":[{}` + strings.Repeat(",{}", playlists.MaxTracks) + `]}}`, "20000 tracks"},
		"too large":      {strings.Repeat("x", formats.MaxBytes+1), "20 MB"},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			_, err := formats.Read("file", []byte(c.data))
			if playlists.CodeOf(err) != playlists.Invalid || !strings.Contains(playlists.Say(err), c.say) {
				t.Errorf("got %q, want a sentence with %q", playlists.Say(err), c.say)
			}
		})
	}
}

func TestM3UTagsAreAboutTheirTrackOrAboutAll(t *testing.T) {
	t.Parallel()
	p, err := formats.Read("a.m3u", []byte("#EXTM3U\n#EXTART:Various\n#EXTALB:Hits\n#EXTINF:10,Ann - One\na\n#EXTINF:20,Ann - Two - Three\n#EXTART:Ann\n#EXTALB:Own\nb\n"))
	want := []playlists.Track{
		{Title: "One", Artist: "Ann", AlbumBy: "Various", Album: "Hits", Duration: 10},
		{Title: "Two - Three", Artist: "Ann", Album: "Own", Duration: 20},
	}
	if err != nil || !reflect.DeepEqual(p.Tracks, want) {
		t.Errorf("got %+v, %v", p.Tracks, err)
	}
}

func TestDurationsOfTablesAreUnderstoodInEveryUnit(t *testing.T) {
	t.Parallel()
	for cell, want := range map[string]int{"245": 245, "4:05": 245, "1:04:05": 3845, "245000": 245, "": 0, "soon": 0, "-3": 0, "99999999999999999999": 0} {
		p, err := formats.Read("x.csv", []byte("Title,Duration\nA,"+cell+"\n"))
		if err != nil || p.Tracks[0].Duration != want {
			t.Errorf("%q: %+v, %v; want %d seconds", cell, p.Tracks, err, want)
		}
	}
}

func TestOnlyWebAddressesBecomePages(t *testing.T) {
	t.Parallel()
	for _, info := range []string{"javascript:alert(1)", "file:///etc/passwd", "https://user:secret@x.example/", "/relative", "https://"} {
		p, err := formats.Read("x.jspf", []byte(`{"playlist":{"title":"T","info":"`+info+`","track":[]}}`))
		if err != nil || p.Page != "" {
			t.Errorf("%q became the page %q, %v", info, p.Page, err)
		}
	}
}
