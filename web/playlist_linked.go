package web

import (
	"time"

	"github.com/songferry/songferry/playlists"
)

// maxLinked bounds the tracks that JSON-LD describes: what reads it reads the first few, and it is not to weigh more than
// the page. Its numTracks counts them all.
const maxLinked = 30

// linked is a node of JSON-LD in the vocabulary of schema.org.
type linked struct {
	Context   string   `json:"@context,omitempty"`
	Type      string   `json:"@type"`
	Name      string   `json:"name,omitempty"`
	URL       string   `json:"url,omitempty"`
	Language  string   `json:"inLanguage,omitempty"`
	About     string   `json:"description,omitempty"`
	Image     string   `json:"image,omitempty"`
	Modified  string   `json:"dateModified,omitempty"`
	Creator   *linked  `json:"creator,omitempty"`
	NumTracks *int     `json:"numTracks,omitempty"`
	Track     *linked  `json:"track,omitempty"`
	Number    int      `json:"numberOfItems,omitempty"`
	Items     []linked `json:"itemListElement,omitempty"`
	Position  int      `json:"position,omitempty"`
	Item      *linked  `json:"item,omitempty"`
	By        *linked  `json:"byArtist,omitempty"`
	Album     *linked  `json:"inAlbum,omitempty"`
	Duration  string   `json:"duration,omitempty"` // ISO 8601
	ISRC      string   `json:"isrcCode,omitempty"`
	SameAs    string   `json:"sameAs,omitempty"`
}

// linkedOf describes a playlist as a MusicPlaylist.
func (s *site) linkedOf(view *playlistView, p page) *linked {
	n := len(view.Playlist.Tracks)
	out := &linked{Context: "https://schema.org", Type: "MusicPlaylist", Name: view.Playlist.Name, URL: view.Address, Language: view.Playlist.Language,
		About: p.Description, Modified: view.Playlist.Updated.UTC().Format(time.RFC3339), NumTracks: &n,
		Creator: &linked{Type: "Person", Name: view.Curator.Name}, Track: &linked{Type: "ItemList", Number: n}}
	if !view.Secret {
		out.Creator.URL = s.absolute("@" + view.Curator.Handle)
	}
	if p.Image != nil {
		out.Image = p.Image.Address
	}
	for i, t := range view.Playlist.Tracks[:min(n, maxLinked)] {
		out.Track.Items = append(out.Track.Items, linked{Type: "ListItem", Position: i + 1, Item: recording(t)})
	}
	return out
}

func recording(t playlists.Track) *linked {
	out := &linked{Type: "MusicRecording", Name: t.Title, SameAs: recordingPage(t)}
	if t.Artist != "" {
		out.By = &linked{Type: "MusicGroup", Name: t.Artist}
	}
	if t.Album != "" {
		out.Album = &linked{Type: "MusicAlbum", Name: t.Album}
	}
	if t.Duration > 0 {
		out.Duration = isoDuration(t.Duration)
	}
	if len(t.ISRC) > 0 {
		out.ISRC = t.ISRC[0]
	}
	return out
}
