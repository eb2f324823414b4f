package federation

import (
	"crypto/sha256"
	"encoding/hex"
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/songferry/songferry/playlists"
)

// Bounds of what is read from one track.
const (
	maxCredits  = 50
	maxISRCs    = 10
	maxDuration = 7 * 24 * 3600 // seconds
)

// decodeTrack reads an item of a playlist: an Audio with Funkwhale's track under it (our own shape, also Bandwagon's and
// Funkwhale's uploads), a PlaylistTrack with its track embedded, or a Track by itself. ok is false for anything else
// and for one that names no recording. Addresses of streams are not looked at.
func decodeTrack(item object) (t playlists.Track, ok bool) {
	music := item.object("track")
	switch item.kind("Audio", "PlaylistTrack", "Track") {
	case "Track":
		music = item
	case "PlaylistTrack":
		if music == nil {
			return t, false // only its id: to be fetched from who knows where
		}
	case "":
		return t, false
	}
	album := music.object("album")
	t = playlists.Track{
		Item:     itemName(item.text("id")),
		Title:    title(music, item),
		Artist:   shownCredit(music),
		Artists:  artists(music),
		Album:    playlists.CleanText(album.words("name"), playlists.MaxText),
		AlbumBy:  shownCredit(album),
		AlbumID:  playlists.CleanMBID(album.text("musicbrainzId")),
		Duration: duration(item, music),
		Number:   music.number("position", 99_999),
		Disc:     music.number("disc", 9_999),
		Year:     year(album, music),
		MBID:     playlists.CleanMBID(music.text("musicbrainzId")),
		ISRC:     isrcs(music),
		Note:     plainText(item.words("content"), playlists.MaxNote),
	}
	return t, t.Title != "" || t.MBID != ""
}

// title: Funkwhale names the Audio "Artist - Album - Title", so the track's own name goes first.
func title(music, item object) string {
	for _, o := range []object{music, item} {
		if s := playlists.CleanText(o.words("name"), playlists.MaxText); s != "" {
			return s
		}
	}
	return ""
}

// itemName is what a row is called within its playlist. Ours end in it; of others' ids a digest is stable and short.
func itemName(id string) string {
	if _, name, ok := strings.Cut(id, "/items/"); ok && plainSegment(name) {
		return name
	}
	if id == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(id))
	return hex.EncodeToString(sum[:10])
}

// shownCredit is the credit of a track or album as people read it.
func shownCredit(o object) string {
	if s := playlists.CleanText(o.text("credit"), playlists.MaxText); s != "" {
		return s
	}
	var b strings.Builder
	list := credits(o)
	for i, c := range list {
		b.WriteString(creditedName(c))
		if join, ok := c["joinphrase"].(string); ok {
			b.WriteString(join)
		} else if i < len(list)-1 {
			b.WriteString(", ")
		}
	}
	return playlists.CleanText(b.String(), playlists.MaxText)
}

// artists lists who is credited; nil when that says no more than the credit as shown.
func artists(o object) []playlists.Artist {
	var out []playlists.Artist
	for _, c := range credits(o) {
		by := c.object("artist")
		a := playlists.Artist{Name: playlists.CleanText(by.words("name"), playlists.MaxText), MBID: playlists.CleanMBID(by.text("musicbrainzId"))}
		if a.Name != "" {
			out = append(out, a)
		}
	}
	if len(out) == 1 && out[0] == (playlists.Artist{Name: shownCredit(o)}) {
		return nil
	}
	return out
}

// credits returns the artist_credit of a track or album, or the artists that older Funkwhale and Bandwagon have instead.
func credits(o object) []object {
	var out []object
	for _, v := range firstOf(o.list("artist_credit"), maxCredits) {
		if m, ok := v.(map[string]any); ok {
			out = append(out, m)
		}
	}
	if len(out) > 0 {
		return out
	}
	for _, v := range firstOf(o.list("artists"), maxCredits) {
		if m, ok := v.(map[string]any); ok {
			out = append(out, object{"artist": m})
		}
	}
	return out
}

func creditedName(c object) string {
	if s := c.text("credit"); s != "" {
		return s
	}
	return c.object("artist").words("name")
}

func isrcs(o object) []string {
	var out []string
	for _, v := range firstOf(o.list("isrc"), maxISRCs) {
		s, _ := v.(string)
		if s = playlists.CleanISRC(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// year of release: "1984", "1984-07-27" or a number, on the album or on the track.
func year(places ...object) int {
	for _, o := range places {
		s := o.text("released")
		if y, err := strconv.Atoi(s[:min(len(s), 4)]); err == nil && len(s) >= 4 && y > 0 {
			return y
		}
		if y := o.number("released", 9_999); y > 0 {
			return y
		}
	}
	return 0
}

// duration in seconds, 0 when unknown: xsd:duration, or the plain seconds of Funkwhale's uploads.
func duration(places ...object) int {
	for _, o := range places {
		switch v := o["duration"].(type) {
		case string:
			if n := parseDuration(v); n > 0 {
				return n
			}
		case float64:
			if v > 0 && v <= maxDuration {
				return int(math.Round(v))
			}
		}
	}
	return 0
}

var durationPattern = regexp.MustCompile(`^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:[.,]\d+)?)S)?)?$`)

// parseDuration reads an xsd:duration of days or less as seconds; 0 when it is none, negative, or no song's.
func parseDuration(s string) int {
	if len(s) > 40 {
		return 0
	}
	m := durationPattern.FindStringSubmatch(strings.ToUpper(strings.TrimSpace(s)))
	if m == nil {
		return 0
	}
	var seconds float64
	for i, unit := range []float64{24 * 3600, 3600, 60, 1} {
		if n, err := strconv.ParseFloat(strings.Replace(m[i+1], ",", ".", 1), 64); err == nil {
			seconds += n * unit
		}
	}
	if seconds > maxDuration {
		return 0
	}
	return int(math.Round(seconds))
}
