package missing

import (
	"net/url"
	"strings"

	"github.com/songferry/songferry/playlists"
)

// Links are addresses where music is described or sold, "" where there is nothing to look for. Shops are only searched:
// nobody knows whether they have it.
type Links struct {
	MusicBrainz string
	Bandcamp    string
	Qobuz       string
}

// maxQuery bounds the text that is searched for, in characters: the names of a symphony's movements fill no search field.
const maxQuery = 200

// Links returns where a track is found. A recording id leads to the recording, an ISRC to all that bear it.
func (t Track) Links() Links {
	l := search("recording", "t", "tracks", t.Artist, t.Title)
	if id := playlists.CleanMBID(t.MBID); id != "" {
		l.MusicBrainz = musicBrainz + "recording/" + id
		return l
	}
	for _, code := range t.ISRC {
		if code = playlists.CleanISRC(code); code != "" {
			l.MusicBrainz = musicBrainz + "isrc/" + code
			return l
		}
	}
	return l
}

// Links returns where an album is found; for a track that names none, where that is.
func (a Album) Links() Links {
	if a.Name == "" && len(a.Tracks) == 1 {
		return a.Tracks[0].Links()
	}
	l := search("release", "a", "albums", a.Artist, a.Name)
	if id := playlists.CleanMBID(a.Release); id != "" {
		l.MusicBrainz = musicBrainz + "release/" + id
	}
	return l
}

const musicBrainz = "https://musicbrainz.org/"

// search returns the addresses of searches for a name. kind, item and section are what each calls the kind of thing.
func search(kind, item, section, artist, name string) Links {
	text := strings.Join(strings.Fields(artist+" "+name), " ")
	if text = playlists.CleanText(text, maxQuery); text == "" {
		return Links{}
	}
	query := url.QueryEscape(text)
	return Links{
		MusicBrainz: musicBrainz + "search?type=" + kind + "&method=indexed&query=" + query,
		Bandcamp:    "https://bandcamp.com/search?q=" + query + "&item_type=" + item,
		Qobuz:       "https://www.qobuz.com/us-en/search/" + section + "/" + segment(text),
	}
}

// segment is text as one segment of a path. Slashes become spaces, since many servers refuse escaped ones (AC/DC), and a
// text of full stops alone would lead to the folder above.
func segment(text string) string {
	text = strings.Join(strings.Fields(strings.ReplaceAll(text, "/", " ")), " ")
	if strings.Trim(text, ".") == "" {
		text += " "
	}
	return url.PathEscape(text)
}
