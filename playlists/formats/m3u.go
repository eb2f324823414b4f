package formats

import (
	"bufio"
	"fmt"
	"io"
	"path"
	"regexp"
	"strconv"
	"strings"

	"github.com/songferry/songferry/playlists"
)

// writeM3U writes an extended M3U playlist in UTF-8. It carries title, artist, album, duration and one id of each
// track. Where a player expects the address of a sound file stands a URN, which names the recording and opens nothing.
func writeM3U(w io.Writer, p playlists.Playlist, at Place) error {
	out := bufio.NewWriter(w) // keeps the first error for Flush
	fmt.Fprintf(out, "#EXTM3U\n#PLAYLIST:%s\n", text(p.Name))
	if at.Cover != "" {
		fmt.Fprintf(out, "#EXTALBUMARTURL:%s\n", text(at.Cover)) // Navidrome shows it with the playlist
	}
	if at.Page != "" {
		fmt.Fprintf(out, "# %s\n", text(at.Page))
	}
	for i, t := range p.Tracks {
		artist, title := text(t.Artist), text(t.Title)
		display := title
		if artist != "" {
			display = artist + separator + title
		}
		fmt.Fprintf(out, "#EXTINF:%d,%s\n#EXTART:%s\n#EXTALB:%s\n%s\n", secondsOrUnknown(t.Duration), display, artist, text(t.Album), urn(t, i+1))
	}
	return out.Flush()
}

// separator stands between artist and title in the one text of an #EXTINF line.
const separator = " - "

// secondsOrUnknown: -1 is M3U's "unknown".
func secondsOrUnknown(n int) int {
	if n <= 0 {
		return -1
	}
	return n
}

func urn(t playlists.Track, place int) string {
	switch {
	case t.MBID != "":
		return "urn:uuid:" + t.MBID
	case len(t.ISRC) > 0:
		return isrcURI(t.ISRC[0])
	}
	return fmt.Sprintf("urn:x-songferry:track:%d", place)
}

func isM3U(name string) bool { return strings.HasPrefix(strings.ToLower(path.Ext(name)), ".m3u") }

// readM3U reads plain and extended M3U. #EXTART and #EXTALB after an #EXTINF are about that track, otherwise about all
// that follow.
func readM3U(data []byte) (playlists.Playlist, error) {
	file, err := lines(data)
	if err != nil {
		return playlists.Playlist{}, err
	}
	var p playlists.Playlist
	var all, next m3uTrack
	number := 0
	for line := range strings.Lines(file) {
		number++
		line = strings.TrimSpace(strings.ReplaceAll(line, "\r", ""))
		tag, value, _ := strings.Cut(line, ":")
		target := &all
		if next.info {
			target = &next
		}
		switch {
		case line == "":
		case tag == "#PLAYLIST":
			p.Name = value
		case tag == "#EXTINF":
			next = all
			next.readInfo(value)
		case tag == "#EXTART":
			target.artist, target.hasArtist = strings.TrimSpace(value), true
		case tag == "#EXTALB":
			target.album = value
		case strings.HasPrefix(line, "#EXT-X-"): // RFC 8216
			return playlists.Playlist{}, invalid(nil, "The file is no list of tracks but one stream cut into pieces: line %d says so.", number)
		case strings.HasPrefix(line, "#"):
		case len(p.Tracks) == playlists.MaxTracks:
			return playlists.Playlist{}, errTooMany()
		default:
			if !next.info {
				next = all
			}
			p.Tracks = append(p.Tracks, next.track(line))
			next = m3uTrack{}
		}
	}
	return p, nil
}

// m3uTrack is what the lines before a path say about it.
type m3uTrack struct {
	info      bool // there was an #EXTINF
	display   string
	seconds   int
	artist    string
	hasArtist bool
	album     string
}

// readInfo reads the value of #EXTINF: seconds, perhaps attributes (key="value"), a comma, the text to display.
func (m *m3uTrack) readInfo(value string) {
	m.info = true
	quoted := false
	comma := strings.IndexFunc(value, func(r rune) bool {
		quoted = quoted != (r == '"')
		return r == ',' && !quoted
	})
	if comma < 0 {
		comma = len(value)
	}
	m.display = strings.TrimSpace(strings.TrimPrefix(value[comma:], ","))
	length, _, _ := strings.Cut(strings.TrimSpace(value[:comma]), " ")
	if f, err := strconv.ParseFloat(length, 64); err == nil && f > 0 && f < 1e9 {
		m.seconds = int(f + 0.5)
	}
}

func (m m3uTrack) track(location string) playlists.Track {
	t := playlists.Track{Duration: m.seconds, Album: m.album}
	identify(&t, location)
	if m.display == "" {
		m.display = nameOfFile(location)
	}
	rest, named := strings.CutPrefix(m.display, m.artist+separator)
	artist, title, split := strings.Cut(m.display, separator)
	switch {
	case m.artist != "" && named:
		t.Artist, t.Title = m.artist, rest
	case m.hasArtist && m.artist == "", !split:
		t.Artist, t.Title = m.artist, m.display
	default:
		t.Artist, t.Title, t.AlbumBy = strings.TrimSpace(artist), strings.TrimSpace(title), m.artist
	}
	return t
}

var trackNumber = regexp.MustCompile(`^[0-9]{1,3}[ ._-]+`)

// nameOfFile is what a path says about a track when nothing else does: "/music/01 - Artist - Title.mp3".
func nameOfFile(location string) string {
	name := path.Base(strings.ReplaceAll(location, `\`, "/"))
	name = strings.TrimSuffix(name, path.Ext(name))
	if short := trackNumber.ReplaceAllString(name, ""); short != "" {
		return short
	}
	return name
}
