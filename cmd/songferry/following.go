package main

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/songferry/songferry/playlists"
)

type followingCommand struct {
	Account string `required:"" placeholder:"NAME" help:"Whose copies."`
	JSON    bool   `name:"json" help:"For scripts."`
}

// followingRow is a copy that an account has, or waits for.
type followingRow struct {
	ID     string         `json:"id"`
	Name   string         `json:"name"`
	Target string         `json:"target"`
	Mode   playlists.Mode `json:"mode"`
	Found  int            `json:"found"`
	Total  int            `json:"total"`
	State  string         `json:"state"`
	Note   string         `json:"note,omitempty"`
	Error  string         `json:"error,omitempty"`
}

func (c followingCommand) Run(ctx context.Context, s *Settings, t terminal) error {
	return withBridge(ctx, s, t, func(b *bridge) error {
		rows, err := b.following(ctx, c.Account)
		if err != nil {
			return err
		}
		if c.JSON {
			return printJSON(t.Out, rows)
		}
		if len(rows) == 0 {
			fmt.Fprintf(t.Out, "%s follows nobody's playlists yet: songferry follow --account %s @somebody@their.example\n", c.Account, c.Account)
			return nil
		}
		w := tabwriter.NewWriter(t.Out, 0, 0, 2, ' ', 0)
		for _, r := range rows {
			kept := map[playlists.Mode]string{playlists.Sync: "kept in step", playlists.Once: "copied once"}[r.Mode]
			fmt.Fprintf(w, "%s\t%d of %d\t%s\t%s\t%s\n", r.Name, r.Found, r.Total, kept, r.Target, strings.TrimSpace(r.Note+" "+r.Error))
		}
		return w.Flush()
	})
}

// following lists the copies of an account that are not over, newest first.
func (b *bridge) following(ctx context.Context, account string) ([]followingRow, error) {
	a, err := b.store.AccountByHandle(ctx, account)
	if err != nil {
		return nil, err
	}
	wants, err := b.store.AccountWants(ctx, a.ID)
	rows := []followingRow{}
	for _, w := range wants {
		if !w.Ended.IsZero() {
			continue
		}
		r, err := b.followingRow(ctx, w)
		if err != nil {
			return nil, err
		}
		rows = append(rows, r)
	}
	return rows, err
}

func (b *bridge) followingRow(ctx context.Context, w playlists.Want) (followingRow, error) {
	result, err := b.subsonic.LastResult(ctx, w.ID)
	if err != nil {
		return followingRow{}, err
	}
	trouble, err := b.fed.SourceTrouble(ctx, w.Playlist)
	if err != nil {
		return followingRow{}, err
	}
	r := followingRow{ID: string(w.ID), Name: result.Name, Target: w.Target, Mode: w.Mode, Found: w.Found, Total: w.Total,
		State: string(result.State), Note: result.Note, Error: cmp.Or(result.Error, trouble)}
	if r.Name != "" {
		return r, nil
	}
	// There is no list on the music server; the source may have a name.
	p, err := b.store.Get(ctx, w.Playlist)
	if r.Name = p.Name; playlists.CodeOf(err) == playlists.NotFound {
		r.Name, err = w.Target, nil
	}
	return r, err
}

type unfollowCommand struct {
	Account string `required:"" placeholder:"NAME" help:"Who follows."`
	Target  string `arg:"" help:"What \"songferry following\" shows: its name, its handle or address, or its ID."`
}

// Run ends a want. The list stays on the music server, as an ordinary playlist.
func (c unfollowCommand) Run(ctx context.Context, s *Settings, t terminal) error {
	return withBridge(ctx, s, t, func(b *bridge) error {
		rows, err := b.following(ctx, c.Account)
		if err != nil {
			return err
		}
		row, err := chooseFollowed(rows, c.Target)
		if err != nil {
			return err
		}
		want, err := b.store.Want(ctx, playlists.ID(row.ID))
		if err != nil {
			return err
		}
		if err := b.store.EndWant(ctx, want); err != nil {
			return err
		}
		fmt.Fprintf(t.Out, "%s is no longer followed. The list stays on your music server, as an ordinary playlist of yours.\n", row.Name)
		return nil
	})
}

func chooseFollowed(rows []followingRow, wanted string) (followingRow, error) {
	var found []followingRow
	for _, r := range rows {
		if r.ID == wanted {
			return r, nil
		}
		if r.Name == wanted || r.Target == wanted {
			found = append(found, r)
		}
	}
	switch len(found) {
	case 0:
		return followingRow{}, playlists.Problemf(playlists.NotFound, nil, "Nothing called %q is followed. `songferry following --account NAME` shows what is.", wanted)
	case 1:
		return found[0], nil
	}
	return followingRow{}, playlists.Problemf(playlists.Invalid, nil, "There are %d called %q: name the ID of one, which `songferry following --json` shows.", len(found), wanted)
}
