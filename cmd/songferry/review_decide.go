package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge"
)

// reviewed names a track of an account's copies.
type reviewed struct {
	Account string `required:"" env:"SONGFERRY_ACCOUNT" placeholder:"NAME" help:"Whose copies."`
	Track   string `arg:"" help:"The track, by the letters and digits that review list shows before it."`
}

// row returns the track that is meant.
func (c reviewed) row(ctx context.Context, b *bridge) (playlists.Account, subsonicbridge.ReviewRow, error) {
	a, err := b.account(ctx, c.Account)
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
