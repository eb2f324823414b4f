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
	a, err := b.store.AccountByHandle(ctx, c.Account)
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

// reviewed names a track of an account's copies.
type reviewed struct {
	Account string `required:"" env:"SONGFERRY_ACCOUNT" placeholder:"NAME" help:"Whose copies."`
	Track   string `arg:"" help:"The track, by the letters and digits that review list shows before it."`
}

// row returns the track that is meant.
func (c reviewed) row(ctx context.Context, b *bridge) (playlists.Account, subsonicbridge.ReviewRow, error) {
	a, err := b.store.AccountByHandle(ctx, c.Account)
	if err != nil {
		return a, subsonicbridge.ReviewRow{}, err
	}
	found, err := b.subsonic.ReviewTrack(ctx, a.ID, strings.ToLower(c.Track))
	if err != nil {
		return a, subsonicbridge.ReviewRow{}, err
	}
	if c.Track == "" {
		found = nil // which all would begin with
	}
	switch len(found) {
	case 0:
		return a, subsonicbridge.ReviewRow{}, playlists.Problemf(playlists.NotFound, nil,
			"No track of %s's copies begins with %q in the list that `songferry review list --account %s` prints (with --all, all of them).", c.Account, c.Track, c.Account)
	case 1:
		return a, found[0], nil
	}
	return a, subsonicbridge.ReviewRow{}, playlists.Problemf(playlists.Invalid, nil, "%d tracks begin with %q: give more of its letters and digits.", len(found), c.Track)
}

type reviewChoose struct {
	reviewed
	Number int    `arg:"" optional:"" help:"The number of the song in the list."`
	SongID string `name:"song-id" placeholder:"ID" help:"The song's ID on your music server, instead of a number: review find shows it."`
}

func (c reviewChoose) Run(ctx context.Context, s *Settings, t terminal) error {
	return withBridge(ctx, s, t, func(b *bridge) error { return c.run(ctx, b, t.Out) })
}

func (c reviewChoose) run(ctx context.Context, b *bridge, out io.Writer) error {
	a, r, err := c.row(ctx, b)
	if err != nil {
		return err
	}
	song := c.SongID
	if song == "" {
		if c.Number < 1 || c.Number > len(r.Candidates) {
			return playlists.Problemf(playlists.Invalid, nil, "Which song? %s.", waysToChoose(len(r.Candidates)))
		}
		song = r.Candidates[c.Number-1].Song.ID
	}
	if err := b.subsonic.Choose(ctx, a.ID, r.Key, song); err != nil {
		return err
	}
	fmt.Fprintf(out, "%s: your choice is kept, in every playlist. %s\n", described(r.Track), soon)
	return nil
}

// waysToChoose says how to name a song of a track that has n in its list.
func waysToChoose(n int) string {
	other := "`--song-id ID` with what `songferry review find` shows"
	switch n {
	case 0:
		return "None is listed for this track: name one by " + other
	case 1:
		return "Give its number, 1, or " + other
	}
	return fmt.Sprintf("Give its number, 1 to %d, or %s", n, other)
}

// soon says when a decision shows.
const soon = "The lists on your music server follow in a moment, while `songferry serve` runs."

type reviewNone struct{ reviewed }

func (c reviewNone) Run(ctx context.Context, s *Settings, t terminal) error {
	return withBridge(ctx, s, t, func(b *bridge) error { return c.run(ctx, b, t.Out) })
}

func (c reviewNone) run(ctx context.Context, b *bridge, out io.Writer) error {
	a, r, err := c.row(ctx, b)
	if err != nil {
		return err
	}
	if err := b.subsonic.Choose(ctx, a.ID, r.Key, ""); err != nil {
		return err
	}
	fmt.Fprintf(out, "%s: no song of yours stands for it. %s\n", described(r.Track), soon)
	return nil
}

type reviewUndo struct{ reviewed }

func (c reviewUndo) Run(ctx context.Context, s *Settings, t terminal) error {
	return withBridge(ctx, s, t, func(b *bridge) error { return c.run(ctx, b, t.Out) })
}

func (c reviewUndo) run(ctx context.Context, b *bridge, out io.Writer) error {
	a, r, err := c.row(ctx, b)
	if err != nil {
		return err
	}
	if err := b.subsonic.Unchoose(ctx, a.ID, r.Key); err != nil {
		return err
	}
	fmt.Fprintf(out, "%s: Songferry looks for it by itself again. %s\n", described(r.Track), soon)
	return nil
}

type reviewFind struct {
	Account string `required:"" env:"SONGFERRY_ACCOUNT" placeholder:"NAME" help:"Whose library."`
	Text    string `arg:"" help:"Words of title, artist or album."`
	JSON    bool   `name:"json" help:"For scripts."`
}

func (c reviewFind) Run(ctx context.Context, s *Settings, t terminal) error {
	return withBridge(ctx, s, t, func(b *bridge) error { return c.run(ctx, b, t.Out) })
}

func (c reviewFind) run(ctx context.Context, b *bridge, out io.Writer) error {
	a, err := b.store.AccountByHandle(ctx, c.Account)
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
