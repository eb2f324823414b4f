package main

import (
	"github.com/songferry/songferry/playlists/missing"
	"github.com/songferry/songferry/subsonicbridge"
)

// missingList is what `missing --json` prints.
type missingList struct {
	Copies int            `json:"copies"` // that were looked at
	Unread int            `json:"unread"` // that were not resolved yet
	Cut    bool           `json:"cut"`    // there is more than this
	Get    []missingAlbum `json:"missing"`
	Check  []missingAlbum `json:"toCheck"`
}

type missingAlbum struct {
	Album     string         `json:"album,omitempty"` // "" for a track that names none
	Artist    string         `json:"artist,omitempty"`
	Playlists int            `json:"playlists"` // that want any of it
	Links     missingLinks   `json:"links"`
	Tracks    []missingTrack `json:"tracks"`
}

type missingTrack struct {
	Title     string       `json:"title"`
	Artist    string       `json:"artist,omitempty"`
	Duration  int          `json:"duration,omitempty"` // seconds
	MBID      string       `json:"mbid,omitempty"`
	ISRC      []string     `json:"isrc,omitempty"`
	Reason    missing.Kind `json:"reason"`
	Why       string       `json:"why"`
	Playlists []string     `json:"playlists"`
	Links     missingLinks `json:"links"`
}

type missingLinks struct {
	MusicBrainz string `json:"musicBrainz,omitempty"`
	Bandcamp    string `json:"bandcamp,omitempty"`
	Qobuz       string `json:"qobuz,omitempty"`
}

func missingLinksOf(l missing.Links) missingLinks {
	return missingLinks{MusicBrainz: l.MusicBrainz, Bandcamp: l.At("Bandcamp"), Qobuz: l.At("Qobuz")}
}

func missingOf(l missing.List, g subsonicbridge.Gaps) missingList {
	return missingList{Copies: g.Copies, Unread: g.Unread, Cut: g.Cut, Get: missingAlbums(l.Get), Check: missingAlbums(l.Check)}
}

func missingAlbums(albums []missing.Album) []missingAlbum {
	out := []missingAlbum{}
	for _, a := range albums {
		row := missingAlbum{Album: a.Name, Artist: a.Artist, Playlists: len(a.Playlists), Links: missingLinksOf(a.Links())}
		for _, t := range a.Tracks {
			row.Tracks = append(row.Tracks, missingTrack{Title: t.Title, Artist: t.Artist, Duration: t.Duration, MBID: t.MBID, ISRC: t.ISRC,
				Reason: t.Why.Kind, Why: t.Why.String(), Playlists: t.Wanted(), Links: missingLinksOf(t.Links())})
		}
		out = append(out, row)
	}
	return out
}
