package formats_test

import (
	"reflect"
	"runtime"
	"strings"
	"testing"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/formats"
)

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
		"empty":        {"", "This one is empty"},
		"prose":        {"Dear Alice,\nhow are you?\n", "names the columns"},
		"a photo":      {"\xff\xd8\xff\xe0\x00\x10JFIF", "JSPF, XSPF, M3U8 and CSV"},
		"other JSON":   {`{"type":"OrderedCollection"}`, `no "playlist"`},
		"other XML":    {`<?xml version="1.0"?>` + "\n<rss><channel/></rss>", "line 2 begins something else"},
		"a web page":   {"\n<!doctype html><html>", "web page"},
		"XHTML":        {"<?xml version=\"1.0\"?>\n<!-- a page -->\n<html xmlns=\"http://www.w3.org/1999/xhtml\">", "web page"},
		"no share":     {"<html><script>window.__SHARE_INFO__ =  null </script>", "web page"},
		"a stream":     {"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:9,\n1.ts\n", "line 2 says so"},
		"two lists":    {"Title,Playlist name\nA,One\nB,One\n\nC,Two\n", "another begins in line 5"},
		"too large":    {strings.Repeat("x", formats.MaxBytes+1), "20 MB"},
		"a list alone": {`{"playlist":{"track":{"title":"A"}}}`, "tracks are not a list"},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			isRefused(t, c.data, c.say)
		})
	}
}

func isRefused(t *testing.T, data, say string) {
	t.Helper()
	p, err := formats.Read("file", []byte(data))
	if playlists.CodeOf(err) != playlists.Invalid || !strings.Contains(playlists.Say(err), say) {
		t.Errorf("got %q, want a sentence with %q", playlists.Say(err), say)
	}
	if !reflect.DeepEqual(p, playlists.Playlist{}) {
		t.Errorf("and all the same %d tracks of %q", len(p.Tracks), p.Name)
	}
}

func TestADamagedFileIsRefusedWithTheLineAtFault(t *testing.T) {
	t.Parallel()
	for what, c := range map[string]struct{ data, say string }{
		"half a JSPF":          {"{\"playlist\":\n {\"title\":\"é\",\"tr", "line 2, character 17"},
		"a comma too many":     {"{\"playlist\":{\"track\":[\n{},\n]}}", "line 3, character 1"},
		"a list for an object": {"{\"playlist\":\n[]}", "line 2"},
		"a list for a text":    {`{"playlist":{"track":[{"title":"A"},{"title":["B"]}]}}`, "Track 2 of the JSPF file"},
		"a text for a track":   {`{"playlist":{"track":["A"]}}`, "Track 1 of the JSPF file"},
		"half an XSPF":         {"<playlist>\n<trackList>\n<track><title>A</title></track>", "line 3"},
		"crossed elements":     {"<playlist>\n<title>A</playlist>", "line 2"},
		"an entity bomb":       {"<!DOCTYPE p [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]>\n<playlist><title>&b;</title></playlist>", "line 2"},
		"an open quote":        {"Title,Artist\nA,B\n\"C,D\nE,F\n", "line 3"},
		"a quote in a quote":   {"Title,Artist\n\"A\",B\n\"C\" (live),D\n\"E\",F\n", "line 3"},
		"a comma in a text":    {"Title,Artist\nA,B\nHello, Goodbye,The Lanterns\n", "line 3"},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			isRefused(t, c.data, c.say)
		})
	}
}

