package formats

import (
	"bytes"
	"errors"
	"fmt"
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

// ErrUnknown is the cause of Read's error for what is none of the formats.
var ErrUnknown = errors.New("not a playlist of a known format")

// Read returns the playlist in a file of any of the formats, or in the page of a Navidrome share. name is the file's
// name or the path of its URL: a hint, since the content decides, and the playlist's name when the file gives none. The
// playlist has Origin File and no owner, and its texts are cleaned. Every error is a Problem with code Invalid; one
// about a fault in the file says in which line or track it is. Then nothing of the rest is returned either.
func Read(name string, data []byte) (playlists.Playlist, error) {
	if len(data) > MaxBytes {
		return playlists.Playlist{}, invalid(nil, "The file is larger than %d MB, the most that Songferry reads. Split the playlist to import it.", MaxBytes>>20)
	}
	data = withoutBOM(data)
	p, err := readerFor(name, data)(data)
	if err != nil {
		return playlists.Playlist{}, err
	}
	p = tidy(p)
	if p.Name == "" {
		p.Name = baseName(name)
	}
	return p, nil
}

// readerFor chooses by content first: people rename files, and servers mislabel them.
func readerFor(name string, data []byte) func([]byte) (playlists.Playlist, error) {
	start := bytes.ToUpper(bytes.TrimSpace(data[:min(len(data), 2048)]))
	switch {
	case bytes.HasPrefix(start, []byte("{")):
		return readJSPF
	case isPage(start):
		return readPage
	case bytes.HasPrefix(start, []byte("<")):
		return readXSPF
	case bytes.HasPrefix(start, []byte("#EXT")), isM3U(name):
		return readM3U
	}
	return readCSV
}

// isPage reports whether a file that begins so, in capitals, is HTML. Comments and declarations may stand before.
func isPage(start []byte) bool {
	root := bytes.Index(start, []byte("<HTML"))
	if root < 0 {
		root = bytes.Index(start, []byte("<!DOCTYPE HTML"))
	}
	return root >= 0 && start[0] == '<' && !bytes.Contains(start[:root], []byte("<PLAYLIST"))
}

// withoutBOM returns data without its byte order mark, as UTF-8 if that mark says UTF-16 (spreadsheets save that).
func withoutBOM(data []byte) []byte {
	out, _, err := transform.Bytes(unicode.BOMOverride(transform.Nop), data)
	if err != nil {
		return data // not reached: these decoders replace what they cannot read
	}
	return out
}

// lines returns the text of a format that cannot name its encoding: UTF-8, else the Windows-1252 of older programs. The
// lone carriage returns of old Macs, which Apple's Music still writes, become line breaks.
func lines(data []byte) (string, error) {
	if bytes.IndexByte(data, 0) >= 0 {
		return "", unknown(playlists.Sentencef("This one is not text."))
	}
	if !utf8.Valid(data) {
		data, _ = charmap.Windows1252.NewDecoder().Bytes(data) // every byte has a meaning there
	}
	if bytes.IndexByte(data, '\n') < 0 {
		data = bytes.ReplaceAll(data, []byte("\r"), []byte("\n"))
	}
	return string(data), nil
}

// tidy makes every text of a file safe to keep and show, and drops rows that say nothing.
func tidy(p playlists.Playlist) playlists.Playlist {
	p.Origin = playlists.File
	p.Name = text(p.Name)
	p.Summary = playlists.CleanLines(p.Summary, playlists.MaxSummary)
	p.Curator = playlists.Curator{Name: text(p.Curator.Name), Handle: text(p.Curator.Handle)}
	var kept []playlists.Track
	for i, t := range p.Tracks {
		t.Title, t.Artist, t.Album, t.AlbumBy = text(t.Title), text(t.Artist), text(t.Album), text(t.AlbumBy)
		t.Note = playlists.CleanLines(t.Note, playlists.MaxNote)
		for i := range t.Artists {
			t.Artists[i].Name = text(t.Artists[i].Name)
		}
		if t.Title = titleOf(t, i+1); t.Title != "" {
			kept = append(kept, t)
		}
	}
	p.Tracks = kept
	return p
}

// titleOf returns what a row is called: one without a title by its id, or else by its place in the file, so that it is
// counted among what is missing. It returns "" for a row that says nothing.
func titleOf(t playlists.Track, place int) string {
	switch {
	case t.Title != "":
		return t.Title
	case t.MBID != "":
		return recordingURI(t.MBID)
	case len(t.ISRC) > 0:
		return isrcURI(t.ISRC[0])
	case t.Artist != "" || t.Album != "":
		return fmt.Sprintf("Track %d of the file, without a title", place)
	}
	return ""
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

// unknown is the error for what is no playlist.
func unknown(why playlists.Sentence) error {
	return invalid(ErrUnknown, "The file is not a playlist that Songferry knows. It reads JSPF, XSPF, M3U8 and CSV. %s", why)
}

func errTooMany() error {
	return invalid(nil, "The file has more than %d tracks, the most that Songferry carries in a playlist. Split it to import it.", playlists.MaxTracks)
}
