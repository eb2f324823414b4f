package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/songferry/songferry/playlists"
)

// editedPlaylist is what an owner says of a playlist beside what their music server says.
type editedPlaylist struct {
	ID       string        `json:"id"`
	Name     string        `json:"name"`            // on the music server
	Title    string        `json:"title,omitempty"` // "" when it is Name
	Notes    string        `json:"notes,omitempty"` // "" when they are the server's comment
	Language string        `json:"language,omitempty"`
	Cover    bool          `json:"cover"`
	Tracks   []editedTrack `json:"tracks"`
}

// editedTrack is a track as the music server has it, and what its owner says of it.
type editedTrack struct {
	Number  int    `json:"number"` // from 1
	Title   string `json:"title"`
	Artist  string `json:"artist,omitempty"`
	Note    string `json:"note,omitempty"`
	LeftOut bool   `json:"leftOut"`
}

func (b *bridge) edited(ctx context.Context, id playlists.ID) (editedPlaylist, error) {
	o, err := b.store.OverlayOf(ctx, id)
	if err != nil {
		return editedPlaylist{}, err
	}
	name, _, err := b.store.ServerWords(ctx, id)
	if err != nil {
		return editedPlaylist{}, err
	}
	out := editedPlaylist{ID: string(id), Name: name, Title: o.Title, Notes: o.Liner, Language: o.Language, Cover: !o.NoCover, Tracks: []editedTrack{}}
	rows, err := b.store.ServerRows(ctx, id)
	for i, r := range rows {
		out.Tracks = append(out.Tracks, editedTrack{Number: i + 1, Title: r.Title, Artist: r.Artist, Note: r.Note, LeftOut: r.LeftOut})
	}
	return out, err
}

// print shows it: all of it or, once it was changed, what others see of it in a few words.
func (p editedPlaylist) print(w io.Writer, changed bool) {
	out := 0
	for _, t := range p.Tracks {
		if t.LeftOut {
			out++
		}
	}
	fmt.Fprintf(w, "%s: %s, %s left out; notes: %s; language: %s; cover: %s.\n", cmp.Or(p.Title, p.Name), count(len(p.Tracks), "track"), count(out, "track"),
		cmp.Or(firstLine(p.Notes), "those of your music server"), cmp.Or(p.Language, "the account's"), map[bool]string{true: "yes", false: "no"}[p.Cover])
	if changed {
		fmt.Fprintln(w, "Those who follow it get it so within minutes, while `songferry serve` runs.")
		return
	}
	for _, t := range p.Tracks {
		fmt.Fprintln(w, t.line())
	}
}

func (t editedTrack) line() string {
	name := t.Title
	if t.Artist != "" {
		name = t.Artist + " – " + t.Title
	}
	line := fmt.Sprintf("%5d  %s", t.Number, name)
	if t.LeftOut {
		line += "  (left out)"
	}
	if t.Note != "" {
		line += "\n       | " + strings.ReplaceAll(t.Note, "\n", "\n       | ")
	}
	return line
}

// firstLine is the beginning of a text, for where there is no room for all of it.
func firstLine(text string) string {
	first, _, more := strings.Cut(text, "\n")
	if more {
		first += " …"
	}
	return first
}
