package main

import (
	"context"
	"fmt"
	"io"

	"github.com/songferry/songferry/playlists"
)

type followingShow struct {
	chosenCopy
	JSON bool `name:"json" help:"For scripts."`
}

// copyDetails is a copy with what its person did to it.
type copyDetails struct {
	followingRow
	Refused []refusedRow `json:"refused"`
}

// refusedRow is a song that the person took out of a copy.
type refusedRow struct {
	ID     string `json:"id"`
	Title  string `json:"title,omitempty"` // "" when the library does not have it now
	Artist string `json:"artist,omitempty"`
	Stay   int    `json:"stay"` // how many copies of it they left in the list
}

func (c followingShow) Run(ctx context.Context, s *Settings, t terminal) error {
	return withBridge(ctx, s, t, func(b *bridge) error {
		row, err := c.find(ctx, b)
		if err != nil {
			return err
		}
		out := copyDetails{followingRow: row}
		if out.Refused, err = b.refused(ctx, row); err != nil {
			return err
		}
		if c.JSON {
			return printJSON(t.Out, out)
		}
		out.print(t.Out, c.Account)
		return nil
	})
}

func (d copyDetails) print(w io.Writer, account string) {
	fmt.Fprintf(w, "%s: %d of %d tracks are in your library; %s, from %s.\n", d.Name, d.Found, d.Total, d.kept(), d.Target)
	for _, say := range []string{d.Note, hint(account, d.followingRow), d.Error} {
		if say != "" {
			fmt.Fprintln(w, say)
		}
	}
	if len(d.Refused) == 0 {
		return
	}
	fmt.Fprintf(w, "You took these out, so they stay out. `songferry following restore --account %s %s SONG` takes that back:\n", account, inShell(d.followingRow))
	for _, r := range d.Refused {
		fmt.Fprintln(w, "  "+r.line())
	}
}

func (r refusedRow) line() string {
	switch {
	case r.Title == "":
		return "a song that your library does not have now (" + r.ID + ")"
	case r.Stay > 0:
		return r.name() + fmt.Sprintf(" (%s stays)", count(r.Stay, "copy of it"))
	}
	return r.name()
}

func (r refusedRow) names() []string {
	if r.Title == "" {
		return []string{r.ID}
	}
	return []string{r.ID, r.Title, r.name()}
}

func (r refusedRow) name() string {
	switch {
	case r.Title == "":
		return "The song"
	case r.Artist == "":
		return r.Title
	}
	return r.Artist + " – " + r.Title
}

// refused lists what a person took out of a copy.
func (b *bridge) refused(ctx context.Context, row followingRow) ([]refusedRow, error) {
	songs, err := b.subsonic.Refused(ctx, playlists.ID(row.ID))
	out := make([]refusedRow, len(songs))
	for i, s := range songs {
		out[i] = refusedRow{ID: s.Key, Title: s.Track.Title, Artist: s.Track.Artist, Stay: s.Stay}
	}
	return out, err
}

func chooseRefused(songs []refusedRow, wanted string) (refusedRow, error) {
	found := named(songs, wanted, refusedRow.names)
	switch len(found) {
	case 0:
		return refusedRow{}, playlists.Problemf(playlists.NotFound, nil, "No song %q is kept out of this copy. `songferry following show` lists those that are.", wanted)
	case 1:
		return found[0], nil
	}
	return refusedRow{}, playlists.Problemf(playlists.Invalid, nil, "There are %d of %q: name the ID of one, which `songferry following show --json` shows.", len(found), wanted)
}
