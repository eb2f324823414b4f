package formats

import (
	"encoding/json"
	"errors"
	"io"
	"unicode/utf8"

	"github.com/songferry/songferry/playlists"
)

// jspf is the outermost object of a JSPF file (https://xspf.org/jspf).
type jspf struct {
	Playlist *document `json:"playlist"`
}

func writeJSPF(w io.Writer, p playlists.Playlist, at Place) error {
	d := documentOf(p, at)
	out := json.NewEncoder(w)
	out.SetIndent("", " ")
	return out.Encode(jspf{&d})
}

func readJSPF(data []byte) (playlists.Playlist, error) {
	var file jspf
	if err := json.Unmarshal(data, &file); err != nil {
		return playlists.Playlist{}, jspfProblem(data, err)
	}
	if file.Playlist == nil {
		return playlists.Playlist{}, invalid(nil, "The file is JSON, but not a JSPF playlist: it has no \"playlist\" in it.")
	}
	return file.Playlist.playlist(), nil
}

// jspfProblem says where a file is damaged. A JSON file may be one line, so the line alone would not help.
func jspfProblem(data []byte, err error) error {
	var syntax *json.SyntaxError
	var shape *json.UnmarshalTypeError
	var track misread
	switch {
	case playlists.CodeOf(err) != "":
		return err
	case errors.As(err, &track):
		return invalid(err, "Track %d of the JSPF file cannot be read: it is not written as JSPF has it. Download the file again.", track.place)
	case errors.Is(err, errNoList):
		return invalid(err, "The file looks like a JSPF playlist but is damaged: its tracks are not a list. Download it again.")
	case errors.As(err, &syntax):
		line, character := position(data, syntax.Offset)
		return invalid(err, "The file looks like a JSPF playlist but is damaged at line %d, character %d. Download it again.", line, character)
	case errors.As(err, &shape):
		line, character := position(data, shape.Offset)
		return invalid(err, "The file is JSON, but not as JSPF has it, at line %d, character %d. Download it again.", line, character)
	}
	return invalid(err, "The file looks like a JSPF playlist but is damaged. Download it again.")
}

// position returns the line and the character of the byte before offset, each from 1.
func position(data []byte, offset int64) (line, character int) {
	before := data[:min(max(int(offset)-1, 0), len(data))]
	line, character = 1, 1
	for len(before) > 0 {
		r, n := utf8.DecodeRune(before)
		before = before[n:]
		if character++; r == '\n' {
			line, character = line+1, 1
		}
	}
	return line, character
}
