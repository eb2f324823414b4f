package missing

import (
	"io"
	"strconv"
	"strings"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/formats"
)

// Playlist returns the tracks of a list as a playlist, for programs that look for music.
func (l List) Playlist(name string) playlists.Playlist {
	p := playlists.Playlist{Origin: playlists.File, Name: name}
	for _, t := range l.Tracks() {
		p.Tracks = append(p.Tracks, t.Track)
	}
	return p
}

// WriteCSV writes a list as a table that is also a playlist: why each track is missing, who wants it, and its links stand
// in columns at the end.
func (l List) WriteCSV(w io.Writer, name string) error {
	tracks := l.Tracks()
	links := make([]Links, len(tracks))
	toGet, _ := Count(l.Get)
	for i, t := range tracks {
		links[i] = t.Links()
	}
	return formats.WriteCSV(w, l.Playlist(name),
		formats.Column{Name: "Status", Cell: func(i int) string {
			if i < toGet {
				return "missing"
			}
			return "to check"
		}},
		formats.Column{Name: "Why", Cell: func(i int) string { return tracks[i].Why.String() }},
		formats.Column{Name: "Wanted by", Cell: func(i int) string { return strings.Join(tracks[i].Wanted(), "; ") }},
		formats.Column{Name: "Wanted times", Cell: func(i int) string { return strconv.Itoa(len(tracks[i].Playlists)) }},
		formats.Column{Name: "MusicBrainz", Cell: func(i int) string { return links[i].MusicBrainz }},
		formats.Column{Name: "Bandcamp", Cell: func(i int) string { return links[i].At("Bandcamp") }},
		formats.Column{Name: "Qobuz", Cell: func(i int) string { return links[i].At("Qobuz") }},
	)
}
