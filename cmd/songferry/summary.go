package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/songferry/songferry/playlists/match"
	"github.com/songferry/songferry/subsonicbridge"
)

// summary is what an import comes to.
type summary struct {
	ID       string               `json:"id,omitempty"` // of the copy
	Name     string               `json:"name"`
	ServerID string               `json:"serverId,omitempty"`
	Found    int                  `json:"found"`
	Review   int                  `json:"review"`
	Missing  int                  `json:"missing"`
	Total    int                  `json:"total"`
	State    subsonicbridge.State `json:"state,omitempty"`
	Note     string               `json:"note,omitempty"`
	Tracks   []summaryRow         `json:"tracks"`

	next string // what the person can do about Note
}

type summaryRow struct {
	Title  string      `json:"title"`
	Artist string      `json:"artist,omitempty"`
	Class  match.Class `json:"class"`
	Song   string      `json:"song,omitempty"`
	Why    []string    `json:"why,omitempty"`
}

func summaryOf(name, serverID string, rows []subsonicbridge.ResolvedRow) summary {
	s := summary{Name: name, ServerID: serverID, Total: len(rows), Tracks: []summaryRow{}}
	for _, r := range rows {
		row := summaryRow{Title: r.Track.Title, Artist: r.Track.Artist, Class: r.Resolution.Class, Song: r.Resolution.Song}
		for _, why := range r.Resolution.Why {
			row.Why = append(row.Why, why.String())
		}
		switch r.Resolution.Class {
		case match.Exact, match.Likely:
			s.Found++
		case match.Review:
			s.Review++
		default:
			s.Missing++
		}
		s.Tracks = append(s.Tracks, row)
	}
	return s
}

// maxShown is how many rows that were not found are printed.
const maxShown = 50

func (s summary) print(w io.Writer) {
	fmt.Fprintf(w, "%s: %d of %d tracks are in your library", s.Name, s.Found, s.Total)
	if s.Review > 0 {
		fmt.Fprintf(w, ", %d to check", s.Review)
	}
	fmt.Fprintln(w, ".")
	if say := together(s.Note, s.next); say != "" {
		fmt.Fprintln(w, say)
	}
	shown := 0
	for _, t := range s.Tracks {
		if t.Class == match.Exact || t.Class == match.Likely {
			continue
		}
		if shown++; shown > maxShown {
			fmt.Fprintf(w, "  … and %d more\n", s.Review+s.Missing-maxShown)
			break
		}
		fmt.Fprintln(w, "  "+t.line())
	}
}

// printWays says how an account gets the tracks that its new copies lack.
func printWays(w io.Writer, account string, copies ...summary) {
	toCheck, lacking := false, false
	for _, s := range copies {
		toCheck, lacking = toCheck || s.Review > 0, lacking || s.Missing > 0
	}
	if toCheck {
		fmt.Fprintf(w, "Tracks to check are left out until you decide: songferry review list --account %s\n", account)
	}
	if lacking {
		fmt.Fprintf(w, "For the missing ones, by album, and where to buy them: songferry missing --account %s\n", account)
	}
}

// line says what became of a track, and why where a person has to judge.
func (r summaryRow) line() string {
	name := r.Title
	if r.Artist != "" {
		name = r.Artist + " – " + r.Title
	}
	if r.Class == match.Review {
		name += reason(r)
	}
	return fmt.Sprintf("%-8s  %s", word(r), name)
}

func word(r summaryRow) string {
	switch r.Class {
	case match.Exact, match.Likely:
		return "found"
	case match.Review:
		return "to check"
	}
	return "missing"
}

// maxReasons is how many reasons a line gives.
const maxReasons = 3

func reason(r summaryRow) string {
	if len(r.Why) == 0 {
		return ""
	}
	return "  (" + strings.Join(r.Why[:min(len(r.Why), maxReasons)], "; ") + ")"
}
