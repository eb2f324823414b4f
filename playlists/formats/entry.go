package formats

import (
	"cmp"
	"net/url"
	"strings"

	"github.com/songferry/songferry/playlists"
)

// entry is a track in the model of XSPF.
type entry struct {
	Locations   few[string]               `json:"location,omitempty" xml:"location"` // read only
	Identifiers few[string]               `json:"identifier,omitempty" xml:"identifier"`
	Title       phrase                    `json:"title,omitempty" xml:"title,omitempty"`
	Creator     phrase                    `json:"creator,omitempty" xml:"creator,omitempty"`
	Album       phrase                    `json:"album,omitempty" xml:"album,omitempty"`
	Annotation  phrase                    `json:"annotation,omitempty" xml:"annotation,omitempty"`
	TrackNum    number                    `json:"trackNum,omitempty" xml:"trackNum,omitempty"`
	Duration    number                    `json:"duration,omitempty" xml:"duration,omitempty"` // milliseconds
	Extension   extension[trackExtension] `json:"extension,omitzero" xml:"extension"`
}

// trackExtension is MusicBrainz's. The two ways of ListenBrainz to write the artists differ.
type trackExtension struct {
	Artists  few[string]   `json:"artist_identifiers,omitempty" xml:"artist_identifiers>identifier"`
	Release  phrase        `json:"release_identifier,omitempty" xml:"release_identifier,omitempty"`
	Metadata trackMetadata `json:"additional_metadata,omitzero" xml:"additional_metadata"`
}

func (trackExtension) uri() string { return "https://musicbrainz.org/doc/jspf#track" }

// trackMetadata: artists is ListenBrainz's own, the rest are the names that its listens use.
type trackMetadata struct {
	Artists few[creditedArtist] `json:"artists,omitempty" xml:"artists>artist"`
	AlbumBy phrase              `json:"release_artist_name,omitempty" xml:"release_artist_name,omitempty"`
	Disc    number              `json:"discnumber,omitempty" xml:"discnumber,omitempty"`
	Year    number              `json:"year,omitempty" xml:"year,omitempty"`
}

type creditedArtist struct {
	Name string `json:"artist_credit_name" xml:"artist_credit_name"`
	MBID string `json:"artist_mbid,omitempty" xml:"artist_mbid,omitempty"`
}

func entryOf(t playlists.Track) entry {
	e := entry{Title: phrase(t.Title), Creator: phrase(t.Artist), Album: phrase(t.Album), Annotation: phrase(t.Note), TrackNum: number(t.Number),
		Duration: number(t.Duration) * 1000}
	if t.MBID != "" {
		e.Identifiers = append(e.Identifiers, recordingURI(t.MBID))
	}
	for _, isrc := range t.ISRC {
		e.Identifiers = append(e.Identifiers, isrcURI(isrc))
	}
	ext := &e.Extension.is
	ext.Metadata = trackMetadata{AlbumBy: phrase(t.AlbumBy), Disc: number(t.Disc), Year: number(t.Year)}
	for _, a := range t.Artists {
		ext.Metadata.Artists = append(ext.Metadata.Artists, creditedArtist(a))
		if a.MBID != "" {
			ext.Artists = append(ext.Artists, "https://musicbrainz.org/artist/"+a.MBID)
		}
	}
	if t.AlbumID != "" {
		ext.Release = phrase("https://musicbrainz.org/release/" + t.AlbumID)
	}
	return e
}

func recordingURI(mbid string) string { return "https://musicbrainz.org/recording/" + mbid }
func isrcURI(code string) string      { return "urn:isrc:" + code }

func (e entry) track() playlists.Track {
	ext := e.Extension.is
	m := ext.Metadata
	t := playlists.Track{Title: string(e.Title), Artist: string(e.Creator), Album: string(e.Album), Note: string(e.Annotation), Number: int(e.TrackNum),
		Duration: int(e.Duration+500) / 1000, AlbumBy: string(m.AlbumBy), Disc: int(m.Disc), Year: int(m.Year), AlbumID: lastMBID(string(ext.Release))}
	for _, id := range e.Identifiers {
		identify(&t, id)
	}
	for _, a := range m.Artists {
		t.Artists = append(t.Artists, playlists.Artist{Name: a.Name, MBID: playlists.CleanMBID(a.MBID)})
	}
	if len(m.Artists) == 0 && len(ext.Artists) == 1 && t.Artist != "" {
		t.Artists = []playlists.Artist{{Name: t.Artist, MBID: lastMBID(ext.Artists[0])}}
	}
	if t.Title == "" && t.MBID == "" && len(t.ISRC) == 0 && len(e.Locations) > 0 {
		nameByFile(&t, e.Locations[0])
	}
	return t
}

// nameByFile names a track as its file is called: players such as VLC write no more of a file without tags.
func nameByFile(t *playlists.Track, location string) {
	if u, err := url.Parse(location); err == nil && u.Path != "" {
		location = u.Path
	}
	named := m3uTrack{artist: t.Artist, hasArtist: t.Artist != ""}.track(location)
	t.Title, t.Artist = named.Title, cmp.Or(t.Artist, named.Artist)
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
