package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/songferry/songferry/federation"
	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/formats"
	"github.com/songferry/songferry/subsonicbridge"
)

type importCommand struct {
	Account string `required:"" env:"SONGFERRY_ACCOUNT" placeholder:"NAME" help:"Who imports."`
	Name    string `placeholder:"TEXT" help:"Another name for the copy. Whose playlist it is still stands after it."`
	DryRun  bool   `help:"Show what would be found; write nothing."`
	JSON    bool   `name:"json" help:"For scripts."`
	Target  string `arg:"" help:"Handle or address of a playlist, or a JSPF, XSPF, M3U8 or CSV file; \"-\" reads what is piped in."`
}

func (importCommand) Help() string {
	return "An address may be that of a playlist's page or file, of a Navidrome share, or of a playlist of ListenBrainz. " +
		"CSV may come from Exportify, Soundiiz, TuneMyMusic or a spreadsheet: the first row names the columns."
}

func (c importCommand) Run(ctx context.Context, s *Settings, t terminal) error {
	return withBridge(ctx, s, t, func(b *bridge) error {
		a, err := b.account(ctx, c.Account)
		if err != nil {
			return err
		}
		return b.importTarget(ctx, t, a, c)
	})
}

func (b *bridge) importTarget(ctx context.Context, t terminal, a playlists.Account, c importCommand) error {
	if isFile(c.Target) {
		return b.importFile(ctx, t, a, c)
	}
	if !c.DryRun && c.Name == "" {
		return b.bring(ctx, t, a, c.Target, playlists.Once, playlists.Keep, c.JSON)
	}
	found, err := b.readable(ctx, a, c.Target)
	if err != nil {
		return err
	}
	return b.importTracks(ctx, t, a, found.Playlist, c)
}

// readable finds a playlist whose tracks the account may read.
func (b *bridge) readable(ctx context.Context, a playlists.Account, target string) (federation.Found, error) {
	found, err := b.fed.Lookup(ctx, a.ID, target)
	if err == nil && !found.Readable {
		err = playlists.Problemf(playlists.Forbidden, nil, "%q is for followers that its owner approves: follow it first.", found.Playlist.Name)
	}
	return found, err
}

// isFile tells a file from a handle or an address. What can only be a file's name counts too, so that a person who
// mistyped it reads that there is no such file.
func isFile(target string) bool {
	if _, err := os.Stat(target); err == nil {
		return true
	}
	return !isAddress(target)
}

// isAddress reports whether target can only be an address or a handle, as long as there is no file of that name.
func isAddress(target string) bool {
	return strings.Contains(target, "://") || strings.Contains(target, "@")
}

func (b *bridge) importFile(ctx context.Context, t terminal, a playlists.Account, c importCommand) error {
	p, err := readPlaylistFile(t, c.Target)
	if err != nil {
		return err
	}
	if len(p.Tracks) == 0 {
		return playlists.Problemf(playlists.Invalid, nil, "%s names no tracks, so there is nothing to import.", inputName(c.Target))
	}
	return b.importTracks(ctx, t, a, p, c)
}

// importTracks copies p once, as a playlist of the account's own that no news change.
func (b *bridge) importTracks(ctx context.Context, t terminal, a playlists.Account, p playlists.Playlist, c importCommand) error {
	p.Name = cmp.Or(c.Name, p.Name)
	if c.DryRun {
		return b.preview(ctx, t, a, p, c.JSON)
	}
	p.ID, p.Origin, p.Owner, p.Source = "", playlists.File, a.ID, ""
	change, _, err := b.store.Record(ctx, p)
	if err != nil {
		return err
	}
	want, err := b.store.AddWant(ctx, playlists.Want{Account: a.ID, Playlist: change.Playlist, Target: c.label(),
		Mode: playlists.Once, Pinned: change.Revision, Granted: true})
	if err != nil {
		return err
	}
	return b.mirror(ctx, t, a, want, c.JSON)
}

// label names what was imported: of a file, its name without its folders, which are nobody's business.
func (c importCommand) label() string {
	if isFile(c.Target) {
		return filepath.Base(c.Target)
	}
	return c.Target
}

func readPlaylistFile(t terminal, path string) (playlists.Playlist, error) {
	in, name := t.In, ""
	if path != "-" {
		f, err := openInput(path)
		if errors.Is(err, fs.ErrNotExist) {
			return playlists.Playlist{}, playlists.Problemf(playlists.Invalid, err,
				"There is no file %q; a handle looks like @alice@music.example, and an address begins with https://.", path)
		}
		if err != nil {
			return playlists.Playlist{}, err
		}
		defer f.Close()
		in, name = f, filepath.Base(path)
	}
	data, err := io.ReadAll(io.LimitReader(in, formats.MaxBytes+1))
	if err != nil {
		return playlists.Playlist{}, playlists.Problemf(playlists.Invalid, err, "%s cannot be read.", inputName(path))
	}
	return formats.Read(name, data)
}

// inputName is what people call a file that a command reads.
func inputName(path string) string {
	if path == "-" {
		return "What is piped in"
	}
	return path
}

// preview resolves without writing anything anywhere.
func (b *bridge) preview(ctx context.Context, t terminal, a playlists.Account, p playlists.Playlist, asJSON bool) error {
	seen, err := b.subsonic.Preview(ctx, a.ID, p.Tracks, progress(t.Err, "Reading your library"))
	if err != nil {
		return err
	}
	if say := playlists.Say(seen.Failure); say != "" {
		fmt.Fprintf(t.Err, "songferry: %s What you have is what was known before.\n", say)
	}
	rows := make([]subsonicbridge.ResolvedRow, len(seen.Rows))
	for i, r := range seen.Rows {
		rows[i] = subsonicbridge.ResolvedRow{Track: p.Tracks[i], Resolution: r}
	}
	sum := summaryOf(cmp.Or(p.Name, "Untitled"), "", rows)
	if sum.Found > 0 && sum.Found < playlists.Enough(sum.Total) {
		sum.State = subsonicbridge.Few
		sum.Note = "That is less than a quarter, so no list would be made yet."
	}
	if asJSON {
		return printJSON(t.Out, sum)
	}
	sum.print(t.Out)
	fmt.Fprintln(t.Out, "Nothing was written.")
	return nil
}
