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
		return sayWaiting(t.Out, found.Playlist.Name, asJSON)
	}
	return b.mirror(ctx, t, want, found.Playlist.Name, asJSON)
}

func sayWaiting(w io.Writer, name string, asJSON bool) error {
	note := "Its owner approves followers, and is asked as soon as `songferry serve` runs. The playlist arrives when they say yes."
	if asJSON {
		return printJSON(w, summary{Name: name, Note: note, Tracks: []summaryRow{}})
	}
	fmt.Fprintf(w, "%s: nothing yet. %s\n", name, note)
	return nil
}

// mirror writes what an account wants to its music server, and says what was found. name is the playlist's own, for
// when there is no list on the server.
func (b *bridge) mirror(ctx context.Context, t terminal, want playlists.Want, name string, asJSON bool) error {
	if err := b.agree(ctx, want); err != nil {
		return err
	}
	result, err := b.subsonic.MirrorWant(ctx, want.ID, progress(t.Err, "Finding your files"))
	if say := playlists.Say(err); say != "" {
		// The want is kept, so the daemon goes on where this command ends.
		return playlists.Problemf(playlists.CodeOf(err), err, "%s The playlist comes by itself once that is mended, while `songferry serve` runs.", say)
	}
	if err != nil {
		return err
	}
	sum := summaryOf(cmp.Or(result.Name, name), result.ServerID, result.Rows)
	sum.Note = result.Note
	if asks(result.State) {
		sum.Note += " To have it all the same, give this command once more."
	}
	if asJSON {
		return printJSON(t.Out, sum)
	}
	sum.print(t.Out)
	if want.Mode == playlists.Sync {
		fmt.Fprintln(t.Out, "It is kept in step while `songferry serve` runs.")
	}
	return nil
}

// agree takes a command that is given again for a yes: a list that the person deleted is made anew, one whose source
// shrank may shrink.
func (b *bridge) agree(ctx context.Context, want playlists.Want) error {
	before, err := b.subsonic.LastResult(ctx, want.ID)
	if err != nil || !asks(before.State) {
		return err
	}
	return b.subsonic.Confirm(ctx, want.ID)
}

func asks(s subsonicbridge.State) bool {
	return s == subsonicbridge.Asks || s == subsonicbridge.Deleted
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
	Name    string `placeholder:"TEXT" help:"Another name for the copy. Whose playlist it is still stands after it."`
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
	found, err := b.fed.Lookup(ctx, a.ID, c.Target)
	if err != nil {
		return err
	}
	if !found.Readable {
		return playlists.Problemf(playlists.Forbidden, nil, "%q is for followers that its owner approves: follow it first.", found.Playlist.Name)
	}
	return b.importTracks(ctx, t, a, found.Playlist, c)
}

// isFile tells a file from a handle or an address. What can only be a file's name counts too, so that a person who
// mistyped it reads that there is no such file.
func isFile(target string) bool {
	if _, err := os.Stat(target); err == nil {
		return true
	}
	return !strings.Contains(target, "://") && !strings.Contains(target, "@")
}

func (b *bridge) importFile(ctx context.Context, t terminal, a playlists.Account, c importCommand) error {
	p, err := readPlaylistFile(c.Target)
	if err != nil {
		return err
	}
	if len(p.Tracks) == 0 {
		return playlists.Problemf(playlists.Invalid, nil, "%s names no tracks, so there is nothing to import.", c.Target)
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
	return b.mirror(ctx, t, want, p.Name, c.JSON)
}

// label names what was imported: of a file, its name without its folders, which are nobody's business.
func (c importCommand) label() string {
	if isFile(c.Target) {
		return filepath.Base(c.Target)
	}
	return c.Target
}

// maxFile bounds a playlist file, in bytes.
const maxFile = 20 << 20

func readPlaylistFile(path string) (playlists.Playlist, error) {
	f, err := openInput(path)
	if errors.Is(err, fs.ErrNotExist) {
		return playlists.Playlist{}, playlists.Problemf(playlists.Invalid, err,
			"There is no file %q; a handle looks like @alice@music.example, and an address begins with https://.", path)
	}
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
			break
		}
		fmt.Fprintln(w, "  "+t.line())
	}
	if s.Review > 0 && s.ServerID != "" {
		fmt.Fprintln(w, "Songs to check were left out. Where one is right, add it to the list with your music app: it stays there.")
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
