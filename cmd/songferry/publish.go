package main

import (
	"context"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/songferry/songferry/federation"
	"github.com/songferry/songferry/playlists"
)

type playlistCommands struct {
	List    playlistList    `cmd:"" help:"List the playlists that an account owns on its music server, and who may see them."`
	Publish playlistPublish `cmd:"" help:"Choose who may see a playlist. --audience private withdraws it."`
	Edit    playlistEdit    `cmd:"" help:"Change what others see of a playlist: its title, notes, cover and language, notes on tracks, tracks left out."`
}

type playlistList struct {
	Account string `required:"" env:"SONGFERRY_ACCOUNT" placeholder:"NAME" help:"Whose playlists."`
	JSON    bool   `name:"json" help:"For scripts."`
}

type playlistRow struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Tracks   int    `json:"tracks"`
	Audience string `json:"audience"`
	Handle   string `json:"handle"`
	URL      string `json:"url"`

	MovedTo *federation.NewHome `json:"movedTo,omitempty"`
}

func (c playlistList) Run(ctx context.Context, s *Settings, t terminal) error {
	return withBridge(ctx, s, t, func(b *bridge) error {
		lists, err := b.freshList(ctx, t.Err, c.Account)
		if err != nil {
			return err
		}
		rows := []playlistRow{}
		for _, l := range lists {
			row := b.playlistRow(l)
			if row.MovedTo, err = b.movedTo(ctx, l.Publication.PublicID); err != nil {
				return err
			}
			rows = append(rows, row)
		}
		if c.JSON {
			return printJSON(t.Out, rows)
		}
		if len(rows) == 0 {
			fmt.Fprintf(t.Out, "%s owns no playlists on the music server. (Copies of other people's playlists do not count.)\n", c.Account)
		}
		w := tabwriter.NewWriter(t.Out, 0, 0, 2, ' ', 0)
		for _, r := range rows {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", r.Name, count(r.Tracks, "track"), r.Audience, r.Handle, r.URL, sayMoved(r.MovedTo))
		}
		return w.Flush()
	})
}

// count puts a number before the name of one thing.
func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// freshList reads an account's playlists from its music server and returns what is known then. A server that is down
// costs a warning, not the list.
func (b *bridge) freshList(ctx context.Context, warn io.Writer, account string) ([]playlists.Listed, error) {
	a, err := b.account(ctx, account)
	if err != nil {
		return nil, err
	}
	if err := b.subsonic.PollAccount(ctx, a.ID); err != nil {
		if playlists.Say(err) == "" {
			return nil, err
		}
		fmt.Fprintf(warn, "songferry: %s This is what was known before.\n", playlists.Say(err))
	}
	return b.store.List(ctx, a.ID)
}

func (b *bridge) playlistRow(l playlists.Listed) playlistRow {
	r := playlistRow{ID: string(l.ID), Name: l.Name, Tracks: l.Tracks, Audience: string(l.Publication.Audience)}
	r.Handle, r.URL = b.address(l.Publication)
	return r
}

// address returns the handle and the page of a publication, as far as it has them.
func (b *bridge) address(pub playlists.Publication) (handle, page string) {
	if b.origin() == nil {
		return "", ""
	}
	switch {
	case pub.Token != "":
		return "", b.origin().String() + "/s/" + pub.Token
	case pub.Handle != "":
		return "@" + pub.Handle + "@" + b.origin().Host, b.origin().String() + "/@" + pub.Handle
	}
	return "", ""
}

type playlistPublish struct {
	Account  string `required:"" env:"SONGFERRY_ACCOUNT" placeholder:"NAME" help:"Whose playlist."`
	Audience string `required:"" placeholder:"WHO" help:"public, unlisted, followers, link or private."`
	JSON     bool   `name:"json" help:"For scripts."`
	Playlist string `arg:"" help:"Its name or ID."`
}

func (c playlistPublish) Run(ctx context.Context, s *Settings, t terminal) error {
	return withBridge(ctx, s, t, func(b *bridge) error {
		audience := playlists.Audience(c.Audience)
		if audience != playlists.Private && audience.Valid() && b.origin() == nil {
			return playlists.Problemf(playlists.Invalid, nil, "This bridge has no public address, so nobody could reach the playlist: set SONGFERRY_URL first.")
		}
		lists, err := b.freshList(ctx, t.Err, c.Account)
		if err != nil {
			return err
		}
		l, err := choose(lists, c.Playlist)
		if err != nil {
			return err
		}
		if l.Publication, err = b.store.Publish(ctx, l.ID, audience); err != nil {
			return err
		}
		if c.JSON {
			return printJSON(t.Out, b.playlistRow(l))
		}
		b.sayPublished(t.Out, c.Account, l)
		return nil
	})
}

// choose finds a playlist by its ID or its name.
func choose(lists []playlists.Listed, wanted string) (playlists.Listed, error) {
	found := named(lists, wanted, func(l playlists.Listed) []string { return []string{string(l.ID), l.Name} })
	switch len(found) {
	case 0:
		return playlists.Listed{}, playlists.Problemf(playlists.NotFound, nil, "There is no playlist %q among those this account owns on its music server. To see them: songferry playlist list --account NAME.", wanted)
	case 1:
		return found[0], nil
	}
	return playlists.Listed{}, playlists.Problemf(playlists.Invalid, nil, "There are %d playlists named %q: name the ID of one (%s, %s, …).", len(found), wanted, found[0].ID, found[1].ID)
}

func (b *bridge) sayPublished(w io.Writer, account string, l playlists.Listed) {
	handle, page := b.address(l.Publication)
	switch l.Publication.Audience {
	case playlists.Private:
		fmt.Fprintf(w, "%q is private now. Copies that others made stay with them.\n", l.Name)
	case playlists.Link:
		fmt.Fprintf(w, "%q can be seen by everyone who has this link:\n  %s\n", l.Name, page)
	case playlists.Followers:
		fmt.Fprintf(w, "%q can be seen by followers that you approve:\n  %s  %s\nTo see who asks: songferry follower list --account %s %q\n", l.Name, handle, page, account, l.Name)
	case playlists.Unlisted:
		fmt.Fprintf(w, "%q can be seen and followed by everyone who knows its address:\n  %s  %s\n", l.Name, handle, page)
	default:
		fmt.Fprintf(w, "%q can be seen and followed by everyone:\n  %s  %s\n", l.Name, handle, page)
	}
}
