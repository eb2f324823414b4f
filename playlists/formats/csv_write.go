package formats

import (
	"encoding/csv"
	"io"

	"github.com/songferry/songferry/playlists"
)

// Column is a column of a table beside those of the format.
type Column struct {
	Name string // a header that Read has no use for
	Cell func(track int) string
}

// WriteCSV writes a table for spreadsheets and for services that move playlists, with more columns at its end. It begins
// with a byte order mark, without which Excel reads UTF-8 as something else. Read gives p back, without those columns.
func WriteCSV(w io.Writer, p playlists.Playlist, more ...Column) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true // RFC 4180
	header := columns[:len(columns):len(columns)]
	for _, c := range more {
		header = append(header, c.Name)
	}
	if err := out.Write(header); err != nil {
		return err
	}
	row := make([]string, len(header))
	for n, t := range p.Tracks {
		for i, c := range columns {
			row[i] = Guard(cellOf(p, t, c))
		}
		for i, c := range more {
			row[len(columns)+i] = Guard(c.Cell(n))
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}
