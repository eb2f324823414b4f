package missing

import (
	"net/url"
	"strings"

	"github.com/songferry/songferry/playlists"
)

// Links are where music is described and sold. Their zero value means that there is nothing to look for.
type Links struct {
	MusicBrainz string // address
	Shops       []Link // every one that is known, in the order in which they are offered
}

// Link is a place by its name, which is the same in every language, and an address there.
type Link struct {
	Name, Address string
}

// At returns the address at the shop with this name, "" when there is none.
func (l Links) At(shop string) string {
	for _, s := range l.Shops {
		if s.Name == shop {
			return s.Address
		}
	}
	return ""
}

// maxQuery bounds the text that is searched for, in characters: the names of a symphony's movements fill no search field.
const maxQuery = 200

const musicBrainz = "https://musicbrainz.org/"

// Links returns where a track is found. A recording id leads to the recording, an ISRC to all that bear it.
func (t Track) Links() Links {
	l := search(recordings, t.Artist, t.Title)
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
	l := search(releases, a.Artist, a.Name)
	if id := playlists.CleanMBID(a.Release); id != "" {
		l.MusicBrainz = musicBrainz + "release/" + id
	}
	return l
}

// search returns the addresses of searches for a name.
func search(kind kind, artist, name string) Links {
	text := strings.Join(strings.Fields(artist+" "+name), " ")
	if text = playlists.CleanText(text, maxQuery); text == "" {
		return Links{}
	}
	l := Links{MusicBrainz: musicBrainz + "search?type=" + string(kind) + "&method=indexed&query=" + url.QueryEscape(text)}
	for _, s := range shops {
		l.Shops = append(l.Shops, Link{s.name, s.find(kind, text)})
	}
	return l
}
