package match

import (
	"regexp"
	"slices"
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
	words    []string // empty, with memory for the words of all titles
	room     []string // what is left of that
}

type reading struct {
	title   title
	by      credit
	album   album
	guessed bool // the artist or the album was read out of the title
	lost    int  // letters of the title as written that are not ASCII, nor are without their accent
}

// maxReadings bounds the readings of a row, the plain one included.
const maxReadings = 6

// read reads a track into r, whose memory it uses again.
func (rd *reader) read(t *playlists.Track, r *row) {
	by, on := rd.credit(t), rd.album(t)
	title := fold(uncamel(t.Title))
	title = spaced(cutNumber(title, t.Number))
	if by.text != "" {
		title = cutArtist(title, by.text)
	}
	r.track, r.readings, r.room = t, r.readings[:0], r.words
	r.add(reading{by: by, album: on}, title)
	if strings.Contains(title, "- ") || strings.Contains(title, " -") {
		r.guess(title, by, on)
	}
	if title != "" && !by.known() { // the artist may stand in the title's place
		r.add(reading{by: newCredit(strings.Trim(title, " -"), t.Artists), album: on, guessed: true}, "")
	}
}

// add adds a reading with this title.
func (r *row) add(as reading, title string) {
	if cap(r.words) == 0 {
		r.words = make([]string, 0, maxReadings*usualWords)
		r.room = r.words
	}
	r.readings = append(r.readings, as)
	rd := &r.readings[len(r.readings)-1]
	rd.title = parseTitle(title, rd.album.text, r.room)
	r.room = rd.title.all[len(rd.title.all):]
	if len(rd.title.feats) > 0 {
		rd.by = rd.by.with(rd.title.feats)
	}
	if rd.album.rank == rankAlbum && rd.album.text == title {
		rd.album.rank = rankSingle
	}
	rd.lost = lostLetters(r.track.Title)
}

// titleWords returns the words of the title, in all readings.
func (r *row) titleWords() []string {
	if len(r.readings) == 1 {
		return r.readings[0].title.words
	}
	var all []string
	for i := range r.readings {
		for _, w := range r.readings[i].title.words {
			if !slices.Contains(all, w) {
				all = append(all, w)
			}
		}
	}
	return all
}

// guess adds the readings of "A - B" as artist and title, or as title and album, where the row has none of its own.
func (r *row) guess(title string, by credit, on album) {
	noArtist, noAlbum := !by.known() || isDigits(by.main.key), on.key == ""
	for i := 0; i < len(title) && len(r.readings) < maxReadings-1; {
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
			r.add(reading{by: newCredit(before, r.track.Artists), album: on, guessed: true}, after)
		}
		if noAlbum && len(r.readings) < maxReadings-1 {
			r.add(reading{by: by, album: newAlbum(after, fold(r.track.AlbumBy)), guessed: true}, before)
		}
	}
}

// trackMark is a track's number at the front of a title: "012-", "12. ", "A1 - " (the side of a record), "007Title".
var trackMark = regexp.MustCompile(`^(0?[a-h])?([0-9]{1,4})( ?[-.][ .-]*|[a-z])`)

// cutNumber drops the track's number from the front of a folded title, where it cannot be part of the name.
func cutNumber(title string, number int) string {
	if !slices.ContainsFunc([]byte(title[:min(len(title), 3)]), isDigit) {
		return title
	}
	m := trackMark.FindStringSubmatchIndex(title)
	if m == nil || m[1] == len(title) || isDigit(title[m[1]]) {
		return title
	}
	digits := title[m[4]:m[5]]
	value, _ := strconv.Atoi(digits) // at most four digits
	side, padded, glued := m[2] >= 0, digits[0] == '0' && len(digits) > 1, isLetter(title[m[6]])
	own := value == number
	switch {
	case glued:
		if padded && !side && (own || number == 0 && len(digits) == 3) {
			return title[m[6]:]
		}
	case own, number == 0 && (padded || side), padded && len(digits) == 3 && title[m[6]] == '-':
		return title[m[7]:]
	}
	return title
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
