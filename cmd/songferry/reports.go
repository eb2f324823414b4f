package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"strings"
	"time"
)

type reportCommands struct {
	List    reportList    `cmd:"" help:"List what people of other servers complain about."`
	Resolve reportResolve `cmd:"" help:"Mark a report as dealt with."`
}

type reportList struct {
	JSON bool `name:"json" help:"For scripts."`
}

type reportRow struct {
	ID       string    `json:"id"`
	From     string    `json:"from"`               // a server
	Reporter string    `json:"reporter,omitempty"` // "" when the server does not say who
	About    []string  `json:"about"`
	Text     string    `json:"text"`
	Received time.Time `json:"received"`
	Resolved time.Time `json:"resolved,omitzero"`
}

func (c reportList) Run(ctx context.Context, s *Settings, t terminal) error {
	return withBridge(ctx, s, t, func(b *bridge) error {
		reports, err := b.fed.Reports(ctx)
		if err != nil {
			return err
		}
		rows := []reportRow{}
		for _, r := range reports {
			rows = append(rows, reportRow{ID: r.ID, From: r.Host, Reporter: r.Actor, About: r.Objects, Text: r.Text, Received: r.Received, Resolved: r.Resolved})
		}
		if c.JSON {
			return printJSON(t.Out, rows)
		}
		for _, r := range rows {
			if err := b.nameReported(ctx, r.About); err != nil {
				return err
			}
		}
		printReports(t.Out, rows)
		return nil
	})
}

// nameReported puts the handle that people know before each address that has one.
func (b *bridge) nameReported(ctx context.Context, addresses []string) error {
	for i, address := range addresses {
		handle, err := b.fed.CalledHere(ctx, address)
		if err != nil {
			return err
		}
		if handle != "" {
			addresses[i] = handle + " (" + address + ")"
		}
	}
	return nil
}

func printReports(w io.Writer, rows []reportRow) {
	open := ""
	for _, r := range rows {
		state := "resolved"
		if r.Resolved.IsZero() {
			state, open = "open", cmp.Or(open, r.ID)
		}
		fmt.Fprintf(w, "%s  %s  %s  from %s\n", r.ID, state, r.Received.Format(time.DateOnly), cmp.Or(r.Reporter, "somebody at "+r.From))
		fmt.Fprintf(w, "  about %s\n", strings.Join(r.About, ", "))
		if r.Text != "" {
			fmt.Fprintf(w, "  %s\n", strings.ReplaceAll(r.Text, "\n", "\n  "))
		}
	}
	if open == "" {
		fmt.Fprintln(w, "There are no open reports.")
		return
	}
	fmt.Fprintf(w, "When you have dealt with one:\n  songferry report resolve %s\n", open)
}

type reportResolve struct {
	ID string `arg:"" help:"As the list shows it."`
}

func (c reportResolve) Run(ctx context.Context, s *Settings, t terminal) error {
	return withBridge(ctx, s, t, func(b *bridge) error {
		if err := b.fed.ResolveReport(ctx, c.ID); err != nil {
			return whereListed(err, "report list")
		}
		fmt.Fprintf(t.Out, "Report %s is marked as dealt with.\n", c.ID)
		return nil
	})
}
