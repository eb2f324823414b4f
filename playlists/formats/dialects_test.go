package formats_test

import (
	"os"
	"path/filepath"
	"reflect"
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
				{Title: "For Whom the Bell Tolls", Artist: "Metallica", MBID: "aaaaaaaa-0000-4000-8000-000000000002",
					Artists: []playlists.Artist{{Name: "Metallica", MBID: "bbbbbbbb-0000-4000-8000-000000000002"}}},
			}},
		"listenbrainz.xspf": {Name: "Weekly Exploration", Curator: playlists.Curator{Name: "roadie"},
			Page: "https://listenbrainz.org/playlist/11111111-2222-4333-8444-555555555555", Tracks: []playlists.Track{
				{Title: "Jóga", Artist: "Björk", Album: "Homogenic", MBID: "aaaaaaaa-0000-4000-8000-000000000001", AlbumID: "cccccccc-0000-4000-8000-000000000001",
					Artists: []playlists.Artist{{Name: "Björk", MBID: "bbbbbbbb-0000-4000-8000-000000000001"}}},
			}},
		"draft.jspf": {Name: "1999", Curator: playlists.Curator{Handle: "@roadie@b.example"}, Page: "http://example.com/mixes/1999", Tracks: []playlists.Track{
			{Title: "Two lines of title", Artist: "A", Number: 1, Duration: 245, Artists: []playlists.Artist{{Name: "A", MBID: "bbbbbbbb-0000-4000-8000-000000000001"}}},
			{Title: "urn:isrc:GBAYE9700001", ISRC: []string{"GBAYE9700001"}},
			{Title: "Track 3 of the file, without a title", Artist: "B", Album: "C"},
		}},
		"latin1.xspf": {Name: "Café", Tracks: []playlists.Track{{Title: "José & friends", Artist: "Los Cafés", Number: 2, Duration: 245}}},
		"navidrome.m3u8": {Name: "Road trip", Tracks: []playlists.Track{
			{Title: "For Whom the Bell Tolls", Artist: "Metallica", Duration: 309},
			{Title: "T.N.T.", Artist: "AC/DC"},
			{Title: "Sinnerman", Artist: "Nina Simone"},
		}},
		"radio.m3u": {Name: "Sunday", Tracks: []playlists.Track{
			{Title: "Sinnerman", Artist: "Nina Simone", Album: "Pastel Blues (1965)", Duration: 615},
			{Title: "Nobody Knows You", Artist: "Nina Simone", Album: "Pastel Blues (1965)"},
		}},
		"navidrome-share.html": {Name: "Road & trip", Tracks: []playlists.Track{
			{Title: "Jóga <live>", Artist: "Björk", Album: "Homogenic", Duration: 305},
			{Title: `"Heroes"`, Artist: "David Bowie", Album: `"Heroes"`},
		}},
		"exportify.csv": {Name: "exportify", Tracks: []playlists.Track{{Title: "Get Lucky", Artist: "Daft Punk, Pharrell Williams", Album: "Random Access Memories",
			AlbumBy: "Daft Punk", Year: 2013, Disc: 1, Number: 8, Duration: 370, ISRC: []string{"USQX91300108"}}}},
		"exportify2.csv": {Name: "exportify2", Tracks: []playlists.Track{
			{Title: "Get Lucky", Artist: "Daft Punk, Pharrell Williams", Album: "Random Access Memories, Deluxe", Year: 2013, Duration: 370},
			{Title: `She said "no"`},
		}},
		"trackden.csv": {Name: "trackden", Tracks: []playlists.Track{
			{Title: "One", Artist: "Ann", Album: "First", ISRC: []string{"GBAYE9700001"}},
			{Title: "Track 2 of the file, without a title", Artist: "Ann", Album: "First"},
		}},
		"itunes.txt": {Name: "itunes", Tracks: []playlists.Track{
			{Title: `Café 12" mix`, Artist: "Ann", Album: "One", Duration: 215, Disc: 1, Number: 3, Year: 1999},
			{Title: "Two", Artist: "Ben", Duration: 61},
		}},
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
