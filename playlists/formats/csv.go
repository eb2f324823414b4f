package formats

import (
	"io"
	"strconv"
	"strings"

	"github.com/songferry/songferry/playlists"
)

func writeCSV(w io.Writer, p playlists.Playlist, _ Place) error { return WriteCSV(w, p) }

// cellOf is the inverse of setCell.
func cellOf(p playlists.Playlist, t playlists.Track, column string) string {
	switch column {
	case titleColumn:
		return t.Title
	case artistColumn:
		return t.Artist
	case albumColumn:
		return t.Album
	case albumArtistColumn:
		return t.AlbumBy
	case durationColumn:
		return decimal(t.Duration)
	case discColumn:
		return decimal(t.Disc)
	case trackColumn:
		return decimal(t.Number)
	case yearColumn:
		return decimal(t.Year)
	case isrcColumn:
		return strings.Join(t.ISRC, ";")
	case recordingColumn:
		return t.MBID
	case releaseColumn:
		return t.AlbumID
	case noteColumn:
		return t.Note
	case playlistNameColumn:
		return p.Name
	}
	return ""
}

// Guard makes a cell harmless that a spreadsheet would run as a formula: an apostrophe before it makes it text (OWASP,
// "CSV injection"). unguard is its exact inverse: a text that only looks guarded is guarded once more.
func Guard(cell string) string {
	if looksLikeFormula(cell) {
		return "'" + cell
	}
	return cell
}

func unguard(cell string) string {
	if rest, ok := strings.CutPrefix(cell, "'"); ok && looksLikeFormula(rest) {
		return rest
	}
	return cell
}

// looksLikeFormula also knows the full-width signs, which some spreadsheets read as the plain ones.
func looksLikeFormula(cell string) bool {
	cell = strings.TrimLeft(cell, "' \t\r\n")
	for _, sign := range []string{"=", "+", "-", "@", "|", "＝", "＋", "－", "＠"} {
		if strings.HasPrefix(cell, sign) {
			return true
		}
	}
	return false
}

// decimal writes a number that is 0 when unknown.
func decimal(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}
