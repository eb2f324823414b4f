package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/songferry/songferry/federation"
	"github.com/songferry/songferry/playlists"
)

// newsCommands is what an owner does with the posts that people on microblogs read.
type newsCommands struct {
	List     newsList     `cmd:"" help:"Show what the next posts will say, and how the last ones were received."`
	Hold     newsHold     `cmd:"" help:"Keep the next post about a playlist back."`
	Release  newsRelease  `cmd:"" help:"Let a post that was held go."`
	Drop     newsDrop     `cmd:"" help:"Forget what the next post about a playlist would say."`
	TakeBack newsTakeBack `cmd:"" help:"Delete a post that was sent. Other servers comply as they please."`
	Set      newsSet      `cmd:"" help:"Choose whether a playlist makes posts, how many a day, and with the cover or not."`
	Limit    newsLimit    `cmd:"" help:"Choose how many posts a day an account makes about all its playlists."`
}

const sentShown = 10 // posts that the list shows

type newsList struct {
	Account string `required:"" env:"SONGFERRY_ACCOUNT" placeholder:"NAME" help:"Whose posts."`
	JSON    bool   `name:"json" help:"For scripts."`
}

// newsRows is what `news list --json` prints.
type newsRows struct {
	PerDay  int       `json:"perDay"`
	Mention bool      `json:"mention"`
	Next    []nextRow `json:"next"`
	Sent    []sentRow `json:"sent"`
}

type nextRow struct {
	Playlist string    `json:"playlist"`
	ID       string    `json:"id"`
	Mode     string    `json:"mode"`
	PerDay   int       `json:"perDay"`
	Cover    bool      `json:"cover"`
	Held     bool      `json:"held"`
	Silent   bool      `json:"silent"`
	Due      time.Time `json:"due,omitzero"`
	Text     string    `json:"text,omitempty"`
}

type sentRow struct {
	ID      string    `json:"id"`
	At      time.Time `json:"at"`
	Deleted bool      `json:"deleted"`
	Likes   int       `json:"likes"`
	Shares  int       `json:"shares"`
	Replies int       `json:"replies"`
	Text    string    `json:"text,omitempty"`
}

func (c newsList) Run(ctx context.Context, s *Settings, t terminal) error {
	return withBridge(ctx, s, t, func(b *bridge) error {
		a, err := b.account(ctx, c.Account)
		if err != nil {
			return err
		}
		rows, err := b.newsRows(ctx, a)
		if err != nil {
			return err
		}
		if c.JSON {
			return printJSON(t.Out, rows)
		}
		rows.print(t.Out)
		return nil
	})
}

func (b *bridge) newsRows(ctx context.Context, a playlists.Account) (newsRows, error) {
	rows := newsRows{Next: []nextRow{}, Sent: []sentRow{}}
	limits, err := b.fed.NewsLimitsOf(ctx, a.ID)
	if err != nil {
		return rows, err
	}
	rows.PerDay, rows.Mention = limits.PerDay, limits.Mention
	next, err := b.fed.NextNewsOf(ctx, a.ID)
	if err != nil {
		return rows, err
	}
	for _, n := range next {
		rows.Next = append(rows.Next, nextRow{Playlist: n.Name, ID: string(n.Playlist), Mode: string(n.Settings.Mode), PerDay: n.Settings.PerDay,
			Cover: n.Settings.Cover, Held: n.Held, Silent: n.Silent, Due: inSeconds(n.Due), Text: n.Text})
	}
	sent, err := b.fed.SentNewsOf(ctx, a.ID, sentShown)
	for _, p := range sent {
		rows.Sent = append(rows.Sent, sentRow{ID: p.ID, At: inSeconds(p.Published), Deleted: !p.Deleted.IsZero(),
			Likes: p.Likes, Shares: p.Shares, Replies: p.Replies, Text: p.Text})
	}
	return rows, err
}

// inSeconds is a time as scripts get it; a fraction tells them nothing.
func inSeconds(t time.Time) time.Time { return t.UTC().Truncate(time.Second) }

// byTheClock is a time as people get it, by the clock of this machine.
func byTheClock(t time.Time) string { return t.Local().Format("2006-01-02 15:04") }

func (r newsRows) print(w io.Writer) {
	if len(r.Next) == 0 {
		fmt.Fprintln(w, "No playlist of this account is on the fediverse, so there are no posts.")
	}
	for _, n := range r.Next {
		fmt.Fprintf(w, "%s: %s\n", n.Playlist, n.state())
		if n.Text != "" {
			fmt.Fprintf(w, "  | %s\n", strings.NewReplacer("\n\n", "\n  | ", "\n", "\n  | ").Replace(n.Text))
		}
	}
	for _, s := range r.Sent {
		first, _, _ := strings.Cut(s.Text, "\n")
		if s.Deleted {
			first = "(taken back)"
		}
		fmt.Fprintf(w, "sent %s  %s  %s  %s, %s, %s\n", byTheClock(s.At), s.ID, first, count(s.Likes, "like"), count(s.Shares, "boost"), replies(s.Replies))
	}
}

func replies(n int) string {
	if n == 1 {
		return "1 reply"
	}
	return fmt.Sprintf("%d replies", n)
}

func (n nextRow) state() string {
	switch {
	case n.Mode == string(federation.NewsOff):
		return "makes no posts"
	case n.Silent:
		return "makes no posts, because a rule fills it; `songferry news set --posts on` changes that"
	case n.Text == "":
		return "nothing to tell"
	case n.Held:
		return "held, until you release or drop it"
	}
	return "next post, at " + byTheClock(n.Due)
}

