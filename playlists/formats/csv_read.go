package formats

import (
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/songferry/songferry/playlists"
)

// readCSV reads a table whose first row names the columns, in any order, separated by commas, semicolons or tabs.
func readCSV(data []byte) (playlists.Playlist, error) {
	table := lines(data)
	in := csv.NewReader(strings.NewReader(table))
	in.Comma = separatorOf(table)
	in.FieldsPerRecord = -1
	in.LazyQuotes = true
	in.ReuseRecord = true
	header, err := readHeader(in)
	if err != nil {
		return playlists.Playlist{}, err
	}
	var p playlists.Playlist
	for {
		row, err := in.Read()
		if errors.Is(err, io.EOF) {
			return p, nil
		}
		if err != nil {
			return playlists.Playlist{}, invalid(err, "The table cannot be read: a quotation mark is not closed. Save it again as CSV.")
		}
		if len(p.Tracks) == playlists.MaxTracks {
			return playlists.Playlist{}, errTooMany()
		}
		var t playlists.Track
		for i, cell := range row[:min(len(row), len(header))] {
			setCell(&p, &t, header[i], unguard(strings.TrimSpace(cell)))
		}
		p.Tracks = append(p.Tracks, t)
	}
}

// readHeader returns the meaning of each column.
func readHeader(in *csv.Reader) ([]string, error) {
	row, err := in.Read()
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, invalid(err, "The file is not a playlist that Songferry knows. It reads JSPF, XSPF, M3U8 and CSV.")
	}
	var header []string
	for _, cell := range row {
		header = append(header, columnNamed(cell))
	}
	if !slices.Contains(header, titleColumn) {
		return nil, invalid(nil, "The file is not a playlist that Songferry knows. It reads JSPF, XSPF, M3U8 and CSV; "+
			"the first row of a CSV names the columns, and one of them must be \"Title\".")
	}
	return header, nil
}

// separatorOf returns the separator that stands most often in the first line.
func separatorOf(table string) rune {
	first, _, _ := strings.Cut(table, "\n")
	best := ','
	for _, r := range []rune{';', '\t'} {
		if strings.Count(first, string(r)) > strings.Count(first, string(best)) {
			best = r
		}
	}
	return best
}

// setCell keeps what a cell says. Of two columns with one meaning the first that is filled wins.
func setCell(p *playlists.Playlist, t *playlists.Track, column, cell string) {
	switch column {
	case titleColumn:
		setText(&t.Title, cell)
	case artistColumn:
		setText(&t.Artist, cell)
	case artistNamesColumn:
		setText(&t.Artist, strings.Join(strings.FieldsFunc(cell, isSemicolon), ", "))
	case albumColumn:
		setText(&t.Album, cell)
	case albumArtistColumn:
		setText(&t.AlbumBy, cell)
	case durationColumn:
		setNumber(&t.Duration, count(cell))
	case anyDurationColumn:
		setNumber(&t.Duration, seconds(cell))
	case millisecondsColumn:
		setNumber(&t.Duration, (count(cell)+500)/1000)
	case discColumn:
		setNumber(&t.Disc, count(cell))
	case trackColumn:
		setNumber(&t.Number, count(cell))
	case yearColumn:
		setNumber(&t.Year, count(cell[:min(len(cell), 4)])) // or a date that begins with it
	case isrcColumn:
		for _, code := range strings.FieldsFunc(cell, isSemicolon) {
			identify(t, code)
		}
	case recordingColumn:
		setText(&t.MBID, lastMBID(cell))
	case releaseColumn:
		setText(&t.AlbumID, lastMBID(cell))
	case noteColumn:
		setText(&t.Note, cell)
	case playlistNameColumn:
		setText(&p.Name, cell)
	}
}

func setText(field *string, s string) {
	if *field == "" {
		*field = s
	}
}

func setNumber(field *int, n int) {
	if *field == 0 {
		*field = n
	}
}

func isSemicolon(r rune) bool { return r == ';' }

// count returns a whole number, 0 when the cell holds none.
func count(cell string) int {
	n, err := strconv.ParseUint(cell, 10, 31)
	if err != nil {
		return 0
	}
	return int(n)
}

// longestTrack: a larger plain number of no stated unit counts milliseconds.
const longestTrack = 5 * 3600

// seconds reads "245", "4:05", "1:04:05", and "245000" in milliseconds.
func seconds(cell string) int {
	total := 0
	for part := range strings.SplitSeq(cell, ":") {
		total = min(total, 1<<24)*60 + count(part)
	}
	if total > longestTrack && !strings.Contains(cell, ":") {
		total /= 1000
	}
	return total
}
