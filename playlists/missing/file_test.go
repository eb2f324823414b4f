package missing_test

import (
	"bytes"
	"encoding/csv"
	"reflect"
	"strings"
	"testing"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/formats"
	"github.com/songferry/songferry/playlists/missing"
)

func csvOf(t *testing.T, l missing.List) string {
	t.Helper()
	var out bytes.Buffer
	if err := l.WriteCSV(&out, "Missing"); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestTheTableIsAPlaylistWithReasonsAndLinksAtItsEnd(t *testing.T) {
	t.Parallel()
	joga := playlists.Track{Title: "Jóga", Artist: "Björk", Album: "Homogenic", AlbumBy: "Björk", Duration: 305, Number: 2, ISRC: []string{"GBAYE9700001"}}
	one := missing.Row{Track: playlists.Track{Title: "One", Artist: "U2"}, Playlist: missing.Playlist{ID: "1", Name: "Sunday"}, Check: true,
		Why: missing.Reason{Kind: missing.Near, Title: "Won", Artist: "U2"}}
	list := missing.Group([]missing.Row{one, want("A", joga), want("B", joga)})
	text := csvOf(t, list)

	p, err := formats.Read("x.csv", []byte(text))
	if err != nil || p.Name != "Missing" || !reflect.DeepEqual(p.Tracks, []playlists.Track{joga, one.Track}) {
		t.Errorf("read back: %+v, %v", p, err)
	}
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for i, cells := range [][]string{
		{"Status", "Why", "Wanted by", "Wanted times", "MusicBrainz", "Bandcamp", "Qobuz"},
		{"missing", "you have nothing by this artist", "A; B", "2", "https://musicbrainz.org/isrc/GBAYE9700001",
			"https://bandcamp.com/search?item_type=t&q=Bj%C3%B6rk+J%C3%B3ga", "https://www.qobuz.com/us-en/search/tracks/Bj%C3%B6rk%20J%C3%B3ga"},
		{"to check", "it may be your “Won” by U2", "Sunday", "1", "https://musicbrainz.org/search?type=recording&method=indexed&query=U2+One",
			"https://bandcamp.com/search?item_type=t&q=U2+One", "https://www.qobuz.com/us-en/search/tracks/U2%20One"},
	} {
		if got := rows[i][len(rows[i])-len(cells):]; !reflect.DeepEqual(got, cells) {
			t.Errorf("row %d ends in %q, want %q", i, got, cells)
		}
	}
}

func TestNoCellOfTheTableIsAFormula(t *testing.T) {
	t.Parallel()
	var rows []missing.Row
	for _, text := range hostile {
		r := want(text, playlists.Track{Title: text, Artist: text, Album: text})
		r.Why = missing.Reason{Kind: missing.Near, Title: text, Artist: text}
		rows = append(rows, r)
	}
	table, err := csv.NewReader(strings.NewReader(csvOf(t, missing.Group(rows)))).ReadAll()
	if err != nil || len(table) < len(hostile)/2 {
		t.Fatalf("%d rows, %v", len(table), err)
	}
	for _, row := range table {
		for _, cell := range row {
			if strings.IndexAny(strings.TrimLeft(cell, " \t\r\n"), "=+-@|") == 0 {
				t.Errorf("a spreadsheet would run %q", cell)
			}
		}
	}
}

func TestTheOtherFormatsReadTheListAsItsTracks(t *testing.T) {
	t.Parallel()
	list := missing.Group(library(300))
	var out bytes.Buffer
	jspf, _ := formats.ByExtension("jspf")
	if err := jspf.Write(&out, list.Playlist("Missing"), formats.Place{}); err != nil {
		t.Fatal(err)
	}
	p, err := formats.Read("x.jspf", out.Bytes())
	if err != nil || p.Name != "Missing" || !reflect.DeepEqual(p.Tracks, list.Playlist("").Tracks) {
		t.Errorf("%d tracks, %v", len(p.Tracks), err)
	}
}
