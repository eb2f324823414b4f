package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge"
)

type followingCommands struct {
	List    followingList    `cmd:"" default:"withargs" help:"List the copies that an account has, and how they stand."`
	Show    followingShow    `cmd:"" help:"Show how one copy stands, what it asks, and what you took out of it."`
	Agree   followingAgree   `cmd:"" help:"Answer a copy's question with yes: make a list of few songs, let it shrink, or make it again."`
	Order   followingOrder   `cmd:"" help:"Say whose order a copy is in: yours or the original one."`
	Restore followingRestore `cmd:"" help:"Take back that a song is not for you: it returns to the copy."`
	Pause   followingPause   `cmd:"" help:"Leave a copy as it is for now, whatever its owner changes."`
	Resume  followingResume  `cmd:"" help:"Go on with a copy that is paused."`
}

type followingList struct {
	Account string `required:"" env:"SONGFERRY_ACCOUNT" placeholder:"NAME" help:"Whose copies."`
	JSON    bool   `name:"json" help:"For scripts."`
}

// followingRow is a copy that an account has, or waits for.
type followingRow struct {
	ID     string               `json:"id"`
	Person string               `json:"person,omitempty"` // ID of the person who is followed, of whose playlists this is one
	Name   string               `json:"name"`
	Target string               `json:"target"`
	Mode   playlists.Mode       `json:"mode"`
	Found  int                  `json:"found"`
	Total  int                  `json:"total"`
	State  subsonicbridge.State `json:"state"`
	Ended  bool                 `json:"ended,omitempty"` // its server has been silent for long
	Note   string               `json:"note,omitempty"`
	Error  string               `json:"error,omitempty"`
}

func (c followingList) Run(ctx context.Context, s *Settings, t terminal) error {
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
		return printFollowing(t.Out, c.Account, rows)
	})
}

// printFollowing prints a table, and below a row what there is to say about it.
func printFollowing(out io.Writer, account string, rows []followingRow) error {
	var table bytes.Buffer
	w := tabwriter.NewWriter(&table, 0, 0, 2, ' ', 0)
	for _, r := range rows {
		r.print(w)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for _, r := range rows {
		line, err := table.ReadString('\n')
		if err != nil {
			return err
		}
		fmt.Fprint(out, line)
		if say := together(r.Note, hint(account, r), r.Error); say != "" {
			fmt.Fprintln(out, "    "+say)
		}
	}
	return nil
}

// wholePerson is the mode of a row that stands for a person: every playlist of theirs is kept in step, those to come too.
const wholePerson playlists.Mode = "person"

func (r followingRow) print(w io.Writer) {
	name := r.Name
	if r.Person != "" {
		name = "  " + name
	}
	fmt.Fprintf(w, "%s\t%d of %d\t%s\t%s\n", name, r.Found, r.Total, r.kept(), r.Target)
}

func (r followingRow) kept() string {
	if r.Ended {
		return "ended; your copy stays"
	}
	return map[playlists.Mode]string{playlists.Sync: "kept in step", playlists.Once: "copied once", wholePerson: "all playlists, and those to come"}[r.Mode]
}

// together joins the sentences that say something.
func together(all ...string) string {
	return strings.Join(slices.DeleteFunc(all, func(s string) bool { return s == "" }), " ")
}

// following lists the persons whom an account follows, each with the copies of their playlists, then its other copies;
// newest first, and none that are over.
func (b *bridge) following(ctx context.Context, account string) ([]followingRow, error) {
	a, err := b.account(ctx, account)
	if err != nil {
		return nil, err
	}
	persons, alone, err := b.subsonic.Copies(ctx, a.ID)
	if err != nil {
		return nil, err
	}
	out := []followingRow{}
	for _, p := range persons {
		rows, err := b.copyRows(ctx, p.Copies, p.Person.ID)
		if err != nil {
			return nil, err
		}
		r, err := b.personRow(ctx, p.Person, rows)
		if err != nil {
			return nil, err
		}
		out = append(append(out, r), rows...)
	}
	rows, err := b.copyRows(ctx, alone, "")
	return append(out, rows...), err
}

func (b *bridge) personRow(ctx context.Context, p playlists.PersonWant, rows []followingRow) (followingRow, error) {
	r := followingRow{ID: string(p.ID), Name: p.Name, Target: p.Target, Mode: wholePerson, State: "followed"}
	for _, row := range rows {
		r.Found, r.Total = r.Found+row.Found, r.Total+row.Total
	}
	trouble, err := b.fed.PersonTrouble(ctx, p.Person)
	r.Error = trouble.String()
	return r, err
}

// copyRows are the rows of copies that a followed person stands behind, or nobody ("").
func (b *bridge) copyRows(ctx context.Context, copies []subsonicbridge.Copy, person playlists.ID) (rows []followingRow, err error) {
	for _, c := range copies {
		trouble, err := b.fed.SourceTrouble(ctx, c.Want.Playlist)
		if err != nil {
			return nil, err
		}
		w := c.Want
		silent, err := b.fed.Silent(ctx, w.Playlist)
		if err != nil {
			return nil, err
		}
		rows = append(rows, followingRow{ID: string(w.ID), Person: string(person), Name: c.Name, Target: w.Target, Mode: w.Mode, Found: w.Found, Total: w.Total,
			State: c.State, Ended: silent && w.Mode == playlists.Sync, Note: c.Note.String(), Error: cmp.Or(c.Error.String(), trouble.String())})
	}
	return rows, nil
}

// shortID is how much of a copy's ID is enough for a person to type.
const shortID = 8

func (r followingRow) names() []string { return []string{r.ID, r.Name, r.Target} }

// shortNames are easier to type: without the owner, whose dot no keyboard has, and without the @ of a handle.
func (r followingRow) shortNames() []string {
	name := r.Name
	if dot := strings.LastIndex(name, " · "); dot > 0 {
		name = name[:dot]
	}
	return []string{name, strings.TrimPrefix(r.Target, "@"), "@" + r.Target}
}

// chooseFollowed finds what an account follows, or copied, by a name of it.
func chooseFollowed(rows []followingRow, account, wanted string) (followingRow, error) {
	found := named(rows, wanted, followingRow.names)
	if len(found) == 0 {
		found = named(rows, wanted, followingRow.shortNames)
	}
	if len(found) == 0 && len(wanted) >= shortID {
		found = having(rows, func(r followingRow) []string { return []string{r.ID} }, func(id string) bool { return strings.HasPrefix(id, wanted) })
	}
	switch len(found) {
	case 0:
		return followingRow{}, playlists.Problemf(playlists.NotFound, nil, "Nothing that %s follows or copied is called %q. To see what is there: songferry following --account %s.", account, wanted, account)
	case 1:
		return found[0], nil
	}
	var ids []string
	for _, r := range found {
		ids = append(ids, fmt.Sprintf("%s (%s, %d of %d)", r.ID[:min(shortID, len(r.ID))], r.kept(), r.Found, r.Total))
	}
	return followingRow{}, playlists.Problemf(playlists.Invalid, nil, "There are %d called %q. Name one by its ID: %s.", len(found), wanted, strings.Join(ids, ", "))
}
