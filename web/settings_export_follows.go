package web

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/songferry/songferry/federation"
	"github.com/songferry/songferry/playlists"
)

// following writes the copies, and whom and what the person follows.
func (e export) following(ctx context.Context) error {
	wants, err := e.Store.AccountWants(ctx, e.account.ID)
	if err != nil {
		return err
	}
	rows := [][]string{{"what", "target", "mode", "found", "of", "since"}}
	for i, w := range wants {
		if !w.Ended.IsZero() {
			continue
		}
		if p, err := e.copied(ctx, w); w.Reads() {
			if err := e.playlist("copies", i, p, err); err != nil {
				return err
			}
		}
		rows = append(rows, []string{"playlist", w.Target, string(w.Mode), strconv.Itoa(w.Found), strconv.Itoa(w.Total), w.Created.Format(time.RFC3339)})
	}
	persons, err := e.Store.PersonWants(ctx, e.account.ID)
	if err != nil {
		return err
	}
	for _, p := range persons {
		rows = append(rows, []string{"person", p.Target, string(playlists.Sync), "", "", p.Created.Format(time.RFC3339)})
	}
	return e.table("following.csv", func(row func(...string) error) error {
		for _, r := range rows {
			if err := row(r...); err != nil {
				return err
			}
		}
		return nil
	})
}

// copied returns what a copy is of. What others may not see any more was pinned before.
func (e export) copied(ctx context.Context, w playlists.Want) (playlists.Playlist, error) {
	if w.Mode == playlists.Once && w.Pinned > 0 {
		return e.Store.Version(ctx, w.Playlist, w.Pinned)
	}
	return e.Store.Get(ctx, w.Playlist)
}

// followers writes who follows the person and each playlist.
func (e export) followers(ctx context.Context) error {
	actors, names := []string{}, map[string]string{}
	if e.account.Handle != "" {
		actors, names[e.account.PublicID] = append(actors, e.account.PublicID), ""
	}
	own, err := e.Store.List(ctx, e.account.ID)
	if err != nil {
		return err
	}
	for _, l := range own {
		if l.Publication.Audience.Federated() {
			actors, names[l.Publication.PublicID] = append(actors, l.Publication.PublicID), l.Name
		}
	}
	return e.table("followers.csv", func(row func(...string) error) error {
		if err := row("playlist", "follower", "address", "approved"); err != nil {
			return err
		}
		for _, actor := range actors {
			err := e.Fed.EachFollower(ctx, actor, func(f federation.Follower) error {
				return row(names[actor], acct(f.Handle), f.ID, strconv.FormatBool(f.Approved))
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// acct writes a handle as an address (RFC 7565): a spreadsheet would take what begins with an @ for a formula.
func acct(handle string) string {
	if handle == "" {
		return ""
	}
	return "acct:" + strings.TrimPrefix(handle, "@")
}
