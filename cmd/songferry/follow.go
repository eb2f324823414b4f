package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/formats"
	"github.com/songferry/songferry/playlists/match"
	"github.com/songferry/songferry/subsonicbridge"
)

type followCommand struct {
	Account    string `required:"" placeholder:"NAME" help:"Who follows."`
	Once       bool   `help:"Copy it once instead of keeping it in step."`
	OnWithdraw string `default:"keep" enum:"keep,drop" help:"What becomes of the copy when its owner withdraws the playlist: keep or drop."`
	JSON       bool   `name:"json" help:"For scripts."`
	Target     string `arg:"" help:"Handle (@alice_roadtrip@b.example) or address of a playlist."`
}

func (c followCommand) Run(ctx context.Context, s *Settings, t terminal) error {
	mode := playlists.Sync
	if c.Once {
		mode = playlists.Once
	}
	return withBridge(ctx, s, t, func(b *bridge) error {
		a, err := b.store.AccountByHandle(ctx, c.Account)
		if err != nil {
			return err
		}
		return b.bring(ctx, t, a, c.Target, mode, playlists.OnWithdraw(c.OnWithdraw), c.JSON)
	})
}

// bring finds a playlist, keeps that the account wants it, and writes it to the account's music server.
func (b *bridge) bring(ctx context.Context, t terminal, a playlists.Account, target string, m playlists.Mode, w playlists.OnWithdraw, asJSON bool) error {
	found, err := b.fed.Lookup(ctx, a.ID, target)
	if err != nil {
		return err
	}
	want, err := b.fed.Subscribe(ctx, a.ID, found, target, m, w)
	if err != nil {
		return err
	}
	if !found.Readable {
		fmt.Fprintf(t.Out, "%q is for followers that its owner approves. They are asked as soon as `songferry serve` runs; the playlist arrives when they say yes.\n", found.Playlist.Name)
		return nil
	}
	return b.mirror(ctx, t, want, asJSON)
}

func (b *bridge) mirror(ctx context.Context, t terminal, want playlists.Want, asJSON bool) error {
	result, err := b.subsonic.MirrorWant(ctx, want.ID, progress(t.Err, "Finding your files"))
	if say := playlists.Say(err); say != "" {
		// The want is kept, so the daemon goes on where this command ends.
		return playlists.Problemf(playlists.CodeOf(err), err, "%s The playlist comes by itself once that is mended, while `songferry serve` runs.", say)
	}
	if err != nil {
		return err
	}
	sum := summaryOf(result.Name, result.ServerID, result.Rows)
	sum.Note = result.Note
	if asJSON {
		return printJSON(t.Out, sum)
	}
	sum.print(t.Out)
	if want.Mode == playlists.Sync {
		fmt.Fprintln(t.Out, "It is kept in step while `songferry serve` runs.")
	}
	return nil
}

// progress returns a function that redraws one line on a terminal, and does nothing elsewhere.
func progress(w io.Writer, what string) func(done, total int) {
	if !interactive(w) {
		return func(int, int) {}
	}
	return func(done, total int) {
		fmt.Fprintf(w, "\r%s: %d of %d ", what, done, total)
		if done >= total {
			fmt.Fprint(w, "\r\x1b[K")
		}
	}
}

type importCommand struct {
	Account string `required:"" placeholder:"NAME" help:"Who imports."`
	Name    string `placeholder:"TEXT" help:"Another name for the playlist (files only)."`
	DryRun  bool   `help:"Show what would be found; write nothing."`
	JSON    bool   `name:"json" help:"For scripts."`
	Target  string `arg:"" help:"Handle or address of a playlist, or a JSPF, XSPF, M3U8 or CSV file."`
}

func (c importCommand) Run(ctx context.Context, s *Settings, t terminal) error {
	return withBridge(ctx, s, t, func(b *bridge) error {
		a, err := b.store.AccountByHandle(ctx, c.Account)
		if err != nil {
			return err
		}
		if isFile(c.Target) {
			return b.importFile(ctx, t, a, c)
		}
		if !c.DryRun {
			return b.bring(ctx, t, a, c.Target, playlists.Once, playlists.Keep, c.JSON)
		}
		found, err := b.fed.Lookup(ctx, a.ID, c.Target)
		if err != nil {
			return err
		}
		if !found.Readable {
			return playlists.Problemf(playlists.Forbidden, nil, "%q is for followers that its owner approves: follow it first.", found.Playlist.Name)
		}
		return b.preview(ctx, t, a, found.Playlist, c.JSON)
	})
}