// with runs fn on the playlist that is named.
func (c followed) with(ctx context.Context, s *Settings, t terminal, fn func(*bridge, playlists.Listed) error) error {
	return withBridge(ctx, s, t, func(b *bridge) error {
		l, err := c.listed(ctx, b)
		if err != nil {
			return err
		}
		return fn(b, l)
	})
}

type newsHold struct{ followed }

func (c newsHold) Run(ctx context.Context, s *Settings, t terminal) error {
	return c.with(ctx, s, t, func(b *bridge, l playlists.Listed) error {
		if err := b.fed.HoldNews(ctx, l.ID, true); err != nil {
			return err
		}
		fmt.Fprintf(t.Out, "%s: the next post waits until you release it. What is added meanwhile joins it.\n", l.Name)
		return nil
	})
}

type newsRelease struct{ followed }

func (c newsRelease) Run(ctx context.Context, s *Settings, t terminal) error {
	return c.with(ctx, s, t, func(b *bridge, l playlists.Listed) error {
		if err := b.fed.HoldNews(ctx, l.ID, false); err != nil {
			return err
		}
		fmt.Fprintf(t.Out, "%s: the next post goes out as usual.\n", l.Name)
		return nil
	})
}

type newsDrop struct{ followed }

func (c newsDrop) Run(ctx context.Context, s *Settings, t terminal) error {
	return c.with(ctx, s, t, func(b *bridge, l playlists.Listed) error {
		if err := b.fed.DropNews(ctx, l.ID); err != nil {
			return err
		}
		fmt.Fprintf(t.Out, "%s: nothing is told of what was added so far.\n", l.Name)
		return nil
	})
}

type newsTakeBack struct {
	Account string `required:"" env:"SONGFERRY_ACCOUNT" placeholder:"NAME" help:"Whose post."`
	ID      string `arg:"" help:"Its ID, as the list shows it."`
}

func (c newsTakeBack) Run(ctx context.Context, s *Settings, t terminal) error {
	return withBridge(ctx, s, t, func(b *bridge) error {
		a, err := b.account(ctx, c.Account)
		if err != nil {
			return err
		}
		if err := b.fed.TakeBack(ctx, a.ID, c.ID); err != nil {
			return err
		}
		fmt.Fprintln(t.Out, "It is deleted here. The servers that got it are told as soon as `songferry serve` runs.")
		return nil
	})
}

// newsSet and newsLimit leave as it is what is not given.
type newsSet struct {
	followed
	Mode   *string `name:"posts" placeholder:"WHEN" enum:"auto,on,off" help:"auto: unless a rule fills the playlist (a smart playlist); on; off."`
	PerDay *int    `placeholder:"N" help:"Posts in 24 hours; 1 if nothing was chosen."`
	Cover  *bool   `negatable:"" help:"Show a cover, and attach it to posts. Mastodon then shows no preview of the page. The cover is made of those in your library."`
}

func (c newsSet) Run(ctx context.Context, s *Settings, t terminal) error {
	return c.with(ctx, s, t, func(b *bridge, l playlists.Listed) error {
		set, err := b.fed.NewsSettingsOf(ctx, l.ID)
		if err != nil {
			return err
		}
		if c.Mode != nil {
			set.Mode = federation.NewsMode(*c.Mode)
		}
		override(&set.PerDay, c.PerDay)
		override(&set.Cover, c.Cover)
		if err := b.fed.SetNews(ctx, l.ID, set); err != nil {
			return err
		}
		fmt.Fprintf(t.Out, "%s: %s.\n", l.Name, postsUnder(set))
		if set.Cover {
			fmt.Fprintln(t.Out, "Its cover is made when `songferry serve` next reads your music server, unless the audience is followers.")
		}
		return nil
	})
}

func postsUnder(set federation.NewsSettings) string {
	few := fmt.Sprintf("at most %s in 24 hours", count(set.PerDay, "post"))
	switch {
	case set.Mode == federation.NewsOff || set.PerDay == 0:
		return "no posts"
	case set.Mode == federation.NewsAuto:
		return few + ", none if a rule fills the playlist"
	}
	return few
}

// override replaces a value by one that was given.
func override[T any](value, given *T) {
	if given != nil {
		*value = *given
	}
}

type newsLimit struct {
	Account string `required:"" env:"SONGFERRY_ACCOUNT" placeholder:"NAME" help:"Whose posts."`
	PerDay  *int   `help:"Posts in 24 hours about all playlists together; 3 if nothing was chosen."`
	Mention *bool  `negatable:"" help:"Name the account's own fediverse account in each post, so that replies reach a human. It must be proven first."`
}

func (c newsLimit) Run(ctx context.Context, s *Settings, t terminal) error {
	return withBridge(ctx, s, t, func(b *bridge) error {
		a, err := b.account(ctx, c.Account)
		if err != nil {
			return err
		}
		limits, err := b.fed.NewsLimitsOf(ctx, a.ID)
		if err != nil {
			return err
		}
		override(&limits.PerDay, c.PerDay)
		override(&limits.Mention, c.Mention)
		if err := b.fed.SetNewsLimits(ctx, a.ID, limits); err != nil {
			return err
		}
		fmt.Fprintf(t.Out, "%s: at most %s in 24 hours about all playlists.\n", a.Called(), count(limits.PerDay, "post"))
		if !limits.Mention {
			return nil
		}
		proven, err := b.fed.ProvenHandle(ctx, a.ID)
		if err != nil {
			return err
		}
		if proven == "" {
			fmt.Fprintf(t.Out, "They name your own fediverse account once it is proven:\n  songferry account prove --account %s @somebody@mastodon.example\n", asArgument(a))
			return nil
		}
		fmt.Fprintf(t.Out, "Each names %s.\n", proven)
		return nil
	})
}
