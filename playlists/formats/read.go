package formats

import (
	"bytes"
	"path"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"github.com/songferry/songferry/playlists"
)

// MaxBytes is the size of the largest file that Read accepts.
const MaxBytes = 20 << 20

// Read returns the playlist in a file of any of the formats. name is the file's name or the path of its URL: a hint,
// since the content decides, and the playlist's name when the file gives none. The playlist has Origin File and no
// owner, and its texts are cleaned. Every error is a Problem with code Invalid.
func Read(name string, data []byte) (playlists.Playlist, error) {
	if len(data) > MaxBytes {
		return playlists.Playlist{}, invalid(nil, "The file is larger than %d MB, the most that Songferry reads. Split the playlist to import it.", MaxBytes>>20)
	}
	data = withoutBOM(data)
	p, err := readerFor(name, data)(data)
	if err != nil {
		return playlists.Playlist{}, err
	}
	if len(p.Tracks) > playlists.MaxTracks {
		return playlists.Playlist{}, errTooMany()
	}
	p = tidy(p)
	if p.Name == "" {
		p.Name = baseName(name)
	}
	return p, nil
}

// readerFor chooses by content first: people rename files, and servers mislabel them.
func readerFor(name string, data []byte) func([]byte) (playlists.Playlist, error) {
	start := bytes.ToUpper(bytes.TrimSpace(data[:min(len(data), 512)]))
	switch {
	case bytes.HasPrefix(start, []byte("{")):
		return readJSPF
	case bytes.HasPrefix(start, []byte("<!DOCTYPE HTML")), bytes.HasPrefix(start, []byte("<HTML")):
		return refuseWebPage
	case bytes.HasPrefix(start, []byte("<")):
		return readXSPF
	case bytes.HasPrefix(start, []byte("#EXT")), strings.HasPrefix(strings.ToLower(path.Ext(name)), ".m3u"):
		return readM3U
	}
	return readCSV
}

func refuseWebPage([]byte) (playlists.Playlist, error) {
	return playlists.Playlist{}, invalid(nil, "This is a web page, not a playlist file. Download the playlist as JSPF, XSPF, M3U8 or CSV first.")
}

// withoutBOM returns data without its byte order mark, as UTF-8 if that mark says UTF-16 (spreadsheets save that).
func withoutBOM(data []byte) []byte {
	out, _, err := transform.Bytes(unicode.BOMOverride(transform.Nop), data)
	if err != nil {
		return data // not reached: these decoders replace what they cannot read
	}
	return out
}

// lines returns the text of a format that cannot name its encoding: UTF-8, else the Windows-1252 of older programs.
func lines(data []byte) string {
	if utf8.Valid(data) {
		return string(data)
	}
	out, err := charmap.Windows1252.NewDecoder().Bytes(data)
	if err != nil {
		return string(data) // not reached: every byte has a meaning there
	}
	return string(out)
}

// tidy makes every text of a file safe to keep and show, and drops rows without a title, which nobody could find.
func tidy(p playlists.Playlist) playlists.Playlist {
	p.Origin = playlists.File
	p.Name = text(p.Name)
	p.Summary = playlists.CleanLines(p.Summary, playlists.MaxSummary)
	p.Curator = playlists.Curator{Name: text(p.Curator.Name), Handle: text(p.Curator.Handle)}
	var kept []playlists.Track
	for _, t := range p.Tracks {
		t.Title, t.Artist, t.Album, t.AlbumBy = text(t.Title), text(t.Artist), text(t.Album), text(t.AlbumBy)
		t.Note = playlists.CleanLines(t.Note, playlists.MaxNote)
		for i := range t.Artists {
			t.Artists[i].Name = text(t.Artists[i].Name)
		}
		if t.Title != "" {
			kept = append(kept, t)
		}
	}
	p.Tracks = kept
	return p
}

func text(s string) string { return playlists.CleanText(s, playlists.MaxText) }

// baseName is the last part of a path of any system, without its extension.
func baseName(name string) string {
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	return strings.Trim(text(strings.TrimSuffix(name, path.Ext(name))), "./ ")
}

func invalid(cause error, say string, args ...any) error {
	return playlists.Problemf(playlists.Invalid, cause, say, args...)
}

func errTooMany() error {
	return invalid(nil, "The file has more than %d tracks, the most that Songferry carries in a playlist. Split it to import it.", playlists.MaxTracks)
}
