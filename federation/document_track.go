package federation

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/liner"
)

// audio is a row of a playlist: an ActivityStreams Audio, with the music data in Funkwhale's words under track.
type audio struct {
	ID           string     `json:"id"`
	Type         string     `json:"type"`
	Name         string     `json:"name"`
	Duration     string     `json:"duration,omitempty"` // xsd:duration
	Content      string     `json:"content,omitempty"`  // the curator's note, HTML
	AttributedTo string     `json:"attributedTo"`
	Track        musicTrack `json:"track"`
}

type musicTrack struct {
	Type     string         `json:"type"`
	Name     string         `json:"name"`
	Position int            `json:"position,omitempty"`
	Disc     int            `json:"disc,omitempty"`
	MBID     string         `json:"musicbrainzId,omitempty"` // of the recording
	ISRC     []string       `json:"isrc,omitempty"`
	Released string         `json:"released,omitempty"` // a year; here only when there is no album
	Credit   string         `json:"credit,omitempty"`   // the credit as shown, when Artists do not spell it
	Artists  []artistCredit `json:"artist_credit,omitempty"`
	Album    *musicAlbum    `json:"album,omitempty"`
}

// artistCredit is MusicBrainz's artist credit: credit+joinphrase of all, in order, spell the credit as shown.
type artistCredit struct {
	Type       string      `json:"type"`
	Credit     string      `json:"credit"`
	JoinPhrase string      `json:"joinphrase"`
	Index      int         `json:"index"`
	Artist     musicArtist `json:"artist"`
}

type musicArtist struct {
	Type string `json:"type"`
	Name string `json:"name"`
	MBID string `json:"musicbrainzId,omitempty"`
}

type musicAlbum struct {
	Type     string         `json:"type"`
	Name     string         `json:"name"`
	Released string         `json:"released,omitempty"`
	MBID     string         `json:"musicbrainzId,omitempty"` // of the release
	Artists  []artistCredit `json:"artist_credit,omitempty"`
}

// newAudio writes a row of the collection with this id.
func newAudio(t playlists.Track, collection, owner string) audio {
	return audio{
		ID: itemOf(collection, t.Item), Type: "Audio", Name: t.Title, Duration: formatDuration(t.Duration),
		Content: liner.Plain(t.Note), AttributedTo: owner, Track: newMusicTrack(t),
	}
}

func newMusicTrack(t playlists.Track) musicTrack {
	m := musicTrack{
		Type: "Track", Name: t.Title, Position: t.Number, Disc: t.Disc, MBID: t.MBID, ISRC: t.ISRC,
		Artists: newCredits(t.Artist, t.Artists),
	}
	if spelled(m.Artists) != t.Artist {
		m.Credit = t.Artist
	}
	if t.Album == "" && t.AlbumBy == "" && t.AlbumID == "" {
		m.Released = formatYear(t.Year)
		return m
	}
	m.Album = &musicAlbum{Type: "Album", Name: t.Album, Released: formatYear(t.Year), MBID: t.AlbumID, Artists: newCredits(t.AlbumBy, nil)}
	return m
}

// newCredits divides a credit as shown among its artists: "A feat. B" is A with join phrase " feat. ", and B. Names
// that do not occur in the credit in this order are joined by commas.
func newCredits(shown string, artists []playlists.Artist) []artistCredit {
	if len(artists) == 0 && shown != "" {
		artists = []playlists.Artist{{Name: shown}}
	}
	joins, ok := joinPhrases(shown, artists)
	credits := make([]artistCredit, len(artists))
	for i, by := range artists {
		credits[i] = artistCredit{Type: "ArtistCredit", Credit: by.Name, Index: i, Artist: musicArtist{Type: "Artist", Name: by.Name, MBID: by.MBID}}
		switch {
		case ok:
			credits[i].JoinPhrase = joins[i]
		case i < len(artists)-1:
			credits[i].JoinPhrase = ", "
		}
	}
	return credits
}

// joinPhrases returns what stands after each name in shown; ok is false when shown is not made of the names in order.
func joinPhrases(shown string, artists []playlists.Artist) (joins []string, ok bool) {
	for i, by := range artists {
		at := strings.Index(shown, by.Name)
		if at < 0 || i == 0 && at > 0 {
			return nil, false
		}
		if i > 0 {
			joins = append(joins, shown[:at])
		}
		shown = shown[at+len(by.Name):]
	}
	return append(joins, shown), len(artists) > 0
}

// spelled is the credit as shown that the parts spell.
func spelled(credits []artistCredit) string {
	var b strings.Builder
	for _, c := range credits {
		b.WriteString(c.Credit + c.JoinPhrase)
	}
	return b.String()
}

// formatDuration writes seconds as xsd:duration, "PT5M9S"; "" for an unknown duration.
func formatDuration(seconds int) string {
	if seconds <= 0 {
		return ""
	}
	s := "PT"
	for _, part := range []struct {
		n    int
		unit string
	}{{seconds / 3600, "H"}, {seconds / 60 % 60, "M"}, {seconds % 60, "S"}} {
		if part.n > 0 {
			s += strconv.Itoa(part.n) + part.unit
		}
	}
	return s
}

func formatYear(y int) string {
	if y <= 0 {
		return ""
	}
	return fmt.Sprintf("%04d", y)
}
