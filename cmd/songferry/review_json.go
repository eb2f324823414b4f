package main

import (
	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/match"
	"github.com/songferry/songferry/subsonicbridge"
)

// What review list and review find print for scripts.

type reviewRowJSON struct {
	Track      string                 `json:"track"` // names it to review choose
	Wanted     playlists.Track        `json:"wanted"`
	Decided    subsonicbridge.Decider `json:"decided"`
	Class      match.Class            `json:"class"`
	Song       *songJSON              `json:"song,omitempty"`
	Why        []string               `json:"why"`
	Candidates []candidateJSON        `json:"candidates"`
	Playlists  []string               `json:"playlists"`
}

type candidateJSON struct {
	songJSON
	Score float64  `json:"score"`
	Why   []string `json:"why"`
}

type songJSON struct {
	ID       string `json:"id"`
	Title    string `json:"title"`
	Artist   string `json:"artist"`
	Album    string `json:"album"`
	Duration int    `json:"duration"`
}

func reviewRowsOf(rows []subsonicbridge.ReviewRow) []reviewRowJSON {
	out := []reviewRowJSON{}
	for _, r := range rows {
		row := reviewRowJSON{Track: r.Key, Wanted: r.Track, Decided: r.Decided, Class: r.Class, Why: reasons(r.Why), Candidates: []candidateJSON{}, Playlists: r.Playlists}
		if r.Song != nil {
			song := songRow(*r.Song)
			row.Song = &song
		}
		for _, c := range r.Candidates {
			row.Candidates = append(row.Candidates, candidateJSON{songRow(c.Song), c.Score, reasons(c.Why)})
		}
		out = append(out, row)
	}
	return out
}

func songRowsOf(songs []subsonicbridge.Song) []songJSON {
	out := []songJSON{}
	for _, s := range songs {
		out = append(out, songRow(s))
	}
	return out
}

func songRow(s subsonicbridge.Song) songJSON {
	return songJSON{ID: s.ID, Title: s.Title, Artist: s.Artist, Album: s.Album, Duration: s.Duration}
}

func reasons(why []match.Reason) []string {
	out := []string{}
	for _, r := range why {
		out = append(out, r.String())
	}
	return out
}
