package formats

import (
	"encoding/json"
	"strings"

	"github.com/songferry/songferry/playlists"
)

// entry is a track in the model of XSPF.
type entry struct {
	Identifiers identifiers `json:"identifier,omitempty" xml:"identifier"`
	Title       string      `json:"title,omitempty" xml:"title,omitempty"`
	Creator     string      `json:"creator,omitempty" xml:"creator,omitempty"`
	Album       string      `json:"album,omitempty" xml:"album,omitempty"`
	Annotation  string      `json:"annotation,omitempty" xml:"annotation,omitempty"`
	TrackNum    number      `json:"trackNum,omitempty" xml:"trackNum,omitempty"`
	Duration    number      `json:"duration,omitempty" xml:"duration,omitempty"` // milliseconds

	JSON map[string]json.RawMessage `json:"extension,omitempty" xml:"-"`
	XML  []xmlTrackExtension        `json:"-" xml:"extension"`
	ext  trackExtension
}

type trackExtension struct {
	Artists  identifiers   `json:"artist_identifiers,omitempty" xml:"artist_identifiers"`
	Release  string        `json:"release_identifier,omitempty" xml:"release_identifier,omitempty"`
	Metadata trackMetadata `json:"additional_metadata,omitzero" xml:"additional_metadata"`
}

// trackMetadata: artists is ListenBrainz's own, the rest are the names that its listens use.
type trackMetadata struct {
	Artists []creditedArtist `json:"artists,omitempty" xml:"artists>artist"`
	AlbumBy string           `json:"release_artist_name,omitempty" xml:"release_artist_name,omitempty"`
	Disc    number           `json:"discnumber,omitempty" xml:"discnumber,omitempty"`
	Year    number           `json:"year,omitempty" xml:"year,omitempty"`
}

type creditedArtist struct {
	Name string `json:"artist_credit_name" xml:"artist_credit_name"`
	MBID string `json:"artist_mbid,omitempty" xml:"artist_mbid,omitempty"`
}

func entryOf(t playlists.Track) entry {
	e := entry{Title: t.Title, Creator: t.Artist, Album: t.Album, Annotation: t.Note, TrackNum: number(t.Number), Duration: number(t.Duration) * 1000}
	if t.MBID != "" {
		e.Identifiers = append(e.Identifiers, "https://musicbrainz.org/recording/"+t.MBID)
	}
	for _, isrc := range t.ISRC {
		e.Identifiers = append(e.Identifiers, "urn:isrc:"+isrc)
	}
	e.ext.Metadata = trackMetadata{AlbumBy: t.AlbumBy, Disc: number(t.Disc), Year: number(t.Year)}
	for _, a := range t.Artists {
		e.ext.Metadata.Artists = append(e.ext.Metadata.Artists, creditedArtist(a))
		if a.MBID != "" {
			e.ext.Artists = append(e.ext.Artists, "https://musicbrainz.org/artist/"+a.MBID)
		}
	}
	if t.AlbumID != "" {
		e.ext.Release = "https://musicbrainz.org/release/" + t.AlbumID
	}
	return e
}

func (e entry) track() playlists.Track {
	m := e.ext.Metadata
	t := playlists.Track{Title: e.Title, Artist: e.Creator, Album: e.Album, Note: e.Annotation, Number: int(e.TrackNum),
		Duration: int(e.Duration+500) / 1000, AlbumBy: m.AlbumBy, Disc: int(m.Disc), Year: int(m.Year), AlbumID: lastMBID(e.ext.Release)}
	for _, id := range e.Identifiers {
		identify(&t, id)
	}
	for _, a := range m.Artists {
		t.Artists = append(t.Artists, playlists.Artist{Name: a.Name, MBID: playlists.CleanMBID(a.MBID)})
	}
	if len(m.Artists) == 0 && len(e.ext.Artists) == 1 && e.Creator != "" {
		t.Artists = []playlists.Artist{{Name: e.Creator, MBID: lastMBID(e.ext.Artists[0])}}
	}
	return t
}

// identify keeps the recording's id that a URI says, if it is one of those that Songferry knows. The first MBID wins.
func identify(t *playlists.Track, uri string) {
	uri = strings.TrimSpace(uri)
	lower := strings.ToLower(uri)
	if isrc := playlists.CleanISRC(strings.TrimPrefix(lower, "urn:isrc:")); isrc != "" {
		t.ISRC = append(t.ISRC, isrc)
		return
	}
	if t.MBID == "" && (strings.Contains(lower, "musicbrainz.org/recording/") || strings.HasPrefix(lower, "urn:uuid:")) {
		t.MBID = lastMBID(uri)
	}
}

// lastMBID returns the MusicBrainz id that a URI ends in, "" when it ends in none.
func lastMBID(uri string) string {
	return playlists.CleanMBID(uri[strings.LastIndexAny(uri, "/:")+1:])
}
