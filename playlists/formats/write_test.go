package formats_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/formats"
)

const page = "https://b.example/@alice_roadtrip"

// full has every field that a playlist of the journal can have, and texts that are hostile to one format or another.
func full() playlists.Playlist {
	return playlists.Playlist{Origin: playlists.File, Name: `=Road "trip" <2026> ]]> & more`, Summary: "Driving songs\n\n-- for you",
		Curator: playlists.Curator{Name: "Alice, A.", Handle: "@alice@b.example"}, Page: page,
		Updated: time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC),
		Tracks: []playlists.Track{
			{Title: "Jóga", Artist: "Björk", Artists: []playlists.Artist{{Name: "Björk", MBID: "bbbbbbbb-0000-4000-8000-000000000001"}}, Album: "Homogenic", AlbumBy: "Björk",
				AlbumID: "cccccccc-0000-4000-8000-000000000001", Duration: 305, Number: 2, Disc: 1, Year: 1997, MBID: "aaaaaaaa-0000-4000-8000-000000000001",
				ISRC: []string{"GBAYE9700001", "GBAYE9700002"}, Note: "because Alice;\nsays \"so\""},
			{Title: `=cmd|' /C calc'!A0`, Artist: "+1 - and - 2", Album: "'-quoted", AlbumBy: "''@twice", Note: "\t=x", Duration: 40_000},
			{Title: "No - Artist", ISRC: []string{"USEE19900112"}},
			{Title: "#EXTM3U", Artist: "</title><script>alert(1)</script>", Artists: []playlists.Artist{{Name: "A & B"}, {Name: "C"}}},
			{Title: "سلام", Artist: "🎵 ＝fullwidth"},
		}}
}

func TestEveryFormatReadsBackWhatItCarries(t *testing.T) {
	t.Parallel()
	for ext, lose := range map[string]func(*playlists.Playlist, *playlists.Track){
		"jspf": func(*playlists.Playlist, *playlists.Track) {},
		"xspf": func(*playlists.Playlist, *playlists.Track) {},
		"m3u8": func(p *playlists.Playlist, t *playlists.Track) {
			p.Summary, p.Curator, p.Page = "", playlists.Curator{}, ""
			if t.MBID != "" {
				t.ISRC = nil
			}
			*t = playlists.Track{Title: t.Title, Artist: t.Artist, Album: t.Album, Duration: t.Duration, MBID: t.MBID, ISRC: t.ISRC}
		},
		"csv": func(p *playlists.Playlist, t *playlists.Track) {
			p.Summary, p.Curator, p.Page, t.Artists = "", playlists.Curator{}, "", nil
		},
	} {
		t.Run(ext, func(t *testing.T) {
			t.Parallel()
			want := full()
			want.Updated = time.Time{} // when this version was recorded is not the file's to say
			for i := range want.Tracks {
				want.Tracks[i].Note = strings.TrimSpace(want.Tracks[i].Note)
				lose(&want, &want.Tracks[i])
			}
			got, err := formats.Read("x."+ext, written(t, ext, full()))
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("\n got %+v\nwant %+v", got, want)
			}
		})
	}
}

func TestAnEmptyPlaylistIsStillAFile(t *testing.T) {
	t.Parallel()
	for _, f := range formats.Formats() {
		got, err := formats.Read("Empty."+f.Extension, written(t, f.Extension, playlists.Playlist{Name: "Empty"}))
		if err != nil || got.Name != "Empty" || len(got.Tracks) != 0 {
			t.Errorf("%s: %+v, %v", f.Name, got, err)
		}
	}
}

func TestF96NoCellIsAFormula(t *testing.T) {
	t.Parallel()
	isWithoutFormulas(t, written(t, "csv", full()))
}

func TestF96AnM3UHasOneHarmlessLineForEachTrack(t *testing.T) {
	t.Parallel()
	p := full()
	p.Name, p.Tracks[0].Title = "Two\nlines", "Evil\r\nhttp://evil.example/x.mp3"
	var locations []string
	for line := range strings.Lines(string(written(t, "m3u8", p))) {
		if !strings.HasPrefix(line, "#") {
			locations = append(locations, strings.TrimSpace(line))
		}
	}
	want := []string{"urn:uuid:aaaaaaaa-0000-4000-8000-000000000001", "urn:x-songferry:track:2", "urn:isrc:USEE19900112", "urn:x-songferry:track:4", "urn:x-songferry:track:5"}
	if !reflect.DeepEqual(locations, want) {
		t.Errorf("a player would open %q", locations)
	}
}

func TestJSPFHasTheShapeThatListenBrainzReads(t *testing.T) {
	t.Parallel()
	var got map[string]map[string]any
	if err := json.Unmarshal(written(t, "jspf", full()), &got); err != nil {
		t.Fatal(err)
	}
	track := got["playlist"]["track"].([]any)[0].(map[string]any)
	ids := track["identifier"].([]any)
	if ids[0] != "https://musicbrainz.org/recording/aaaaaaaa-0000-4000-8000-000000000001" || ids[1] != "urn:isrc:GBAYE9700001" || track["duration"] != 305000.0 {
		t.Errorf("track: %v", track)
	}
	ext := track["extension"].(map[string]any)["https://musicbrainz.org/doc/jspf#track"].(map[string]any)
	if ext["release_identifier"] != "https://musicbrainz.org/release/cccccccc-0000-4000-8000-000000000001" || len(ext["artist_identifiers"].([]any)) != 1 {
		t.Errorf("extension: %v", ext)
	}
}

func TestAFormatIsFoundByItsExtension(t *testing.T) {
	t.Parallel()
	for _, f := range formats.Formats() {
		if got, ok := formats.ByExtension(f.Extension); !ok || got.Name != f.Name {
			t.Errorf("%s: %v %v", f.Extension, got.Name, ok)
		}
	}
	if _, ok := formats.ByExtension("exe"); ok {
		t.Error("exe is a format")
	}
}

func written(t testing.TB, ext string, p playlists.Playlist) []byte {
	t.Helper()
	f, ok := formats.ByExtension(ext)
	if !ok {
		t.Fatalf("no format %q", ext)
	}
	var b bytes.Buffer
	if err := f.Write(&b, p, formats.Place{Page: p.Page}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
