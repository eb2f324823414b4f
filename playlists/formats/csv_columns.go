package formats

import (
	"strings"
	"unicode"
)

// The columns that we write, by their names in the header, and those that only others write.
const (
	titleColumn        = "Title"
	artistColumn       = "Artist"
	albumColumn        = "Album"
	albumArtistColumn  = "Album artist"
	durationColumn     = "Duration (s)"
	discColumn         = "Disc number"
	trackColumn        = "Track number"
	yearColumn         = "Year"
	isrcColumn         = "ISRC"
	recordingColumn    = "MusicBrainz recording ID"
	releaseColumn      = "MusicBrainz release ID"
	noteColumn         = "Note"
	playlistNameColumn = "Playlist name"

	artistNamesColumn  = "Artist Name(s)" // Exportify: separated by semicolons in its newer versions
	albumNamesColumn   = "Album Artist Name(s)"
	millisecondsColumn = "Track Duration (ms)" // Exportify
	anyDurationColumn  = "Duration"            // seconds, milliseconds or a clock time
)

var columns = []string{titleColumn, artistColumn, albumColumn, albumArtistColumn, durationColumn, discColumn, trackColumn, yearColumn,
	isrcColumn, recordingColumn, releaseColumn, noteColumn, playlistNameColumn}

// columnNamed returns the column that a header cell means, "" when we have no use for it.
func columnNamed(header string) string {
	switch headerKey(header) {
	case "title", "trackname", "tracktitle", "track", "song", "songname", "songtitle", "name":
		return titleColumn
	case "artist", "artistname", "artists", "trackartist", "creator", "performer":
		return artistColumn
	case "artistnames":
		return artistNamesColumn
	case "album", "albumname", "albumtitle", "releasename":
		return albumColumn
	case "albumartist", "albumartistname", "albumartists":
		return albumArtistColumn
	case "albumartistnames":
		return albumNamesColumn
	case "durations", "durationseconds":
		return durationColumn
	case "duration", "trackduration", "length", "time":
		return anyDurationColumn
	case "durationms", "trackdurationms", "durationmilliseconds":
		return millisecondsColumn
	case "disc", "discnumber", "disk", "disknumber":
		return discColumn
	case "tracknumber", "trackno", "tracknum":
		return trackColumn
	case "year", "releaseyear", "releasedate", "albumreleasedate":
		return yearColumn
	case "isrc", "isrcs", "isrccode":
		return isrcColumn
	case "musicbrainzrecordingid", "musicbrainztrackid", "musicbrainzid", "recordingmbid", "mbid":
		return recordingColumn
	case "musicbrainzreleaseid", "musicbrainzalbumid", "releasembid":
		return releaseColumn
	case "note", "notes", "comment":
		return noteColumn
	case "playlistname", "playlist":
		return playlistNameColumn
	}
	return ""
}

// headerKey keeps the letters and digits of a header cell, in lower case: "Artist Name(s)" and "artist_names" are one.
func headerKey(header string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, header)
}
