package match

import (
	"strconv"
	"strings"
	"unicode"

	"github.com/songferry/songferry/playlists"
)

// row is a Track as the matcher reads it. Most have one reading; where the artist or the album is missing, a title
// "A - B" may hold it, and each possibility is a reading.
type row struct {
	track    *playlists.Track
	readings []reading
}

type reading struct {
	title   title
	by      credit
	album   album
	guessed bool // the artist or the album was read out of the title
}

// maxReadings bounds the readings of a row, the plain one included.
const maxReadings = 5

func newRow(t *playlists.Track) row {
	title, artist, album := fold(uncamel(t.Title)), fold(t.Artist), fold(t.Album)
	title = spaced(cutNumber(title, t.Number))
	if artist != "" {
		title = cutArtist(title, artist)
	}
	r := row{track: t}
	r.readings = append(r.readings, newReading(t, title, artist, album, false))
	if strings.Contains(title, "- ") || strings.Contains(title, " -") {
		r.guess(title, artist, album)
	}
	return r
}

func newReading(t *playlists.Track, title, artist, album string, guessed bool) reading {
	parsed := parseTitle(title, album)
	return reading{
		title: parsed, by: newCredit(artist, t.Artists, parsed.feats),
		album: newAlbum(album, fold(t.AlbumBy), title), guessed: guessed,
	}
}

// guess adds the readings of "A - B" as artist and title, or as title and album, where the row has none of its own.
func (r *row) guess(title, artist, album string) {
	noArtist, noAlbum := !r.readings[0].by.known(), r.readings[0].album.key == ""
	for i := 0; i < len(title) && len(r.readings) < maxReadings; {
		at := strings.IndexByte(title[i:], '-')
		if at < 0 {
			return
		}
		at += i
		i = at + 1
		before, after := strings.TrimSpace(title[:at]), strings.TrimSpace(title[i:])
		if at == 0 || title[at-1] != ' ' && !strings.HasPrefix(title[i:], " ") { // a hyphen
			continue
		}
		if before == "" || after == "" {
			continue
		}
		if noArtist {
			r.readings = append(r.readings, newReading(r.track, after, before, album, true))
		}
		if noAlbum && len(r.readings) < maxReadings {
			r.readings = append(r.readings, newReading(r.track, before, artist, after, true))
		}
	}
}

// cutNumber drops the track's number from the front of a title ("012-Deja Vu", "12. Deja Vu").
func cutNumber(title string, number int) string {
	n := 0
	for n < len(title) && isDigit(title[n]) {
		n++
	}
	if n == 0 || n > 4 || n == len(title) {
		return title
	}
	rest := strings.TrimLeft(title[n:], " ")
	if rest == "" || !strings.ContainsAny(rest[:1], "-.") {
		return title
	}
	value, _ := strconv.Atoi(title[:n]) // at most four digits
	padded := n >= 2 && title[0] == '0' && (number == 0 || n == 3 && title[n] == '-')
	if value != number && !padded {
		return title
	}
	return strings.TrimLeft(rest[1:], " -.")
}

// spaced puts the spaces back into a title that came from a file's name ("I-dont-know-why---Calling").
func spaced(title string) string {
	if strings.Contains(title, " ") || strings.Count(title, "-") < 3 {
		return title
	}
	return strings.NewReplacer("---", " - ", "-", " ").Replace(title)
}

// uncamel parts the words of a title that is written like a file's name ("WhereTheWildThingsAre").
func uncamel(title string) string {
	if len(title) < 12 || len(title) > maxField || strings.Contains(title, " ") {
		return title
	}
	var b strings.Builder
	humps, last := 0, ' '
	for _, r := range title {
		if unicode.IsUpper(r) && unicode.IsLower(last) {
			humps++
			b.WriteByte(' ')
		}
		b.WriteRune(r)
		last = r
	}
	if humps < 3 {
		return title
	}
	return b.String()
}

// cutArtist drops the artist from the front of a title ("Pink Floyd - Astronomy Domine").
func cutArtist(title, artist string) string {
	if rest, ok := strings.CutPrefix(title, artist); ok && strings.HasPrefix(rest, " - ") && len(rest) > 3 {
		return rest[3:]
	}
	return title
}
