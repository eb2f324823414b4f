// Package missing makes a shopping list of the rows of wanted playlists for which a library has no song: each recording
// once, under its album, what most playlists want first, with the reason and with links to where it is described and sold.
//
// It is pure. The links are built from text, and nothing is fetched: whether a shop has the music is seen by who opens them.
package missing

import "github.com/songferry/songferry/playlists"

// Row is a row of a wanted playlist without a song.
type Row struct {
	Track    playlists.Track
	Playlist Playlist // that wants it
	Why      Reason
	Check    bool // a song comes near: a person should look at that before they buy anything
}

// Playlist is one that wants a track.
type Playlist struct {
	ID   playlists.ID
	Name string
}

// List is what a library lacks. Albums that more playlists want stand first, of those the ones with more tracks.
type List struct {
	Get   []Album
	Check []Album // of tracks that a person should look at first
}

// Album is one that tracks are missing of.
type Album struct {
	Name      string // "" when Tracks is a single one that names no album
	Artist    string
	Release   string     // MusicBrainz release, "" when unknown
	Playlists []Playlist // that want any of the tracks, in the order of their names
	Tracks    []Track    // in the album's order
}

// Track is a recording that is missing. Where playlists tell different things of it, it is as one of them has it.
type Track struct {
	playlists.Track
	Playlists []Playlist // that want it, in the order of their names
	Why       Reason
}

// Wanted returns the names of the playlists that want a track.
func (t Track) Wanted() []string {
	out := make([]string, len(t.Playlists))
	for i, p := range t.Playlists {
		out[i] = p.Name
	}
	return out
}

// Count returns how many tracks albums are missing, and how many playlists want any of those.
func Count(albums []Album) (tracks, wanting int) {
	seen := map[playlists.ID]bool{}
	for _, a := range albums {
		tracks += len(a.Tracks)
		for _, p := range a.Playlists {
			seen[p.ID] = true
		}
	}
	return tracks, len(seen)
}

// Tracks returns every track of a list, those to get before those to look at.
func (l List) Tracks() []Track {
	var out []Track
	for _, part := range [][]Album{l.Get, l.Check} {
		for _, a := range part {
			out = append(out, a.Tracks...)
		}
	}
	return out
}
