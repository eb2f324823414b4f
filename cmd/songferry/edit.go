package main

import (
	"context"
	"io"
	"strconv"
	"strings"

	"github.com/songferry/songferry/playlists"
)

// playlistEdit leaves as it is what is not given.
type playlistEdit struct {
	Account   string   `required:"" env:"SONGFERRY_ACCOUNT" placeholder:"NAME" help:"Whose playlist."`
	Title     *string  `placeholder:"TEXT" help:"What others see as its name; an empty one gives back that of your music server."`
	Notes     *string  `placeholder:"TEXT" xor:"notes" help:"Liner notes, in Markdown; empty ones give back the comment on your music server."`
	NotesFile string   `placeholder:"FILE" xor:"notes" help:"A file that holds them, or - for what is piped in."`
	Language  *string  `placeholder:"CODE" help:"Language of its words, en or fr for instance; an empty one is the account's."`
	Cover     *bool    `negatable:"" help:"Show a cover, which is made of those in your library."`
	LeaveOut  []string `sep:"none" placeholder:"TRACK" help:"A track that others shall not see: its number or its title. May be repeated, as those below."`
	BringBack []string `sep:"none" placeholder:"TRACK" help:"A track that was left out."`
	Note      []string `sep:"none" placeholder:"TRACK=TEXT" help:"Why a track is in it; an empty text takes the note away."`
	JSON      bool     `name:"json" help:"For scripts."`
	Playlist  string   `arg:"" help:"Its name or ID."`
}

func (playlistEdit) Help() string {
	return "Without anything to change it shows how the playlist stands, with the numbers of its tracks. Nothing of this is written to your music server."
}

// Run lays the changes over the playlist, or shows what lies there.
func (c playlistEdit) Run(ctx context.Context, s *Settings, t terminal) error {
	return withBridge(ctx, s, t, func(b *bridge) error {
		lists, err := b.freshList(ctx, t.Err, c.Account)
		if err != nil {
			return err
		}
		l, err := choose(lists, c.Playlist)
		if err != nil {
			return err
		}
		changed, err := c.edit(ctx, b, t, l.ID)
		if err != nil {
			return err
		}
		now, err := b.edited(ctx, l.ID)
		if err != nil {
			return err
		}
		if c.JSON {
			return printJSON(t.Out, now)
		}
		now.print(t.Out, changed)
		return nil
	})
}

// edit keeps what is to change, and reports whether anything is.
func (c playlistEdit) edit(ctx context.Context, b *bridge, t terminal, id playlists.ID) (changed bool, err error) {
	if c.Notes, err = c.notes(t); err != nil {
		return false, err
	}
	if c.Title == nil && c.Notes == nil && c.Language == nil && c.Cover == nil && len(c.LeaveOut)+len(c.BringBack)+len(c.Note) == 0 {
		return false, nil
	}
	o, err := b.store.OverlayOf(ctx, id)
	if err != nil {
		return false, err
	}
	override(&o.Title, c.Title)
	override(&o.Liner, c.Notes)
	override(&o.Language, c.Language)
	if c.Cover != nil {
		o.NoCover = !*c.Cover
	}
	rows, err := b.store.ServerRows(ctx, id)
	if err != nil {
		return false, err
	}
	if o.Rows, err = c.rows(o.Rows, rows); err != nil {
		return false, err
	}
	return true, b.store.Edit(ctx, id, o)
}

// notes returns the liner notes that are given, nil for none.
func (c playlistEdit) notes(t terminal) (*string, error) {
	if c.NotesFile == "" {
		return c.Notes, nil
	}
	in := t.In
	if c.NotesFile != "-" {
		f, err := openInput(c.NotesFile)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		in = f
	}
	const most = 4 * playlists.MaxSummary // bytes; what is too long is still too long then
	text, err := io.ReadAll(io.LimitReader(in, most+4))
	if err != nil {
		return nil, playlists.Problemf(playlists.Invalid, err, "%s cannot be read.", inputName(c.NotesFile))
	}
	notes := strings.TrimSuffix(strings.ReplaceAll(string(text), "\r\n", "\n"), "\n")
	return &notes, nil
}

// rows returns what is laid over the tracks once the changes are made.
func (c playlistEdit) rows(laid []playlists.RowOverlay, server []playlists.ServerRow) ([]playlists.RowOverlay, error) {
	change := func(track string, do func(*playlists.RowOverlay)) error {
		row, err := chooseTrack(server, track)
		if err != nil {
			return err
		}
		for i := range laid {
			if laid[i].Key == row.Key {
				do(&laid[i])
				return nil
			}
		}
		laid = append(laid, playlists.RowOverlay{Key: row.Key})
		do(&laid[len(laid)-1])
		return nil
	}
	for _, track := range c.LeaveOut {
		if err := change(track, func(r *playlists.RowOverlay) { r.LeftOut = true }); err != nil {
			return nil, err
		}
	}
	for _, track := range c.BringBack {
		if err := change(track, func(r *playlists.RowOverlay) { r.LeftOut = false }); err != nil {
			return nil, err
		}
	}
	for _, note := range c.Note {
		track, text, ok := strings.Cut(note, "=")
		if !ok {
			return nil, playlists.Problemf(playlists.Invalid, nil, "%q says of no track that it is a note: write its number, =, and the note.", playlists.CleanText(note, 80))
		}
		if err := change(track, func(r *playlists.RowOverlay) { r.Note = text }); err != nil {
			return nil, err
		}
	}
	return laid, nil
}

// chooseTrack finds a track by its number in the playlist, counted from 1, or by its name. A track that is there twice is
// one: what is said of it holds for both.
func chooseTrack(rows []playlists.ServerRow, wanted string) (playlists.ServerRow, error) {
	wanted = strings.TrimSpace(wanted)
	if n, err := strconv.Atoi(wanted); err == nil && n >= 1 && n <= len(rows) {
		return rows[n-1], nil
	}
	found := named(rows, wanted, func(r playlists.ServerRow) []string {
		return []string{r.Title, r.Artist + " – " + r.Title, r.Artist + " - " + r.Title}
	})
	if len(found) == 0 {
		return playlists.ServerRow{}, playlists.Problemf(playlists.NotFound, nil, "There is no track %q in this playlist. `songferry playlist edit` without changes shows those there are, with their numbers.", playlists.CleanText(wanted, 80))
	}
	for _, r := range found {
		if r.Key != found[0].Key {
			return playlists.ServerRow{}, playlists.Problemf(playlists.Invalid, nil, "There are %d tracks called %q: name the number of one, which `songferry playlist edit` without changes shows.", len(found), playlists.CleanText(wanted, 80))
		}
	}
	return found[0], nil
}
