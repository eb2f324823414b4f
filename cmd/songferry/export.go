package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/formats"
)

type exportCommand struct {
	Account  string `required:"" env:"SONGFERRY_ACCOUNT" placeholder:"NAME" help:"Whose playlist it is, or who may see it."`
	Format   string `placeholder:"FORMAT" help:"jspf or xspf, which keep everything; m3u8, for players; csv, for spreadsheets. Without it, what the file's name ends in, or jspf."`
	Output   string `short:"o" placeholder:"FILE" help:"Where to write it. Without it, to the standard output."`
	Playlist string `arg:"" help:"Name or ID of a playlist that the account owns on its music server, name of a copy, or handle or address of a published one."`
}

func (exportCommand) Help() string {
	return "The file names the tracks and holds no music, nor where on your server it is."
}

func (c exportCommand) Run(ctx context.Context, s *Settings, t terminal) error {
	return withBridge(ctx, s, t, func(b *bridge) error { return b.export(ctx, t, c) })
}

func (b *bridge) export(ctx context.Context, t terminal, c exportCommand) error {
	format, err := c.format()
	if err != nil {
		return err
	}
	a, err := b.account(ctx, c.Account)
	if err != nil {
		return err
	}
	p, at, err := b.exportable(ctx, t, a, c.Playlist)
	if err != nil {
		return err
	}
	var file bytes.Buffer
	if err := format.Write(&file, p, at); err != nil {
		return err
	}
	toFile, err := writeOut(t.Out, c.Output, file.Bytes())
	if toFile && err == nil {
		fmt.Fprintf(t.Out, "%s: %s written to %s.\n", p.Name, count(len(p.Tracks), "track"), c.Output)
	}
	return err
}

func (c exportCommand) format() (formats.Format, error) {
	wanted := strings.ToLower(cmp.Or(c.Format, strings.TrimPrefix(filepath.Ext(c.Output), "."), "jspf"))
	if wanted == "m3u" {
		wanted = "m3u8" // the same in UTF-8
	}
	f, ok := formats.ByExtension(wanted)
	if !ok {
		return f, playlists.Problemf(playlists.Invalid, nil, "%q is no format of playlists that Songferry writes. Choose one with --format: jspf, xspf, m3u8 or csv.", wanted)
	}
	return f, nil
}

// exportable finds a playlist by the name or ID that it has among the account's own, or by its handle or address.
func (b *bridge) exportable(ctx context.Context, t terminal, a playlists.Account, wanted string) (playlists.Playlist, formats.Place, error) {
	lists, err := b.freshList(ctx, t.Err, asArgument(a))
	if err != nil {
		return playlists.Playlist{}, formats.Place{}, err
	}
	for _, l := range lists {
		if handle, page := b.address(l.Publication); wanted != "" && (wanted == handle || wanted == page) {
			return b.exportOwn(ctx, a, l)
		}
	}
	l, err := choose(lists, wanted)
	switch {
	case err == nil:
		return b.exportOwn(ctx, a, l)
	case playlists.CodeOf(err) != playlists.NotFound:
		return playlists.Playlist{}, formats.Place{}, err
	case isAddress(wanted):
		return b.exportPublished(ctx, a, wanted)
	}
	return b.exportCopy(ctx, a, wanted, err)
}

// exportCopy exports what a copy is of, all its tracks: from the file it was imported from, or as it is published now.
// none is the error when there is no such copy.
func (b *bridge) exportCopy(ctx context.Context, a playlists.Account, wanted string, none error) (p playlists.Playlist, at formats.Place, err error) {
	rows, err := b.following(ctx, asArgument(a))
	if err != nil {
		return p, at, err
	}
	rows = slices.DeleteFunc(rows, func(r followingRow) bool { return r.Mode == wholePerson })
	row, err := chooseFollowed(rows, asArgument(a), wanted)
	if playlists.CodeOf(err) == playlists.NotFound {
		return p, at, none
	}
	if err != nil {
		return p, at, err
	}
	want, err := b.store.Want(ctx, playlists.ID(row.ID))
	if err != nil {
		return p, at, err
	}
	if p, err = b.store.Get(ctx, want.Playlist); err != nil || p.Owner == a.ID {
		return p, at, err // without its page, which may be a secret link
	}
	return b.exportPublished(ctx, a, want.Target)
}

// exportOwn: the address of what is shared by a secret link stays out of the file, which may be passed on.
func (b *bridge) exportOwn(ctx context.Context, a playlists.Account, l playlists.Listed) (playlists.Playlist, formats.Place, error) {
	p, err := b.store.Get(ctx, l.ID)
	p.Curator = playlists.Curator{Name: a.Name}
	at := formats.Place{Open: l.Publication.Audience.Open()}
	if l.Publication.Audience.Federated() && b.origin() != nil {
		p.Curator.Handle = "@" + a.Handle + "@" + b.origin().Host
		_, at.Page = b.address(l.Publication)
	}
	return p, at, err
}

func (b *bridge) exportPublished(ctx context.Context, a playlists.Account, target string) (playlists.Playlist, formats.Place, error) {
	found, err := b.readable(ctx, a, target)
	if err != nil {
		return playlists.Playlist{}, formats.Place{}, err
	}
	p := found.Playlist
	if found.Local {
		owner, err := b.store.Account(ctx, p.Owner)
		if err != nil {
			return p, formats.Place{}, err
		}
		p.Curator = playlists.Curator{Name: owner.Name}
	}
	return p, formats.Place{Page: p.Page}, nil
}