// isFile tells a file from a handle or an address. What only looks like a file's name counts too, so that a person who
// mistyped it reads that there is no such file.
func isFile(target string) bool {
	if info, err := os.Stat(target); err == nil {
		return !info.IsDir()
	}
	switch strings.ToLower(filepath.Ext(target)) {
	case ".jspf", ".json", ".xspf", ".xml", ".m3u8", ".m3u", ".csv":
		return !strings.Contains(target, "://") && !strings.Contains(target, "@")
	}
	return false
}

func (b *bridge) importFile(ctx context.Context, t terminal, a playlists.Account, c importCommand) error {
	p, err := readPlaylistFile(c.Target)
	if err != nil {
		return err
	}
	if c.Name != "" {
		p.Name = c.Name
	}
	if c.DryRun {
		return b.preview(ctx, t, a, p, c.JSON)
	}
	p.Origin, p.Owner, p.Source = playlists.File, a.ID, ""
	change, _, err := b.store.Record(ctx, p)
	if err != nil {
		return err
	}
	want, err := b.store.AddWant(ctx, playlists.Want{Account: a.ID, Playlist: change.Playlist, Target: filepath.Base(c.Target),
		Mode: playlists.Once, Pinned: change.Revision, Granted: true})
	if err != nil {
		return err
	}
	return b.mirror(ctx, t, want, c.JSON)
}

// maxFile bounds a playlist file, in bytes.
const maxFile = 20 << 20

func readPlaylistFile(path string) (playlists.Playlist, error) {
	f, err := openInput(path)
	if err != nil {
		return playlists.Playlist{}, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return playlists.Playlist{}, err
	}
	if len(data) > maxFile {
		return playlists.Playlist{}, playlists.Problemf(playlists.Invalid, nil, "%s is larger than 20 MB: that is no playlist.", path)
	}
	return formats.Read(filepath.Base(path), data)
}

// preview resolves without writing anything anywhere.
func (b *bridge) preview(ctx context.Context, t terminal, a playlists.Account, p playlists.Playlist, asJSON bool) error {
	resolved, err := b.subsonic.Preview(ctx, a.ID, p.Tracks, progress(t.Err, "Reading your library"))
	if err != nil {
		return err
	}
	rows := make([]subsonicbridge.ResolvedRow, len(resolved))
	for i, r := range resolved {
		rows[i] = subsonicbridge.ResolvedRow{Track: p.Tracks[i], Resolution: r}
	}
	sum := summaryOf(p.Name, "", rows)
	if asJSON {
		return printJSON(t.Out, sum)
	}
	sum.print(t.Out)
	fmt.Fprintln(t.Out, "Nothing was written.")
	return nil
}

// summary is what an import comes to.
type summary struct {
	Name     string       `json:"name"`
	ServerID string       `json:"serverId,omitempty"`
	Found    int          `json:"found"`
	Review   int          `json:"review"`
	Missing  int          `json:"missing"`
	Total    int          `json:"total"`
	Note     string       `json:"note,omitempty"`
	Tracks   []summaryRow `json:"tracks"`
}

type summaryRow struct {
	Title  string      `json:"title"`
	Artist string      `json:"artist,omitempty"`
	Class  match.Class `json:"class"`
	Song   string      `json:"song,omitempty"`
	Why    []string    `json:"why,omitempty"`
}

func summaryOf(name, serverID string, rows []subsonicbridge.ResolvedRow) summary {
	s := summary{Name: name, ServerID: serverID, Total: len(rows)}
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
	if s.Note != "" {
		fmt.Fprintln(w, s.Note)
	}
	shown := 0
	for _, t := range s.Tracks {
		if t.Class == match.Exact || t.Class == match.Likely {
			continue
		}
		if shown++; shown > maxShown {
			fmt.Fprintf(w, "  … and %d more\n", s.Review+s.Missing-maxShown)
			return
		}
		label := "new to you"
		if t.Class == match.Review {
			label = "to check"
		}
		fmt.Fprintf(w, "  %-10s %s – %s\n", label, t.Artist, t.Title)
	}
}
