// Package formats writes playlists as files that other programs read, and reads theirs: JSPF, XSPF, M3U8 and CSV.
//
// A file carries what is needed to recognise the recordings and never where a sound file is. What each format cannot
// carry is lost in it: only JSPF and XSPF keep everything.
package formats

import (
	"io"

	"github.com/songferry/songferry/playlists"
)

// Format is one way of writing a playlist to a file.
type Format struct {
	Name      string // as people call it
	Extension string // of file names, without the dot
	MediaType string
	Write     func(w io.Writer, p playlists.Playlist, at Place) error
}

// Place is where the playlist in a file can be seen. The zero value is nowhere.
type Place struct {
	Page  string // address of its page
	Cover string // address of its cover
	Open  bool   // anybody may see it
}

// Formats returns every format, the most faithful first.
func Formats() []Format {
	return []Format{
		{"JSPF", "jspf", "application/jspf+json", writeJSPF},
		{"XSPF", "xspf", "application/xspf+xml", writeXSPF},
		{"M3U8", "m3u8", "audio/x-mpegurl; charset=utf-8", writeM3U},
		{"CSV", "csv", "text/csv; charset=utf-8", writeCSV},
	}
}

// ByExtension returns the format of files that are called something.ext.
func ByExtension(ext string) (Format, bool) {
	for _, f := range Formats() {
		if f.Extension == ext {
			return f, true
		}
	}
	return Format{}, false
}
