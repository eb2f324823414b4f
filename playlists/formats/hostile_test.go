package formats_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/formats"
)

// pieces are what texts are made of that some format or reader takes for something else.
var pieces = []string{"\n", "\r\n", "\r", "\u2028", "\t", "\x00", "\x0b", "\x1b[31m", "\ufeff", "\ufffe", "\xff", "\u202e", "\u200f", "\u0085",
	"=", "+", "-", "@", "|", "＝", "'", "''", `"`, `""`, `\`, `\"`, ",", ";", "|", " - ", " – ", "#", "#EXTM3U", "#EXTINF:1,", "#EXTART:", "urn:isrc:",
	"<", ">", "&", "&amp;", "&#10;", "]]>", "<![CDATA[", "<!--", "</title>", "</script>", "{", "}", "[", "]", ":", "\\u0000", "=cmd|' /C calc'!A0",
	"🎵", "👩‍🎤", "سلام", "夜の駅", "e\u0301", "ﬁ", "a", "B", "1", " ", "  ", ".", "/", "..", "file:///etc/passwd", "sep=;", "Title"}

func hostileText(r *rand.Rand) string {
	var b strings.Builder
	for range r.IntN(7) {
		b.WriteString(pieces[r.IntN(len(pieces))])
	}
	return b.String()
}

// hostileList is a playlist of hostile texts, cleaned as they are in the journal, whence every playlist is written.
func hostileList(r *rand.Rand) playlists.Playlist {
	text := func() string { return playlists.CleanText(hostileText(r), playlists.MaxText) }
	p := playlists.Playlist{Origin: playlists.File, Name: "L" + text(), Summary: playlists.CleanLines(hostileText(r), playlists.MaxSummary),
		Curator: playlists.Curator{Name: text(), Handle: text()}}
	for range 1 + r.IntN(5) {
		t := playlists.Track{Title: "T" + text(), Artist: text(), Album: text(), AlbumBy: text(), Duration: r.IntN(3) * 123, Number: r.IntN(3), Disc: r.IntN(3), Year: r.IntN(2) * 1999,
			Note: playlists.CleanLines(hostileText(r), playlists.MaxNote)}
		if r.IntN(2) == 0 {
			t.Title = text()
		}
		if t.Title == "" {
			t.Title = "-"
		}
		if r.IntN(2) == 0 {
			t.MBID = "aaaaaaaa-0000-4000-8000-000000000001"
		} else if r.IntN(2) == 0 {
			t.ISRC = []string{"GBAYE9700001"}
		}
		p.Tracks = append(p.Tracks, t)
	}
	return p
}

func TestF96HostileTextsComeBackAsTheyWere(t *testing.T) {
	t.Parallel()
	for _, f := range formats.Formats() {
		t.Run(f.Extension, func(t *testing.T) {
			t.Parallel()
			for seed := range uint64(800) {
				want := hostileList(rand.New(rand.NewPCG(seed, 1)))
				data := written(t, f.Extension, want)
				got, err := formats.Read("x."+f.Extension, data)
				if err != nil {
					t.Fatalf("seed %d: %v\n%s", seed, err, data)
				}
				if want = carried(f.Extension, want); !reflect.DeepEqual(got, want) {
					t.Fatalf("seed %d:\n got %+v\nwant %+v\n%s", seed, got, want, data)
				}
				isHarmless(t, f.Extension, data)
			}
		})
	}
}

// carried is what of a playlist without artists' ids a format carries.
func carried(ext string, p playlists.Playlist) playlists.Playlist {
	switch ext {
	case "m3u8":
		p.Summary, p.Curator = "", playlists.Curator{}
		for i, t := range p.Tracks {
			p.Tracks[i] = playlists.Track{Title: t.Title, Artist: t.Artist, Album: t.Album, Duration: t.Duration, MBID: t.MBID, ISRC: t.ISRC}
		}
	case "csv":
		p.Summary, p.Curator = "", playlists.Curator{}
	}
	return p
}

// isHarmless checks that a file is well-formed to a reader that shares nothing with ours.
func isHarmless(t *testing.T, ext string, data []byte) {
	t.Helper()
	if !utf8.Valid(data) {
		t.Errorf("not UTF-8: %q", data)
	}
	switch ext {
	case "m3u8":
		for i, line := range strings.Split(strings.TrimSuffix(string(data), "\n"), "\n") {
			if !strings.HasPrefix(line, "#") && !strings.HasPrefix(line, "urn:") {
				t.Errorf("line %d is neither a tag nor a URN: %q", i+1, line)
			}
		}
	case "xspf":
		in := xml.NewDecoder(bytes.NewReader(data))
		for {
			_, err := in.Token()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				t.Fatalf("%v\n%s", err, data)
			}
		}
	case "jspf":
		if !json.Valid(data) {
			t.Errorf("no JSON:\n%s", data)
		}
	case "csv":
		isWithoutFormulas(t, data)
	}
}

func isWithoutFormulas(t *testing.T, data []byte) {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff")))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, cell := range slices.Concat(rows...) {
		if first, _ := utf8.DecodeRuneInString(strings.TrimSpace(cell)); strings.ContainsRune("=+-@|＝＋－＠", first) && cell != "" {
			t.Errorf("a spreadsheet would run %q", cell)
		}
	}
}
