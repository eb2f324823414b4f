package formats

import (
	"encoding/csv"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/songferry/songferry/playlists"
)

// table is a CSV file that is being read.
type table struct {
	*csv.Reader
	source *portions
	line   int // where the row that was read last begins, from 1
}

func newTable(file string) *table {
	source := &portions{in: strings.NewReader(file)}
	t := &table{Reader: csv.NewReader(source), source: source}
	t.Comma = separatorOf(file)
	t.FieldsPerRecord = -1
	t.ReuseRecord = true
	t.TrimLeadingSpace = t.Comma != '\t' // which is a space itself
	// Where no cell begins with a quotation mark, quotation marks are part of the text: 12" mix.
	t.LazyQuotes = !regexp.MustCompile(`(?m)(^|` + string(t.Comma) + `) *"`).MatchString(file)
	return t
}

// row returns the next row, with io.EOF behind the last.
func (t *table) row() ([]string, error) {
	t.source.next()
	row, err := t.Read()
	if err == nil {
		t.line, _ = t.FieldPos(0)
	}
	if err == nil || errors.Is(err, io.EOF) {
		return row, err
	}
	if wrong, ok := errors.AsType[*csv.ParseError](err); ok {
		return nil, invalid(err, "The row in line %d of the table cannot be read: a quotation mark in it is not closed, or not doubled. Save it again as CSV.", wrong.StartLine)
	}
	return nil, invalid(err, "The table has a row of more than %d kB behind line %d: that is no playlist.", maxPortion>>10, t.line)
}

// header returns the meaning of each column.
func (t *table) header() ([]string, error) {
	row, err := t.row()
	if errors.Is(err, io.EOF) {
		return nil, unknown(playlists.Sentencef("This one is empty."))
	}
	var header []string
	for _, cell := range row {
		header = append(header, columnNamed(cell))
	}
	if err != nil || !slices.Contains(header, titleColumn) {
		return nil, unknown(playlists.Sentencef("The first row of a CSV names the columns, and one of them must be \"Title\"."))
	}
	return header, nil
}

// track returns the track in a row. A row that has cells without a column is one whose cells are not what they seem.
func (t *table) track(p *playlists.Playlist, header, row []string) (out playlists.Track, err error) {
	for i, cell := range row {
		cell = unguard(strings.TrimSpace(cell))
		switch {
		case cell == "":
		case i >= len(header):
			return out, invalid(nil, "The row in line %d of the table has more cells than there are columns: put text that holds %q in quotation marks.", t.line, t.Comma)
		case header[i] == playlistNameColumn && p.Name != "" && p.Name != cell:
			return out, invalid(nil, "The table holds more than one playlist: another begins in line %d. Import each from a file of its own.", t.line)
		default:
			setCell(p, &out, header[i], cell)
		}
	}
	return out, nil
}

// separatorOf returns the separator that stands most often in the first line.
func separatorOf(file string) rune {
	first, _, _ := strings.Cut(strings.TrimLeft(file, "\r\n"), "\n")
	best := ','
	for _, r := range []rune{';', '\t'} {
		if strings.Count(first, string(r)) > strings.Count(first, string(best)) {
			best = r
		}
	}
	return best
}
