package formats

import (
	"errors"
	"io"
	"strconv"
	"strings"

	"github.com/songferry/songferry/playlists"
)

// readCSV reads a table whose first row names the columns, in any order, separated by commas, semicolons or tabs.
func readCSV(data []byte) (playlists.Playlist, error) {
	file, err := lines(data)
	if err != nil {
		return playlists.Playlist{}, err
	}
	in := newTable(file)
	header, err := in.header()
	if err != nil {
		return playlists.Playlist{}, err
	}
	var p playlists.Playlist
	for {
		row, err := in.row()
		if errors.Is(err, io.EOF) {
			return p, nil
		}
		if err != nil {
			return playlists.Playlist{}, err
		}
		if len(p.Tracks) == playlists.MaxTracks {
			return playlists.Playlist{}, errTooMany()
		}
		t, err := in.track(&p, header, row)
		if err != nil {
			return playlists.Playlist{}, err
		}
		p.Tracks = append(p.Tracks, t)
	}
}

// setCell keeps what a cell says. Of two columns with one meaning the first that is filled wins.
func setCell(p *playlists.Playlist, t *playlists.Track, column, cell string) {
	switch column {
	case titleColumn:
		setText(&t.Title, cell)
	case artistColumn:
		setText(&t.Artist, cell)
	case artistNamesColumn:
		setText(&t.Artist, credit(cell))
	case albumColumn:
		setText(&t.Album, cell)
	case albumArtistColumn:
		setText(&t.AlbumBy, cell)
	case albumNamesColumn:
		setText(&t.AlbumBy, credit(cell))
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

// credit joins the names of a cell as people write them.
func credit(cell string) string {
	names := strings.FieldsFunc(cell, isSemicolon)
	for i := range names {
		names[i] = strings.TrimSpace(names[i])
	}
	return strings.Join(names, ", ")
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
