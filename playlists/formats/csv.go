package formats

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"

	"github.com/songferry/songferry/playlists"
)

// writeCSV writes a table for spreadsheets and for services that move playlists. It begins with a byte order mark,
// without which Excel reads UTF-8 as something else.
func writeCSV(w io.Writer, p playlists.Playlist, _ Place) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true // RFC 4180
	if err := out.Write(columns); err != nil {
		return err
	}
	for _, t := range p.Tracks {
		row := make([]string, len(columns))
		for i, c := range columns {
			row[i] = guard(cellOf(p, t, c))
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

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

// guard makes a cell harmless that a spreadsheet would run as a formula: an apostrophe before it makes it text (OWASP,
// "CSV injection"). unguard is its exact inverse: a text that only looks guarded is guarded once more.
func guard(cell string) string {
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
