package subsonicbridge

import (
	"strings"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/match"
)

// Song is a track that the server has a file for. Its ID is the server's, and may change whenever that is upgraded.
type Song = match.Song

// songAnswer is a song as servers send it (Child in the Subsonic API), as far as it helps to recognise a recording.
type songAnswer struct {
	ID            text               `json:"id" xml:"id,attr"`
	Title         text               `json:"title" xml:"title,attr"`
	Artist        text               `json:"artist" xml:"artist,attr"`
	DisplayArtist text               `json:"displayArtist" xml:"displayArtist,attr"`
	Artists       list[artistAnswer] `json:"artists" xml:"artists"`
	Album         text               `json:"album" xml:"album,attr"`
	AlbumBy       text               `json:"displayAlbumArtist" xml:"displayAlbumArtist,attr"`
	AlbumArtists  list[artistAnswer] `json:"albumArtists" xml:"albumArtists"`
	Duration      number             `json:"duration" xml:"duration,attr"`
	Track         number             `json:"track" xml:"track,attr"`
	Disc          number             `json:"discNumber" xml:"discNumber,attr"`
	Year          number             `json:"year" xml:"year,attr"`
	MBID          text               `json:"musicBrainzId" xml:"musicBrainzId,attr"`
	ISRC          list[text]         `json:"isrc" xml:"isrc"`
	ISRCAttribute text               `json:"-" xml:"isrc,attr"` // gonic's XML
	AlbumID       text               `json:"albumId" xml:"albumId,attr"`
	CoverArt      text               `json:"coverArt" xml:"coverArt,attr"`
}

type artistAnswer struct {
	Name text `json:"name" xml:"name,attr"`
	MBID text `json:"musicBrainzId" xml:"musicBrainzId,attr"`
}

// maxID bounds the ids that are believed: the longest in use are gonic's and far below.
const maxID = 500

func (s songAnswer) song() Song {
	t := playlists.Track{
		Title:    clean(s.Title),
		Artist:   clean(first(s.DisplayArtist, s.Artist, joined(s.Artists))),
		Artists:  artists(s.Artists),
		Album:    clean(s.Album),
		AlbumBy:  clean(first(s.AlbumBy, joined(s.AlbumArtists))),
		Duration: max(0, int(s.Duration)),
		Number:   max(0, int(s.Track)),
		Disc:     max(0, int(s.Disc)),
		Year:     max(0, int(s.Year)),
		MBID:     playlists.CleanMBID(string(s.MBID)),
		ISRC:     s.isrcs(),
	}
	if len(s.ID) > maxID {
		s.ID = ""
	}
	return Song{ID: string(s.ID), Track: t}
}

func (s songAnswer) isrcs() []string {
	var out []string
	for _, code := range append(s.ISRC, s.ISRCAttribute) {
		if c := playlists.CleanISRC(string(code)); c != "" {
			out = append(out, c)
		}
	}
	return out
}

func artists(in []artistAnswer) []playlists.Artist {
	var out []playlists.Artist
	for _, a := range in {
		if name := clean(a.Name); name != "" {
			out = append(out, playlists.Artist{Name: name, MBID: playlists.CleanMBID(string(a.MBID))})
		}
	}
	return out
}

func joined(in []artistAnswer) text {
	var names []string
	for _, a := range in {
		names = append(names, string(a.Name))
	}
	return text(strings.Join(names, ", "))
}

func first(texts ...text) text {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

func clean(t text) string { return playlists.CleanText(string(t), playlists.MaxText) }

func songs(in []songAnswer) []Song {
	out := make([]Song, 0, len(in))
	for _, s := range in {
		if song := s.song(); song.ID != "" || song.Title != "" {
			out = append(out, song)
		}
	}
	return out
}