// TestAHostileFileIsRefusedBeforeItIsRead is not parallel: it measures the memory of the process.
func TestAHostileFileIsRefusedBeforeItIsRead(t *testing.T) {
	const mega = 1 << 20
	for what, c := range map[string]struct{ data, say string }{
		"too many lines":   {"#EXTM3U\n" + strings.Repeat("a.mp3\n", playlists.MaxTracks+1), "20000 tracks"},
		"too many rows":    {"title\n" + strings.Repeat("a\n", playlists.MaxTracks+1), "20000 tracks"},
		"too many items":   {`{"playlist":{"track":[{}` + strings.Repeat(",{}", 5*mega) + `]}}`, "20000 tracks"},
		"too many tracks":  {"<playlist><trackList>" + strings.Repeat("<track/>", 2*mega), "20000 tracks"},
		"too many shared":  {`<html><script>window.__SHARE_INFO__ = "{\"tracks\":[{}` + strings.Repeat(",{}", mega) + `]}"`, "20000 tracks"},
		"deep JSON":        {`{"playlist":` + strings.Repeat(`[`, 4*mega), "character 100"},
		"deep XML":         {"<playlist>" + strings.Repeat("<a>", 4*mega), "damaged at line 1"},
		"attributes":       {"<playlist " + strings.Repeat(`a="" `, 3*mega) + ">", "damaged at line 1"},
		"a row of commas":  {"title\na\n" + strings.Repeat(",", 15*mega), "behind line 2"},
		"a header of them": {"title" + strings.Repeat(",", 15*mega), "names the columns"},
	} {
		t.Run(what, func(t *testing.T) {
			used := allocated(func() { isRefused(t, c.data, c.say) })
			// The files themselves have up to 16 MB, and are kept twice where they are turned into a string.
			if used > 128*mega {
				t.Errorf("%d MB were needed", used/mega)
			}
		})
	}
}

// allocated returns how many bytes fn allocates, in all.
func allocated(fn func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	fn()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
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

func TestATrackThatIsOnlyAFileIsCalledAsTheFileIs(t *testing.T) {
	t.Parallel()
	for what, data := range map[string]string{
		"XSPF": `<playlist xmlns="http://xspf.org/ns/0/"><trackList>` +
			`<track><location>file:///C:/Music/Queen%20-%20Innuendo.flac</location></track>` +
			`<track><creator>Queen</creator><location>01%20-%20Headlong.mp3</location></track></trackList></playlist>`,
		"JSPF": `{"playlist":{"track":[{"location":["file:///music/Queen%20-%20Innuendo.flac"]},{"creator":"Queen","location":"01%20-%20Headlong.mp3"}]}}`,
	} {
		p, err := formats.Read("list", []byte(data))
		want := []playlists.Track{{Artist: "Queen", Title: "Innuendo"}, {Artist: "Queen", Title: "Headlong"}}
		if err != nil || !reflect.DeepEqual(p.Tracks, want) {
			t.Errorf("%s: %+v, %v", what, p.Tracks, err)
		}
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

func TestQuotationMarksOfTablesAreReadAsTheyAreMeant(t *testing.T) {
	t.Parallel()
	for table, want := range map[string]playlists.Track{
		"Title,Artist\n12\" mix,Ann \"A\" B\n":              {Title: `12" mix`, Artist: `Ann "A" B`},
		"Title, Artist\nHello, \"Smith, Ann\"\n":            {Title: "Hello", Artist: "Smith, Ann"},
		"\"Title\",\"Artist\"\n\"12\"\" mix\",\"A\nB\"\n":   {Title: `12" mix`, Artist: "A B"},
		"Title;Artist\r\n\"A;B\";C\r\n":                     {Title: "A;B", Artist: "C"},
		"Title\tAlbum\tArtist\nA, B; C\t\tD\n":              {Title: "A, B; C", Artist: "D"},
		"\n\nTitle\tArtist\n\"A\tB\"\tC\n":                  {Title: "A B", Artist: "C"},
		"Title,Artist,Album\nA,B,\nC\n":                     {Title: "A", Artist: "B"},
		"TITLE,artist-name,\nA,B,\n":                        {Title: "A", Artist: "B"},
		"Title,Artist,Artist Name(s)\nA,,\"B; C;D\"\n":      {Title: "A", Artist: "B, C, D"},
		"Track Name,Track Title,Artist\nFirst,Second,Ann\n": {Title: "First", Artist: "Ann"},
	} {
		p, err := formats.Read("x.csv", []byte(table))
		if err != nil || !reflect.DeepEqual(p.Tracks[0], want) {
			t.Errorf("%q: %+v, %v", table, p.Tracks, err)
		}
	}
}
