package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/songferry/songferry/federation"
	"github.com/songferry/songferry/playlists"
)

type followerCommands struct {
	List    followerList   `cmd:"" help:"List who follows a playlist or an account, and who waits for approval."`
	Approve followerDecide `cmd:"" help:"Approve a follower of a playlist or an account."`
	Remove  followerRemove `cmd:"" help:"Refuse or remove a follower of a playlist or an account."`
}

// followed names a published playlist by its owner and its name or ID.
type followed struct {
	Account  string `required:"" env:"SONGFERRY_ACCOUNT" placeholder:"NAME" help:"Whose playlist."`
	Playlist string `arg:"" help:"Its name or ID."`
}

// ofAccount is what the commands about followers say besides: an account has followers as its playlists have.
const ofAccount = "Instead of a playlist, @NAME stands for the account NAME itself, which people follow for all its public playlists."

// listed returns the playlist itself.
func (c followed) listed(ctx context.Context, b *bridge) (playlists.Listed, error) {
	a, err := b.account(ctx, c.Account)
	if err != nil {
		return playlists.Listed{}, err
	}
	lists, err := b.store.List(ctx, a.ID)
	if err != nil {
		return playlists.Listed{}, err
	}
	return choose(lists, c.Playlist)
}

// isAccount reports whether the account itself is named, in the place of one of its playlists.
func (c followed) isAccount() bool { return c.Playlist == "@"+c.Account }

// publication returns how the playlist is published now; one without followers by its nature is refused. Of an account
// itself there is only the PublicID.
func (c followed) publication(ctx context.Context, b *bridge) (playlists.Publication, error) {
	if c.isAccount() {
		a, err := b.account(ctx, c.Account)
		return playlists.Publication{PublicID: a.PublicID}, err
	}
	l, err := c.listed(ctx, b)
	if err == nil && !l.Publication.Audience.Federated() {
		err = playlists.Problemf(playlists.Invalid, nil, "%q has no followers: its audience is %s.", l.Name, l.Publication.Audience)
	}
	return l.Publication, err
}

type followerList struct {
	followed
	JSON bool `name:"json" help:"For scripts."`
}

func (followerList) Help() string { return ofAccount }

func (c followerList) Run(ctx context.Context, s *Settings, t terminal) error {
	return withBridge(ctx, s, t, func(b *bridge) error {
		pub, err := c.publication(ctx, b)
		if err != nil {
			return err
		}
		followers, err := b.fed.Followers(ctx, pub.PublicID)
		if err != nil {
			return err
		}
		rows := []followerRow{}
		for _, f := range followers {
			rows = append(rows, followerRow{ID: f.ID, Handle: b.handleOf(ctx, f), Approved: f.Approved, Page: f.Page})
		}
		if c.JSON {
			return printJSON(t.Out, rows)
		}
		c.print(t.Out, rows)
		return nil
	})
}

type followerRow struct {
	ID       string `json:"id"`
	Handle   string `json:"handle"`
	Approved bool   `json:"approved"`
	Page     bool   `json:"page"` // it has a personal link to the page
}

// called is the name that people know a follower by, as far as there is one.
func (r followerRow) called() string { return cmp.Or(r.Handle, r.ID) }

func (c followerList) print(w io.Writer, rows []followerRow) {
	if len(rows) == 0 {
		fmt.Fprintln(w, "Nobody follows it yet.")
	}
	waiting := ""
	for _, r := range rows {
		state := "approved"
		if !r.Approved {
			state, waiting = "waits for approval", r.called()
		}
		if r.Page {
			state += ", has a page of its own"
		}
		fmt.Fprintf(w, "%s  %s\n", r.called(), state)
	}
	if waiting != "" {
		fmt.Fprintf(w, "To approve one:\n  songferry follower approve --account %s %q %s\nTo refuse it, the same with remove.\n", c.Account, c.Playlist, waiting)
	}
}

// handleOf returns the handle of a follower, who may be an account of this bridge.
func (b *bridge) handleOf(ctx context.Context, f federation.Follower) string {
	if a, err := b.store.Account(ctx, playlists.ID(f.ID)); err == nil && b.origin() != nil {
		return b.handleAt(a)
	}
	return f.Handle
}

// followerNamed returns the id of the follower that a person means by a handle or by the id itself.
func (b *bridge) followerNamed(ctx context.Context, actor, name string) (string, error) {
	followers, err := b.fed.Followers(ctx, actor)
	for _, f := range followers {
		if name == f.ID || "@"+strings.TrimPrefix(name, "@") == b.handleOf(ctx, f) {
			return f.ID, nil
		}
	}
	return name, err
}

type followerDecide struct {
	followed
	Follower string `arg:"" help:"The follower, as the list shows it."`
}

func (followerDecide) Help() string { return ofAccount }

func (c followerDecide) Run(ctx context.Context, s *Settings, t terminal) error {
	return decideFollower(ctx, s, t, c, true)
}

type followerRemove struct{ followerDecide }

func (c followerRemove) Run(ctx context.Context, s *Settings, t terminal) error {
	return decideFollower(ctx, s, t, c.followerDecide, false)
}

func decideFollower(ctx context.Context, s *Settings, t terminal, c followerDecide, approve bool) error {
	if c.Follower == "" {
		return playlists.Problemf(playlists.Invalid, nil, "Name the follower, as `songferry follower list` shows it.")
	}
	return withBridge(ctx, s, t, func(b *bridge) error {
		pub, err := c.publication(ctx, b)
		if err != nil {
			return err
		}
		id, err := b.followerNamed(ctx, pub.PublicID, c.Follower)
		if err != nil {
			return err
		}
		if err := b.fed.Decide(ctx, pub.PublicID, id, approve); err != nil {
			return err
		}
		fmt.Fprintf(t.Out, c.decided(approve), c.Follower)
		return nil
	})
}

// decided says what was decided, with a place for the follower.
func (c followed) decided(approve bool) string {
	switch {
	case !approve && c.isAccount():
		return "%s does not follow the account any more. What they copied stays with them.\n"
	case !approve:
		return "%s does not follow the playlist any more. What they copied stays with them.\n"
	case c.isAccount():
		return "%s follows the account now. They are told as soon as `songferry serve` runs.\n"
	}
	return "%s may see the playlist now. They are told as soon as `songferry serve` runs.\n"
}
