package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/formats"
	"github.com/songferry/songferry/playlists/missing"
	"github.com/songferry/songferry/subsonicbridge"
)

type missingCommand struct {
	Account  string `required:"" env:"SONGFERRY_ACCOUNT" placeholder:"NAME" help:"Whose library."`
	Playlist string `placeholder:"NAME" help:"Only what this copy, or the copies of this person, want: as \"songferry following\" shows it."`
	Format   string `enum:"text,csv,jspf" default:"text" help:"text to read, csv for spreadsheets, jspf for programs that look for music."`
	JSON     bool   `name:"json" help:"For scripts."`
	Out      string `short:"o" aliases:"output" placeholder:"FILE" help:"Write into a file. Its name tells the format: .csv, .jspf or .json."`
}

func (missingCommand) Help() string {
	return "Albums that more of your playlists want stand first. The links search MusicBrainz and two shops that sell files; they are only text, and nobody is " +
		"asked before you open one. Tracks that a song of yours comes near to stand apart, at the end. CSV and JSPF are playlist files too; in the CSV, reasons and links are " +
		"columns at the end."
}

func (c missingCommand) Run(ctx context.Context, s *Settings, t terminal) error {
	format, err := c.format()
	if err != nil {
		return err
	}
	return withBridge(ctx, s, t, func(b *bridge) error {
		gaps, err := b.gaps(ctx, c.Account, c.Playlist)
		if err != nil {
			return err
		}
		var text bytes.Buffer
		list := missing.Group(gaps.Rows)
		if err := writeMissing(&text, format, c.Account, list, gaps); err != nil {
			return err
		}
		return c.put(t.Out, text.Bytes(), len(list.Tracks()))
	})
}

// put writes what is said of n tracks to the file that was named, else to out.
func (c missingCommand) put(out io.Writer, text []byte, n int) error {
	toFile, err := writeOut(out, c.Out, text)
	if toFile && err == nil {
		fmt.Fprintf(out, "What is missing, %s, is written to %s.\n", count(n, "track"), c.Out)
	}
	return err
}

// format is what to write: "csv", "jspf", "json" or "text".
func (c missingCommand) format() (string, error) {
	ext := strings.ToLower(strings.TrimPrefix(filepath.Ext(c.Out), "."))
	switch {
	case c.JSON && c.Format != "text":
		return "", playlists.Problemf(playlists.Invalid, nil, "--json and --format %s exclude each other: leave one of them out.", c.Format)
	case c.JSON:
		return "json", nil
	case c.Format == "text" && slices.Contains([]string{"csv", "jspf", "json"}, ext):
		return ext, nil
	}
	return c.Format, nil
}

// gaps returns what the copies of an account lack; only those of one copy or person, if playlist names it.
func (b *bridge) gaps(ctx context.Context, account, playlist string) (subsonicbridge.Gaps, error) {
	a, err := b.account(ctx, account)
	if err != nil {
		return subsonicbridge.Gaps{}, err
	}
	var only []playlists.ID
	if playlist != "" {
		if only, err = b.wantsNamed(ctx, account, playlist); err != nil {
			return subsonicbridge.Gaps{}, err
		}
	}
	return b.subsonic.Gaps(ctx, a.ID, only...)
}

// wantsNamed returns the want that has a name in the list of what an account follows, or those of the person who has it.
func (b *bridge) wantsNamed(ctx context.Context, account, name string) (ids []playlists.ID, err error) {
	rows, err := b.following(ctx, account)
	if err != nil {
		return nil, err
	}
	chosen, err := chooseFollowed(rows, account, name)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		if r.ID == chosen.ID || r.Person == chosen.ID {
			ids = append(ids, playlists.ID(r.ID)) // of a person too, which is no want's
		}
	}
	return ids, nil
}

func writeMissing(w io.Writer, format, account string, list missing.List, g subsonicbridge.Gaps) error {
	name := "Missing from the library of " + account
	switch format {
	case "csv":
		return list.WriteCSV(w, name)
	case "jspf":
		jspf, _ := formats.ByExtension(format) // it is one of them
		return jspf.Write(w, list.Playlist(name), formats.Place{})
	case "json":
		return printJSON(w, missingOf(list, g))
	}
	printMissing(w, list, g)
	return nil
}
