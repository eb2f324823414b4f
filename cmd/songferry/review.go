package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/match"
	"github.com/songferry/songferry/subsonicbridge"
)

type reviewCommands struct {
	List   reviewList   `cmd:"" help:"List the tracks that need a person's eye, with the songs that could be meant."`
	Choose reviewChoose `cmd:"" help:"Say which song of your library a track is."`
	None   reviewNone   `cmd:"" help:"Say that no song of your library is this track."`
	Undo   reviewUndo   `cmd:"" help:"Take such a decision back."`
	Find   reviewFind   `cmd:"" help:"Look for a song of your library, when the right one is not among those listed."`
}

type reviewList struct {
	Account  string `required:"" env:"SONGFERRY_ACCOUNT" placeholder:"NAME" help:"Whose copies."`
	Playlist string `arg:"" optional:"" help:"Only this playlist: the name of a copy, or its ID."`
	All      bool   `help:"Every track, since also a sure match may be corrected."`
	JSON     bool   `name:"json" help:"For scripts."`
}

func (c reviewList) Run(ctx context.Context, s *Settings, t terminal) error {
	return withBridge(ctx, s, t, func(b *bridge) error { return c.run(ctx, b, t.Out) })
}

func (c reviewList) run(ctx context.Context, b *bridge, out io.Writer) error {
	a, err := b.account(ctx, c.Account)
	if err != nil {
		return err
	}
	var want playlists.ID
	if c.Playlist != "" {
		copies, err := b.following(ctx, c.Account)
		if err != nil {
			return err
		}
		one, err := chooseFollowed(copies, c.Account, c.Playlist)
		if err != nil {
			return err
		}
		want = playlists.ID(one.ID)
	}
	rows, err := b.subsonic.Review(ctx, a.ID, want, c.All)
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(out, reviewRowsOf(rows))
	}
	c.print(out, rows)
	return nil
}

func (c reviewList) print(w io.Writer, rows []subsonicbridge.ReviewRow) {
	if len(rows) == 0 {
		fmt.Fprintln(w, "Nothing to review.")
		return
	}
	for _, r := range rows {
		printReview(w, r)
	}
	fmt.Fprintf(w, "\n%s. To decide about one, for example the first:\n", count(len(rows), "track"))
	fmt.Fprintf(w, "  songferry review choose --account %s %s 1   it is song 1\n", c.Account, rows[0].Key[:shortKey])
	fmt.Fprintf(w, "  songferry review none --account %s %s       you do not have it\n", c.Account, rows[0].Key[:shortKey])
}

// shortKey is enough of a row's key for a person to type.
const shortKey = 8

func printReview(w io.Writer, r subsonicbridge.ReviewRow) {
	fmt.Fprintf(w, "%s  %s  (%s)\n", r.Key[:shortKey], described(r.Track), strings.Join(r.Playlists, ", "))
	fmt.Fprintf(w, "          %s\n", standing(r))
	for i, c := range r.Candidates {
		fmt.Fprintf(w, "       %d. %s: %s\n", i+1, described(c.Song.Track), because(c.Why))
	}
}

// described is a track in one line.
func described(t playlists.Track) string {
	out := t.Title
	if t.Artist != "" {
		out = t.Artist + " – " + out
	}
	if t.Album != "" {
		out += " [" + t.Album + "]"
	}
	if t.Duration > 0 {
		out += fmt.Sprintf(" %d:%02d", t.Duration/60, t.Duration%60)
	}
	return out
}

// standing says what stands for a track. Songs that it may be are listed below, each with its reasons.
func standing(r subsonicbridge.ReviewRow) string {
	switch {
	case r.Decided == subsonicbridge.Lost:
		return "The song that you chose is not in your library any more."
	case r.Decided == subsonicbridge.ByPerson && r.Song == nil:
		return "You decided that no song of yours is this track."
	case r.Decided == subsonicbridge.ByPerson:
		return "You chose " + described(r.Song.Track) + "."
	case r.Song != nil:
		return fmt.Sprintf("Found (%s): %s: %s", r.Class, described(r.Song.Track), because(r.Why))
	case r.Class == match.Review && len(r.Candidates) > 0:
		return "To check. It may be:"
	case r.Class == match.Review:
		return "To check: " + because(r.Why)
	}
	return "Not found: " + because(r.Why)
}

func because(why []match.Reason) string { return strings.Join(reasons(why), ", ") }

type reviewFind struct {
	Account string `required:"" env:"SONGFERRY_ACCOUNT" placeholder:"NAME" help:"Whose library."`
	Text    string `arg:"" help:"Words of title, artist or album."`
	JSON    bool   `name:"json" help:"For scripts."`
}

func (c reviewFind) Run(ctx context.Context, s *Settings, t terminal) error {
	return withBridge(ctx, s, t, func(b *bridge) error { return c.run(ctx, b, t.Out) })
}

func (c reviewFind) run(ctx context.Context, b *bridge, out io.Writer) error {
	a, err := b.account(ctx, c.Account)
	if err != nil {
		return err
	}
	songs, err := b.subsonic.FindSongs(ctx, a.ID, c.Text)
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(out, songRowsOf(songs))
	}
	if len(songs) == 0 {
		return playlists.Problemf(playlists.NotFound, nil, "Your music server finds nothing for %q. Try fewer or other words.", c.Text)
	}
	for _, song := range songs {
		fmt.Fprintf(out, "%s  %s\n", playlists.CleanText(song.ID, len(song.ID)), described(song.Track)) // it is the server's
	}
	return nil
}
