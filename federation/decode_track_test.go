package federation

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/songferry/songferry/playlists"
)

func trackOf(t *testing.T, item string) playlists.Track {
	t.Helper()
	var o object
	if err := json.Unmarshal([]byte(item), &o); err != nil {
		t.Fatal(err)
	}
	tr, ok := decodeTrack(o)
	if !ok {
		t.Fatalf("%s is no track", item)
	}
	return tr
}

func TestF97IdentifiersAreCheckedOnArrival(t *testing.T) {
	t.Parallel()
	tr := trackOf(t, `{"type":"Audio","name":"x","track":{"musicbrainzId":"../../etc/passwd","isrc":["us-ee1-99-00112","=cmd|","`+strings.Repeat("9", 10_000)+`",7],
		"album":{"musicbrainzId":"E8F70201-8899-3F0C-9E07-5D6495BC8046"}}}`)
	if tr.MBID != "" || tr.AlbumID != "e8f70201-8899-3f0c-9e07-5d6495bc8046" || len(tr.ISRC) != 1 || tr.ISRC[0] != "USEE19900112" {
		t.Errorf("got %+v", tr)
	}
}

func TestNotesLoseTheirMarkup(t *testing.T) {
	t.Parallel()
	tr := trackOf(t, `{"type":"Audio","name":"x","content":"<p>because <b onclick=evil()>Alice</b> &lt;3<br>bells</p><script>evil()</script><img src=x onerror=evil()>"}`)
	if want := "because Alice <3\nbells"; tr.Note != want {
		t.Errorf("got %q, want %q", tr.Note, want)
	}
}

func TestC59TextsAreCleanedAndBounded(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("ä", 1_000_000)
	tr := trackOf(t, `{"type":"Audio","name":"a\u0000b\u202ec\n#EXTM3U\u001b[31m","content":"`+long+`","track":{"artist_credit":[{"credit":"`+long+`","joinphrase":"`+long+`"}]}}`)
	if tr.Title != "abc #EXTM3U[31m" {
		t.Errorf("title is %q", tr.Title)
	}
	if utf8.RuneCountInString(tr.Artist) > playlists.MaxText || utf8.RuneCountInString(tr.Note) > playlists.MaxNote {
		t.Errorf("artist of %d, note of %d runes", utf8.RuneCountInString(tr.Artist), utf8.RuneCountInString(tr.Note))
	}
}

func TestDurationsOfAnyDialectAreRead(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]int{
		`"PT5M9S"`: 309, `"pt5m9s"`: 309, `"PT308.6S"`: 309, `"PT0H5M9S"`: 309, `"P1DT1S"`: 86401, `"PT9,4S"`: 9, `305`: 305, `304.7`: 305,
		`""`: 0, `"-"`: 0, `"P"`: 0, `"PT"`: 0, `"-PT5S"`: 0, `"P1Y"`: 0, `"5:09"`: 0, `"PT99999999999999999999S"`: 0, `"PT1e9S"`: 0, `-5`: 0, `1e300`: 0,
		`null`: 0, `[]`: 0, `"` + strings.Repeat("P", 10_000) + `"`: 0,
	} {
		if got := trackOf(t, `{"type":"Audio","name":"x","duration":`+given+`}`).Duration; got != want {
			t.Errorf("%.40s is %d seconds, want %d", given, got, want)
		}
	}
}

func TestYearsOfAnyDialectAreRead(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]int{`"1984"`: 1984, `"1984-07-27"`: 1984, `1984`: 1984, `""`: 0, `"19"`: 0, `"-198"`: 0, `"year"`: 0, `-1`: 0, `null`: 0} {
		if got := trackOf(t, `{"type":"Audio","name":"x","track":{"album":{"released":`+given+`}}}`).Year; got != want {
			t.Errorf("%s is the year %d, want %d", given, got, want)
		}
	}
}

func TestARowIsNamedByItsID(t *testing.T) {
	t.Parallel()
	a := testAddresses(t)
	for id, want := range map[string]string{a.Item("x", "k3f8"): "k3f8", "": ""} {
		if got := itemName(id); got != want {
			t.Errorf("%q is called %q, want %q", id, got, want)
		}
	}
	for _, id := range []string{"https://m.example/tracks/1", "https://m.example/items/a/../b", "https://m.example/items/" + strings.Repeat("x", 1000)} {
		if got := itemName(id); len(got) != 20 || got != itemName(id) || got == itemName(id+"x") {
			t.Errorf("%.60q is called %q", id, got)
		}
	}
}
